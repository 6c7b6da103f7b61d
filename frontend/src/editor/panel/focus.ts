/** Where somebody is in the panel, kept over a drawing: the field or button, what is typed there, and the caret. */

/** Told on the panel before its fields go and after the new ones stand; who lies among them comes along. */
export const LEAVING = "interlock:panel-leaving";
export const DRAWN = "interlock:panel-drawn";

const STOPS = "summary, input, select, textarea, button, a[href]";

interface Place {
  key: string;
  /** How many stops with this key come before it, and how many stops at all. */
  among: number;
  at: number;
  typed: Typed | null;
}

interface Typed {
  /** What is not committed yet, or null. */
  unfinished: string | null;
  start: number | null;
  end: number | null;
}

/** Replaces what is in the host. Where it shows the same part as before, whoever is in it stays where they are. */
export function redraw(host: HTMLElement, contents: readonly HTMLElement[], isSame: boolean): void {
  const place = isSame ? placeIn(host) : null;
  host.dispatchEvent(new CustomEvent(LEAVING));
  host.replaceChildren(...contents);
  host.dispatchEvent(new CustomEvent(DRAWN));
  if (place && !host.contains(document.activeElement)) goTo(host, place);
}

function placeIn(host: HTMLElement): Place | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || !host.contains(active)) return null;
  const all = stopsOf(host);
  const at = all.indexOf(active);
  const key = keyOf(active);
  const typed = isText(active) ? lift(active) : null;
  return { key, at, among: all.slice(0, at).filter((each) => keyOf(each) === key).length, typed };
}

/** Takes a text out of its field. The field goes, and its going must not commit what is half typed. */
function lift(field: HTMLInputElement | HTMLTextAreaElement): Typed {
  const unfinished = field.value === field.defaultValue ? null : field.value;
  const typed = { unfinished, start: field.selectionStart, end: field.selectionEnd };
  field.defaultValue = field.value;
  return typed;
}

/** Goes to the same stop; where it is gone, to what stands in its place, so that Tab leads on from there. */
function goTo(host: HTMLElement, { key, among, at, typed }: Place): void {
  const all = stopsOf(host);
  const same = all.filter((each) => keyOf(each) === key);
  const stop = same[among] ?? same.at(-1) ?? all[Math.min(at, all.length - 1)];
  stop?.focus({ preventScroll: true });
  if (!stop || !typed || keyOf(stop) !== key || !isText(stop)) return;
  if (typed.unfinished !== null) stop.value = typed.unfinished;
  stop.setSelectionRange(typed.start, typed.end);
}

function stopsOf(host: HTMLElement): HTMLElement[] {
  return [...host.querySelectorAll<HTMLElement>(STOPS)].filter((each) => each.checkVisibility());
}

/** A field is known by its key; a button by what it says, in its group. */
function keyOf(stop: HTMLElement): string {
  const group = stop.closest("details")?.querySelector<HTMLElement>("summary")?.dataset["field"] ?? "";
  return stop.dataset["field"] ?? `${group}:${stop.getAttribute("aria-label") ?? stop.textContent}`;
}

export function isText(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.type === "text");
}
