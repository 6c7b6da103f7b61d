/** Spans as people write them and as ISO 8601 has them: 30 s and PT30S. Pure. */
import { gettext } from "../ui/words";

const EXAMPLE = gettext("Write a number with a unit, for example 30 s or 2 min.");
const MOMENT_EXAMPLE = gettext("Write a day and a time, for example 2026-12-01 06:00.");
const CYCLE_EXAMPLE = gettext("Write how often, for example every 1 h, or 3 times every 10 min.");

export type Read = { ok: true; value: string } | { ok: false; error: string };

const UNITS: Record<string, string> = {
  s: "S", sec: "S", second: "S", seconds: "S",
  m: "M", min: "M", minute: "M", minutes: "M",
  h: "H", hour: "H", hours: "H",
  d: "D", day: "D", days: "D",
  w: "W", week: "W", weeks: "W",
};
const WORDS: Record<string, string> = { S: "s", M: "min", H: "h", D: "d", W: "w" };
const SECONDS: Record<string, number> = { S: 1, M: 60, H: 3600, D: 86_400, W: 604_800 };
const ORDER = "WDHMS";
const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Reads a span: 30 s, 1 h 30 min, PT30S, or an expression that begins with `=`. */
export function readSpan(written: string): Read {
  const text = written.trim();
  if (!text) return { ok: true, value: "" };
  if (text.startsWith("=") || isIsoSpan(text)) return { ok: true, value: text };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const rest = text.replaceAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi, "").replaceAll(/[\s,]|and/g, "");
  if (!parts.length || rest) return { ok: false, error: EXAMPLE };
  const found = new Map<string, string>();
  for (const [, number = "", word = ""] of parts) {
    const unit = UNITS[word.toLowerCase()];
    if (unit === undefined || found.has(unit) || (number.includes(".") && unit !== "S")) return { ok: false, error: EXAMPLE };
    found.set(unit, number);
  }
  return { ok: true, value: toIso(found) };
}

/** Tells whether a text is an ISO span in the form that is offered: no months and years. */
export function isIsoSpan(text: string): boolean {
  return ISO.test(text) && /\d/.test(text);
}

/** Returns a span in words; what is no plain ISO span is returned as it is. */
export function sayIso(iso: string): string {
  const match = ISO.exec(iso.trim());
  if (!match || !/\d/.test(iso)) return iso;
  const words = match.slice(1).flatMap((number, index) => (number === undefined ? [] : [`${Number(number)} ${WORDS[ORDER[index] ?? ""]}`]));
  return words.join(" ");
}

/** Returns the seconds of an ISO span, or null where it is none. */
export function secondsOf(iso: string): number | null {
  const match = ISO.exec(iso.trim());
  if (!match || !/\d/.test(iso)) return null;
  return match.slice(1).reduce((sum, number, index) => sum + Number(number ?? 0) * (SECONDS[ORDER[index] ?? ""] ?? 0), 0);
}

/** Reads a moment. Without a zone it is taken as UTC, and says so when it is shown again. */
export function readMoment(written: string): Read {
  const text = written.trim();
  if (!text || text.startsWith("=")) return { ok: true, value: text };
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?\s*(Z|UTC|[+-]\d{2}:\d{2}|@[\w/+-]+)?$/.exec(text);
  if (!match) return { ok: false, error: MOMENT_EXAMPLE };
  const [, day = "", time = "", seconds = ":00", zone = "Z"] = match;
  if (Number.isNaN(Date.parse(`${day}T${time}${seconds}Z`))) return { ok: false, error: MOMENT_EXAMPLE };
  return { ok: true, value: `${day}T${time}${seconds}${zone === "UTC" ? "Z" : zone}` };
}

/** Returns a moment in words. */
export function sayMoment(iso: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::00)?(.*)$/.exec(iso.trim());
  if (!match) return iso;
  const [, day = "", time = "", zone = ""] = match;
  return `${day} ${time}${zone === "Z" ? " UTC" : zone}`;
}

/** Reads a repetition: every 1 h, 3 times every 10 min, R3/PT10M, or an expression. */
export function readCycle(written: string): Read {
  const text = written.trim();
  if (!text || text.startsWith("=") || /^R-?\d*\/.*P/.test(text)) return { ok: true, value: text };
  const match = /^(?:(\d+)\s*times?\s+)?every\s+(.+)$/i.exec(text);
  const span = match ? readSpan(match[2] ?? "") : null;
  if (!match || !span?.ok || !isIsoSpan(span.value)) return { ok: false, error: CYCLE_EXAMPLE };
  return { ok: true, value: `R${match[1] ?? ""}/${span.value}` };
}

/** Returns a repetition in words. */
export function sayCycle(iso: string): string {
  const match = /^R(-1|\d*)\/(P[^/]+)$/.exec(iso.trim());
  if (!match || !isIsoSpan(match[2] ?? "")) return iso;
  const every = `every ${sayIso(match[2] ?? "")}`;
  return match[1] && match[1] !== "-1" ? `${match[1]} times ${every}` : every;
}

function toIso(found: Map<string, string>): string {
  const part = (units: string) => [...units].filter((unit) => found.has(unit)).map((unit) => `${found.get(unit)}${unit}`).join("");
  // ISO allows weeks alone only; several units with weeks are told in days.
  if (found.has("W") && found.size > 1) {
    found.set("D", String(Number(found.get("W")) * 7 + Number(found.get("D") ?? 0)));
    found.delete("W");
  }
  const time = part("HMS");
  return `P${part("WD")}${time ? `T${time}` : ""}`;
}
