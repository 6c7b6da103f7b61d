/** What happened in a trial, line by line, each with what there is to see of it. */
import { h, icon } from "../ui/dom";
import { clockWords } from "../ui/times";
import { gettext } from "../ui/words";
import type { Json, Line } from "./shapes";

const SIGNS = { plain: "right", fail: "x", wait: "pause", done: "check" } as const;

/** Draws the lines; one that is pressed shows its step on the diagram. */
export function drawStory(lines: readonly Line[], choose: (element: string) => void): HTMLElement {
  if (!lines.length) return h("p", { class: "section muted small" }, gettext("Nothing has happened yet. Fill in the start at the left, then begin."));
  return h("ol", { class: "sandbox-lines" }, ...lines.map((line) => row(line, choose)));
}

function row(line: Line, choose: (element: string) => void): HTMLElement {
  if (line.kind === "set") return h("li", { class: "sandbox-line is-plain" }, h("time", { datetime: line.at }, clockWords(Date.parse(line.at), true)), icon(SIGNS.plain), h("details", {}, h("summary", {}, line.words), values(line.facts["values"])));
  const words = line.element ? h("button", { type: "button", class: "btn-link", onclick: () => choose(line.element) }, line.words) : h("span", {}, line.words);
  const shown = details(line.facts);
  return h("li", { class: `sandbox-line is-${line.tone}` }, h("time", { datetime: line.at }, clockWords(Date.parse(line.at), true)), icon(SIGNS[line.tone]), h("div", {}, words, shown));
}

/** The values behind a line: what a decision saw and which rules gave what, or what was set. */
function details(facts: Json): HTMLElement | null {
  const record = facts["record"];
  const shown = record === undefined ? facts["variables"] : plain(record);
  if (shown === undefined || JSON.stringify(shown) === "{}") return null;
  return h("details", {}, h("summary", {}, record === undefined ? gettext("Values") : gettext("What was decided")), values(shown));
}

function values(shown: unknown): HTMLElement {
  return h("pre", { class: "sandbox-json" }, JSON.stringify(shown, null, 2));
}

/** Values of a record carry their types; here they are read, not computed with. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0));
  if (entries.length === 2 && "t" in value && "v" in value) return plain(value.v);
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]));
}
