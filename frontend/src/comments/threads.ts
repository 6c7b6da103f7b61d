/** Threads as they are told, sorted and searched. Pure. */

export interface Person {
  id: string;
  name: string;
  initials: string;
}

export interface Comment {
  id: string;
  person: Person;
  text: string;
  at: string;
  place: "draft" | "review" | "version";
  place_number: number;
  mentions: Person[];
}

/** What is said about one element, with the name and kind it had when the thread was opened. */
export interface Thread {
  id: string;
  element: string;
  element_name: string;
  element_kind: string;
  opened_at: string;
  resolved_at: string | null;
  resolved_by: Person | null;
  comments: Comment[];
}

export interface Talk {
  process: { id: string; key: string; name: string };
  threads: Thread[];
  unread: string[];
  may_comment: boolean;
  may_resolve: boolean;
}

export type Filter = "open" | "resolved";

/** The threads of one element, oldest first. */
export interface Group {
  element: string;
  name: string;
  kind: string;
  threads: Thread[];
}

/** Returns the threads that a filter lets through. */
export function sifted(threads: readonly Thread[], filter: Filter): Thread[] {
  return threads.filter((thread) => (thread.resolved_at === null) === (filter === "open"));
}

/**
 * Returns threads by element: that of the chosen one first, then the one last opened. An answer moves nothing, so that
 * nobody loses their place while others write.
 */
export function grouped(threads: readonly Thread[], chosen: string | null): Group[] {
  const groups = new Map<string, Thread[]>();
  for (const thread of threads) groups.set(thread.element, [...(groups.get(thread.element) ?? []), thread]);
  const newest = (group: Group) => group.threads.at(-1)?.opened_at ?? "";
  return [...groups]
    .map(([element, found]) => {
      const ordered = found.sort((one, other) => one.opened_at.localeCompare(other.opened_at));
      const last = ordered.at(-1);
      return { element, name: last?.element_name ?? "", kind: last?.element_kind ?? "", threads: ordered };
    })
    .sort((one, other) => Number(other.element === chosen) - Number(one.element === chosen) || newest(other).localeCompare(newest(one)));
}

/** Returns how many threads are open about each element. */
export function openCounts(threads: readonly Thread[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { element } of sifted(threads, "open")) counts.set(element, (counts.get(element) ?? 0) + 1);
  return counts;
}

/** Returns the comments that were not there before. */
export function fresh(before: readonly Thread[], after: readonly Thread[]): { thread: Thread; comment: Comment }[] {
  const known = new Set(before.flatMap((thread) => thread.comments.map((comment) => comment.id)));
  return after.flatMap((thread) => thread.comments.filter((comment) => !known.has(comment.id)).map((comment) => ({ thread, comment })));
}

const LONGEST_NAME = 60;

/** Returns the name that is being written behind an @, and where it begins; null where there is none. */
export function begunName(text: string, caret: number): { from: number; name: string } | null {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from > LONGEST_NAME) return null;
  const name = text.slice(from + 1, caret);
  const stands = from === 0 || /[\s(]/.test(text[from - 1] ?? "");
  return stands && /^(\S+ ?){0,3}$/.test(name) ? { from, name } : null;
}

/** Returns those of the persons whom a text names as @Name. */
export function namedIn(text: string, people: Iterable<Person>): Person[] {
  return [...people].filter((person) => text.includes(`@${person.name}`));
}

/** Cuts a text at the names of those whom it mentions. */
export function pieces(text: string, mentions: readonly Person[]): { words: string; isName: boolean }[] {
  const names = mentions.map((person) => `@${person.name}`).sort((one, other) => other.length - one.length);
  if (!names.length) return [{ words: text, isName: false }];
  const pattern = new RegExp(`(${names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`);
  return text
    .split(pattern)
    .filter(Boolean)
    .map((words) => ({ words, isName: names.includes(words) }));
}
