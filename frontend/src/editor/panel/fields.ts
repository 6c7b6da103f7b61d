/** The controls of the properties panel. A text that cannot be read stays typed, and says why. */
import type { Read } from "../../bpmn/durations";
import { h, icon } from "../../ui/dom";
import { gettext } from "../../ui/words";

/** Texts that were typed and could not be committed, by element and field. */
export class Pending {
  private readonly texts = new Map<string, { text: string; error: string }>();

  get(key: string): { text: string; error: string } | undefined {
    return this.texts.get(key);
  }

  set(key: string, text: string, error: string): void {
    this.texts.set(key, { text, error });
  }

  clear(key: string): void {
    this.texts.delete(key);
  }
}

export interface TextField {
  key: string;
  label: string;
  value: string;
  commit: (value: string) => void;
  /** Reads what was typed; without it any text is taken. */
  read?: (text: string) => Read;
  hint?: string;
  placeholder?: string;
  optional?: boolean;
  lines?: number;
  mono?: boolean;
  /** An expression: always, or where the text is marked as one by `=`. */
  feel?: "always" | "marked";
  /** What is offered while typing; any other text may be written. */
  suggestions?: readonly string[];
}

/** A control without a label of its own, for rows of a list; the label is spoken. */
export type Cell = Pick<TextField, "key" | "label" | "value" | "commit" | "mono" | "feel">;

export interface Choice {
  value: string;
  label: string;
}

/** Makes the fields of one element; keys are unique within it. */
export class Fields {
  constructor(
    private readonly scope: string,
    private readonly pending: Pending,
    private readonly readOnly: boolean,
  ) {}

  text(field: TextField): HTMLElement {
    const key = `${this.scope}:${field.key}`;
    const id = `field-${field.key}`;
    const typed = this.pending.get(key);
    const shown = typed?.text ?? field.value;
    const common = {
      id,
      class: field.mono ? "input--mono" : null,
      "data-field": field.key,
      placeholder: field.placeholder,
      readonly: this.readOnly,
      spellcheck: field.mono ? "false" : null,
      "aria-invalid": typed ? "true" : null,
      "data-feel": field.feel,
      list: field.suggestions?.length ? `${id}-list` : null,
      "aria-describedby": typed || field.hint !== undefined ? `${id}-note` : null,
    };
    const control = field.lines ? h("textarea", { ...common, rows: field.lines }) : h("input", { ...common, type: "text", autocomplete: "off" });
    onLeave(control, shown, (text) => this.take(field, key, text));
    return h(
      "div",
      { class: typed ? "field field--error" : "field" },
      h("label", { for: id }, field.label, " ", field.optional === true && h("span", { class: "optional" }, gettext("optional"))),
      control,
      field.suggestions?.length ? h("datalist", { id: `${id}-list` }, ...field.suggestions.map((value) => h("option", { value }))) : null,
      typed ? h("p", { class: "error", id: `${id}-note` }, icon("warn"), h("span", {}, typed.error)) : field.hint !== undefined && h("p", { class: "hint", id: `${id}-note` }, field.hint),
    );
  }

  select(key: string, label: string, value: string, choices: readonly Choice[], commit: (value: string) => void, hint?: string): HTMLElement {
    const id = `field-${key}`;
    const control = this.options({ id, "data-field": key }, value, choices, commit);
    return h("div", { class: "field" }, h("label", { for: id }, label), control, hint !== undefined && h("p", { class: "hint" }, hint));
  }

  /** A choice without a label of its own, for rows of a list; the label is spoken. */
  choice(key: string, label: string, value: string, choices: readonly Choice[], commit: (value: string) => void): HTMLElement {
    return this.options({ class: "input", "data-field": key, "aria-label": label }, value, choices, commit);
  }

  private options(attributes: Record<string, string>, value: string, choices: readonly Choice[], commit: (value: string) => void): HTMLElement {
    const known = choices.some((choice) => choice.value === value) ? choices : [...choices, { value, label: value }];
    const control = h(
      "select",
      { ...attributes, disabled: this.readOnly },
      ...known.map((choice) => h("option", { value: choice.value, selected: choice.value === value }, choice.label)),
    );
    control.addEventListener("change", () => commit(control.value));
    return control;
  }

  check(key: string, label: string, checked: boolean, commit: (checked: boolean) => void, hint?: string): HTMLElement {
    const control = h("input", { type: "checkbox", "data-field": key, disabled: this.readOnly });
    control.checked = checked;
    control.addEventListener("change", () => commit(control.checked));
    return h("label", { class: "choice" }, control, h("span", {}, label, hint !== undefined && h("small", {}, hint)));
  }

  button(label: string, act: () => void, sign = "plus"): HTMLElement | null {
    if (this.readOnly) return null;
    return h("button", { type: "button", class: "btn btn--small", onclick: act }, icon(sign), label);
  }

  remove(label: string, act: () => void): HTMLElement | null {
    if (this.readOnly) return null;
    return h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": label, title: label, onclick: act }, icon("x"));
  }

  cell({ key, label, value, commit, mono, feel }: Cell): HTMLInputElement {
    const control = h("input", { type: "text", class: mono ? "input input--mono" : "input", "data-field": key, "data-feel": feel, "aria-label": label, placeholder: label, readonly: this.readOnly, autocomplete: "off" });
    onLeave(control, value, (text) => commit(text.trim()));
    return control;
  }

  private take(field: TextField, key: string, text: string): void {
    const read: Read = field.read ? field.read(text) : { ok: true, value: field.lines ? text : text.trim() };
    if (!read.ok) {
      this.pending.set(key, text, read.error);
      document.dispatchEvent(new CustomEvent("interlock:panel"));
      return;
    }
    this.pending.clear(key);
    if (read.value === field.value) document.dispatchEvent(new CustomEvent("interlock:panel"));
    else field.commit(read.value);
  }
}

/**
 * Calls with the text when the field is left with another one than it began with. `defaultValue` is
 * that beginning: a panel drawn anew puts an unfinished text back, and such a text fires no change.
 */
function onLeave(control: HTMLInputElement | HTMLTextAreaElement, value: string, take: (text: string) => void): void {
  control.defaultValue = value;
  const leave = () => {
    if (control.value === control.defaultValue) return;
    control.defaultValue = control.value;
    take(control.value);
  };
  control.addEventListener("change", leave);
  control.addEventListener("blur", leave);
}

/** Reads a name of a variable or of another part of a program: letters, digits and underscores. */
export function readName(text: string): Read {
  const value = text.trim();
  if (value === "" || /^[A-Za-z_][\w.]*$/.test(value)) return { ok: true, value };
  return { ok: false, error: gettext("Write a name of letters, digits and underscores, for example change_id.") };
}

/** Reads a whole number within bounds, or nothing. */
export function readWhole(least: number, most: number): (text: string) => Read {
  return (text) => {
    const value = text.trim();
    const number = Number(value);
    if (value === "" || (Number.isInteger(number) && number >= least && number <= most)) return { ok: true, value };
    return { ok: false, error: gettext("Write a whole number from %(least)s to %(most)s, for example %(example)s.", { least, most, example: Math.max(least, Math.min(3, most)) }) };
  };
}
