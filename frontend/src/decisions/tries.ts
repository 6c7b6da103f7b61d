/** The inputs a decision is tried with: a field for each, and what is typed as a value of FEEL. */
import { h } from "../ui/dom";
import { gettext } from "../ui/words";

export interface Asked {
  name: string;
  type: string;
  choices: string[];
}

const TYPES: Record<string, string> = { date: "date", time: "time", dateTime: "datetime-local" };
const TEMPORAL: Record<string, string> = { date: "date", time: "time", dateTime: "dateTime", dayTimeDuration: "duration", yearMonthDuration: "duration" };

/** Draws the field of an input. */
export function field(asked: Asked, value: string): HTMLElement {
  const id = `try-${asked.name.replaceAll(/\W+/g, "-")}`;
  const type = asked.type.replace(/^.*:/, "");
  const options = type === "boolean" ? ["true", "false"] : asked.choices;
  const input = options.length
    ? h("select", { id, name: asked.name, class: "input", "data-type": type || "string" }, h("option", { value: "" }, gettext("not given")), ...options.map((each) => h("option", { value: each, selected: each === value }, each)))
    : h("input", { id, name: asked.name, class: "input", value, "data-type": type, autocomplete: "off", ...(TYPES[type] ? { type: TYPES[type] } : type === "number" ? { inputmode: "decimal" } : {}) });
  return h("div", { class: "field" }, h("label", { for: id }, asked.name), input);
}

/** Returns what was typed as the API takes it; nothing for an empty field. Untyped text is guessed. */
export function typedValue(type: string, text: string): unknown {
  const told = text.trim();
  if (told === "") return undefined;
  if (TEMPORAL[type]) return { t: TEMPORAL[type], v: told };
  if (type === "boolean") return told === "true";
  if (type === "string") return told;
  if (/^[+-]?\d+(\.\d+)?$/.test(told)) return { t: "num", v: told };
  if (type === "number") return told;
  if (told === "true" || told === "false") return told === "true";
  if (/^\d{4}-\d{2}-\d{2}$/.test(told)) return { t: "date", v: told };
  return readJson(told);
}

/** A list or a context may be typed as JSON; a text may stand in quotation marks, or not. */
function readJson(text: string): unknown {
  if (!/^[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
