/** What can be said of one component, as fields at the right of the builder. */
import { h } from "../ui/dom";
import { gettext } from "../ui/words";
import { CHOOSING, type Component, kindOf, put, renamed, type Schema } from "./schema";

type Edit = (edit: (component: Component) => Component) => void;

interface Line {
  label: string;
  value: string;
  set: (text: string) => void;
  hint?: string;
  mono?: boolean;
  rows?: number;
}

/** Draws the fields for a component. `edit` changes it as it is by then. */
export function properties(component: Component, schema: Schema, edit: Edit): HTMLElement[] {
  const type = component.type;
  const text = textOf(component, edit);
  const groups: (HTMLElement | null)[] = [
    type === "text" ? line({ label: gettext("Words"), value: component.text ?? "", rows: 6, set: (words) => edit((now) => ({ ...now, text: words })), hint: gettext("# begins a heading, * an item of a list, **bold**, {{name}} shows a variable.") }) : null,
    hasLabel(type) ? line({ label: gettext("Label"), value: component.label ?? "", set: (label) => edit((now) => renamed(now, label, schema)) }) : null,
    type === "dynamiclist" || type === "group" ? text(type === "group" ? gettext("Kept under") : gettext("Variable"), ["path"], { mono: true, hint: type === "group" ? gettext("Empty: each field is a variable of its own.") : gettext("Each row becomes one entry of this list.") }) : null,
    hasKey(type) ? text(gettext("Variable"), ["key"], { mono: true }) : null,
    type === "expression" ? text(gettext("Computed as"), ["expression"], { mono: true, hint: gettext("FEEL, for example = minutes * 2. Computed when the form is handed in.") }) : null,
    hasKey(type) ? text(gettext("Help"), ["description"], { hint: gettext("Shown below the field.") }) : null,
    hasKey(type) ? box(gettext("Needs an answer"), truth(component, ["validate", "required"]), (on) => edit((now) => put(now, ["validate", "required"], on))) : null,
    ...special(component, edit, text),
    ...shown(component, edit, text),
  ];
  return groups.filter((each) => each !== null);
}

type Text = (label: string, path: string[], more?: Partial<Line>) => HTMLElement;

function textOf(component: Component, edit: Edit): Text {
  return (label, path, more = {}) => line({ label, value: said(component, path), set: (words) => edit((now) => put(now, path, words)), ...more });
}

function special(component: Component, edit: Edit, text: Text): HTMLElement[] {
  const number = (label: string, path: string[], hint?: string): HTMLElement =>
    line({ label, value: said(component, path), set: (words) => edit((now) => put(now, path, numberOr(words))), ...(hint ? { hint } : {}) });
  const type = component.type;
  if (type === "textfield" || type === "textarea") {
    return [
      pair(number(gettext("At least, characters"), ["validate", "minLength"]), number(gettext("At most"), ["validate", "maxLength"])),
      choice(gettext("Must look like"), said(component, ["validate", "validationType"]), [["", gettext("Anything")], ["email", gettext("An e-mail address")], ["phone", gettext("A phone number")]], (value) => edit((now) => put(now, ["validate", "validationType"], value))),
      text(gettext("Pattern"), ["validate", "pattern"], { mono: true, hint: gettext("For example CHG-[0-9]+; the whole text must match.") }),
    ];
  }
  if (type === "number") {
    return [
      pair(number(gettext("At least"), ["validate", "min"]), number(gettext("At most"), ["validate", "max"])),
      pair(number(gettext("Decimals"), ["decimalDigits"]), number(gettext("In steps of"), ["increment"])),
      pair(text(gettext("Unit before"), ["appearance", "prefixAdorner"]), text(gettext("Unit after"), ["appearance", "suffixAdorner"])),
    ];
  }
  if (type === "datetime") {
    return [
      choice(gettext("Asks for"), said(component, ["subtype"]) || "date", [["date", gettext("A day")], ["time", gettext("A time")], ["datetime", gettext("A day and a time")]], (value) => edit((now) => put(now, ["subtype"], value))),
      box(gettext("Not in the past"), truth(component, ["disallowPassedDates"]), (on) => edit((now) => put(now, ["disallowPassedDates"], on))),
    ];
  }
  if (CHOOSING.has(type)) return choices(component, edit, text);
  if (type === "dynamiclist") {
    return [
      number(gettext("Rows at first"), ["defaultRepetitions"]),
      box(gettext("People add and remove rows"), truth(component, ["allowAddRemove"]), (on) => edit((now) => put(now, ["allowAddRemove"], on))),
    ];
  }
  if (type === "table") {
    return [
      text(gettext("Rows from"), ["dataSource"], { mono: true, hint: gettext("A variable or expression that gives a list, for example = hosts.") }),
      pairs(gettext("Columns"), component["columns"], "key", (rows) => edit((now) => ({ ...now, columns: rows }))),
    ];
  }
  return [];
}

