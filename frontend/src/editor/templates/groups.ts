/** The panel's groups of a step that was made from a template: its fields, in the template's own groups. */
import { isA } from "../../bpmn/elements";
import { h } from "../../ui/dom";
import { toast } from "../../ui/toast";
import { gettext } from "../../ui/words";
import type { Choice } from "../panel/fields";
import type { Group, Subject } from "../panel/group";
import { confirmUpgrade, openLibrary } from "./dialogs";
import { choicesOf, fault, shown } from "./filling";
import type { Library } from "./library";
import { saidAt } from "./places";
import { type Field, isFixed, placeOf, type Said, type Template } from "./shapes";

/** Returns the groups for a part: where it comes from, and what its template asks for. */
export function template(subject: Subject): Group[] {
  const { model, facts } = subject;
  const { library } = facts;
  if (!isA(model, "Activity", "Event") || library === null) return [];
  const found = library.rowOf(model);
  if (!found) return library.offered().some((row) => library.applies(row, model)) ? [unmade(subject, library)] : [];
  const made = library.templateOf(model);
  return [origin(subject, library), ...(made ? filled(subject, library, made) : [])];
}

function unmade({ shape, model, fields }: Subject, library: Library): Group {
  const choose = () => openLibrary(library.load().then((rows) => rows.filter((row) => library.applies(row, model))), (row) => library.apply(shape, row.template));
  return { title: gettext("Library"), value: gettext("not from the library"), body: [h("p", { class: "hint" }, gettext("A step of the library brings its fields, and is checked against them.")), fields.button(gettext("Choose a step"), choose)] };
}

function origin({ shape, model, fields }: Subject, library: Library): Group {
  const { row, version, id } = library.rowOf(model) ?? { row: undefined, version: 0, id: "" };
  const upgrade = async () => {
    try {
      const found = await library.upgrade(model);
      confirmUpgrade(found, () => library.apply(shape, found.template));
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), "warning");
    }
  };
  const isOlder = row !== undefined && row.retired === "" && version < row.version;
  const said = row === undefined ? gettext("The catalogue does not have it.") : row.retired ? gettext("Retired: %(reason)s", { reason: row.retired }) : row.purpose;
  return {
    title: gettext("Library"),
    value: isOlder ? gettext("version %(latest)s is there", { latest: row.version }) : (row?.name ?? id),
    body: [
      h("p", { class: row?.retired || !row ? "bad" : "hint" }, said),
      h("p", { class: "hint" }, gettext("%(name)s, version %(version)s", { name: row?.name ?? id, version })),
      isOlder ? fields.button(gettext("Upgrade to version %(latest)s", { latest: row.version }), () => void upgrade(), "up") : null,
      fields.button(gettext("Unlink from the library"), () => library.unlink(shape), "x"),
    ],
  };
}

function filled(subject: Subject, library: Library, template: Template): Group[] {
  const said = saidAt(subject.model, template.properties);
  const fields = shown(template, said).filter((field) => field.type !== "Hidden" && !isFixed(field));
  const groups = [...(template.groups ?? []), { id: "", label: template.name }];
  const known = new Set(groups.map((group) => group.id));
  return groups.flatMap((group) => {
    const mine = fields.filter((field) => (known.has(field.group ?? "") ? (field.group ?? "") : "") === group.id);
    if (!mine.length) return [];
    const wrong = mine.filter((field) => fault(field, said.get(placeOf(field.binding)) ?? "") !== "").length;
    return [{ title: group.label, value: wrong ? gettext("to be filled in") : "", open: true, body: mine.map((field) => control(subject, library, template, field, said)) }];
  });
}

function control({ shape, fields }: Subject, library: Library, template: Template, field: Field, said: Said): HTMLElement {
  const place = placeOf(field.binding);
  const key = `template-${place}`.replaceAll(/[^\w-]+/g, "-");
  const label = field.label ?? field.binding.property ?? field.binding.name ?? "";
  const value = said.get(place) ?? "";
  const set = (text: string) => library.set(shape, template, field, text);
  if (field.type === "Dropdown") return fields.select(key, label, value, choices(template, field, said, value), set, field.description);
  if (field.type === "Boolean" && field.feel !== "optional") return fields.check(key, label, value.replace(/^=/, "") === "true", (on) => set(field.feel ? `=${on}` : String(on)), field.description);
  const missing = value === "" ? fault(field, "") : "";
  const isNumber = field.type === "Number";
  return fields.text({
    key,
    label,
    value: isNumber && field.feel === "static" ? value.replace(/^=/, "") : value,
    ...(field.type === "Text" ? { lines: 3 } : {}),
    ...(field.feel && !isNumber ? { mono: true, feel: "marked" as const } : {}),
    optional: field.optional === true,
    hint: [missing, field.description].filter(Boolean).join(" "),
    read: (text) => read(field, text),
    commit: set,
  });
}

function choices(template: Template, field: Field, said: Said, value: string): Choice[] {
  const offered = choicesOf(template, field, said).map((choice) => ({ value: choice.value, label: choice.name }));
  return value === "" ? [{ value: "", label: gettext("Choose") }, ...offered] : offered;
}

function read(field: Field, text: string): { ok: true; value: string } | { ok: false; error: string } {
  const plain = field.type === "Text" ? text : text.trim();
  const mustBeExpression = plain !== "" && !plain.startsWith("=") && (field.feel === "required" || (field.type === "Number" && field.feel === "static"));
  const value = mustBeExpression ? `=${plain}` : plain;
  const error = value === "" ? "" : fault(field, value);
  return error ? { ok: false, error } : { ok: true, value };
}
