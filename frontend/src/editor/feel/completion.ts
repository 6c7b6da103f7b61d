/** What can be written at a place of an expression: variables, their parts, functions. Pure. */
// Names of the language, the same in every language of the page; the engine knows more of them.
import functionsOffered from "./functions.json";

export interface Offer {
  /** What is put in place of what is typed. */
  text: string;
  /** What it is, in a word or two. */
  told: string;
  /** Where the caret goes, counted from the end of the text. */
  back: number;
}

export interface Completion {
  /** Where what is typed begins. */
  from: number;
  offers: readonly Offer[];
}

const MOST = 8;
const WORD = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]*)*$/u;

/** Returns what fits what is typed before the caret, or null where nothing does. */
export function complete(text: string, caret: number, variables: readonly { name: string; told: string }[], sample: Readonly<Record<string, unknown>>): Completion | null {
  const before = text.slice(0, caret);
  if (isInText(before)) return null;
  const typed = WORD.exec(before)?.[0] ?? "";
  const path = typed.split(".");
  const last = path.pop() ?? "";
  const offers = path.length ? parts(path, sample) : [...variables.map(({ name, told }) => ({ text: name, told, back: 0 })), ...(typed ? functions() : [])];
  const fitting = offers.filter((each) => each.text.toLowerCase().startsWith(last.toLowerCase()) && each.text !== last);
  return fitting.length ? { from: caret - last.length, offers: fitting.slice(0, MOST) } : null;
}

/** Inside of quotes nothing is offered: that is a text. */
function isInText(before: string): boolean {
  return (before.replaceAll(/\\./g, "").match(/"/g)?.length ?? 0) % 2 === 1;
}

/** The keys of a value that a sample has at this path. */
function parts(path: readonly string[], sample: Readonly<Record<string, unknown>>): Offer[] {
  const at = path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), sample);
  const found: unknown = Array.isArray(at) ? at[0] : at;
  return isRecord(found) ? Object.entries(found).map(([name, value]) => ({ text: name, told: kindOf(value), back: 0 })) : [];
}

function functions(): Offer[] {
  return functionsOffered.map(({ name, takes }) => ({ text: `${name}()`, told: `(${takes})`, back: takes ? 1 : 0 }));
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return value === null ? "null" : isRecord(value) ? "context" : typeof value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