function choices(component: Component, edit: Edit, text: Text): HTMLElement[] {
  const source = component["valuesExpression"] !== undefined ? "valuesExpression" : component["valuesKey"] !== undefined ? "valuesKey" : "values";
  const from = choice(gettext("Choices from"), source, [["values", gettext("This list")], ["valuesKey", gettext("A variable")], ["valuesExpression", gettext("An expression")]], (value) =>
    edit(({ values, valuesKey, valuesExpression, ...plain }) => {
      if (value === "values") return { ...plain, values: values ?? [{ label: gettext("Yes"), value: "yes" }] } as Component;
      return { ...plain, [value]: value === "valuesKey" ? "choices" : "= choices" } as Component;
    }),
  );
  if (source === "values") return [from, pairs(gettext("Choices"), component["values"], "value", (rows) => edit((now) => ({ ...now, values: rows })))];
  return [from, text(source === "valuesKey" ? gettext("Variable with the choices") : gettext("Expression"), [source], { mono: true, hint: gettext("A list of texts, or of contexts with label and value.") })];
}

function shown(component: Component, edit: Edit, text: Text): HTMLElement[] {
  const when = [text(gettext("Hidden when"), ["conditional", "hide"], { mono: true, hint: gettext("FEEL over other fields and variables, for example = risk = \"low\".") })];
  if (hasKey(component.type)) when.push(line({ label: gettext("Only shown when"), mono: true, value: component["readonly"] === true ? "= true" : said(component, ["readonly"]), set: (words) => edit((now) => put(now, ["readonly"], /^=?\s*true$/.test(words) ? true : words)), hint: gettext("= true: it tells a variable and takes no answer.") }));
  const row = said(component, ["layout", "row"]);
  const width = choice(gettext("Width"), said(component, ["layout", "columns"]), [["", gettext("Whole line")], ["8", gettext("Half")], ["5", gettext("A third")], ["4", gettext("A quarter")], ["11", gettext("Two thirds")], ["12", gettext("Three quarters")]], (value) =>
    edit((now) => put(put(now, ["layout", "columns"], value ? Number(value) : undefined), ["layout", "row"], value ? row || "Row_1" : undefined)),
  );
  const line_ = said(component, ["layout", "columns"]) ? [text(gettext("Line"), ["layout", "row"], { mono: true, hint: gettext("Neighbours with the same name stand side by side.") })] : [];
  return [...when, width, ...line_];
}

function hasKey(type: string): boolean {
  return !["text", "table", "group", "dynamiclist", "separator", "spacer", "button"].includes(type) && kindOf(type).label !== type;
}

function hasLabel(type: string): boolean {
  return (hasKey(type) && type !== "expression") || ["group", "dynamiclist", "table"].includes(type);
}

function line({ label, value, set, hint, mono, rows }: Line): HTMLElement {
  const id = `property-${label.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  const input = rows === undefined ? h("input", { id, class: mono ? "input input--mono" : "input", value, autocomplete: "off" }) : h("textarea", { id, class: "input", rows });
  input.value = value;
  input.addEventListener("input", () => set(input.value));
  return h("div", { class: "field" }, h("label", { for: id }, label), input, hint ? h("p", { class: "hint" }, hint) : null);
}

function pair(...both: HTMLElement[]): HTMLElement {
  return h("div", { class: "form-row" }, ...both);
}

function box(label: string, on: boolean, set: (on: boolean) => void): HTMLElement {
  const input = h("input", { type: "checkbox", checked: on });
  input.addEventListener("change", () => set(input.checked));
  return h("label", { class: "choice" }, input, h("span", {}, label));
}

function choice(label: string, value: string, options: [string, string][], set: (value: string) => void): HTMLElement {
  const id = `property-${label.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
  const select = h("select", { id, class: "input" }, ...options.map(([each, words]) => h("option", { value: each, selected: each === value }, words)));
  select.addEventListener("change", () => set(select.value));
  return h("div", { class: "field" }, h("label", { for: id }, label), select);
}

/** A list of labels with what they stand for, one on each line: `Low = low`. */
function pairs(label: string, listed: unknown, name: "value" | "key", set: (rows: Record<string, unknown>[]) => void): HTMLElement {
  const rows = Array.isArray(listed) ? (listed as Record<string, unknown>[]) : [];
  const written = rows.map((each) => (each["label"] === each[name] || each["label"] === undefined ? String(each[name] ?? "") : `${String(each["label"])} = ${String(each[name] ?? "")}`)).join("\n");
  const before = new Map(rows.map((each) => [String(each[name]), each[name]]));
  return line({
    label,
    value: written,
    rows: Math.max(3, rows.length + 1),
    hint: gettext("One on each line; after = what the run gets."),
    set: (text) => {
      const made = text.split("\n").map((each) => each.trim()).filter(Boolean).map((each) => {
        const cut = each.lastIndexOf("=");
        const [words, value] = cut < 0 ? [each, each] : [each.slice(0, cut).trim(), each.slice(cut + 1).trim()];
        return { label: words || value, [name]: before.get(value) ?? value };
      });
      set(made);
    },
  });
}

function said(component: Component, path: readonly string[]): string {
  const found = path.reduce<unknown>((value, name) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined), component);
  return typeof found === "string" || typeof found === "number" ? String(found) : "";
}

function truth(component: Component, path: readonly string[]): boolean {
  const found = path.reduce<unknown>((value, name) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined), component);
  return found === true;
}

function numberOr(words: string): unknown {
  const text = words.trim();
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
