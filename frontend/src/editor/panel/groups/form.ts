/** The fields that whoever does a task, or starts a run, fills in. */
import { extensionOf, isA, type Model } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext, ngettext } from "../../../ui/words";
import { readName } from "../fields";
import { type Group, processOf, type Subject } from "../group";
import { fileOf, formFile } from "./form-file";

interface Component {
  type: string;
  key?: string;
  label?: string;
  text?: string;
  id?: string;
  validate?: { required?: boolean; [rule: string]: unknown };
  readonly?: boolean;
  values?: { label: string; value: string }[];
  subtype?: string;
  dateLabel?: string;
  [other: string]: unknown;
}

interface Schema {
  type: string;
  components: Component[];
  [other: string]: unknown;
}

const KINDS = [
  { value: "textfield", label: gettext("Text") },
  { value: "textarea", label: gettext("Long text") },
  { value: "number", label: gettext("Number") },
  { value: "datetime", label: gettext("Date") },
  { value: "select", label: gettext("Choice") },
  { value: "radio", label: gettext("Buttons") },
  { value: "checkbox", label: gettext("Yes or no") },
  { value: "text", label: gettext("Words") },
];

/** Edits the fields as they are by then: between two drawings of the panel they may have changed. */
type Change = (edit: (rows: Component[]) => Component[]) => void;

/** Edits one field as it is by then. */
type Put = (edit: (row: Component, rows: Component[]) => Component) => void;

/** Where a task's form lies: a part of the process, that the task names. */
interface Place {
  process: Model;
  form: Model | undefined;
  formId: string;
}

export function form(subject: Subject): Group | null {
  const { model, fields } = subject;
  const isPlainStart = isA(model, "StartEvent") && !model.get<Model[] | undefined>("eventDefinitions")?.length;
  if (!isA(model, "UserTask") && !isPlainStart) return null;
  const process = processOf(model);
  if (!process) return null;
  const place = placeOf(model, process);
  if (fileOf(model) && !place.form) return { title: gettext("Form"), value: fileOf(model), body: formFile(subject) };
  const schema = schemaOf(place.form);
  if (!schema) return { title: gettext("Form"), value: gettext("written by hand"), body: [h("p", { class: "hint" }, gettext("This form is not JSON of the kind that is edited here. It is kept as it is."))] };
  const rows = schema.components;
  const change: Change = (edit) => writeForm(subject, process, edit);
  return {
    title: gettext("Form"),
    value: rows.length ? ngettext("%(count)s field", "%(count)s fields", rows.length) : "",
    body: [
      h("div", { class: "lines" }, ...rows.map((row, index) => line(subject, row, index, change))),
      isA(model, "UserTask") ? h("p", { class: "hint" }, gettext("Who does this sees these fields, and nothing else of the run.")) : null,
      fields.button(gettext("Add a field"), () => change((now) => [...now, component("textfield", gettext("Field %(number)s", { number: now.length + 1 }), now)])),
      ...(rows.length ? [] : formFile(subject)),
    ],
  };
}

function placeOf(model: Model, process: Model): Place {
  const named = extensionOf(model, "zeebe:FormDefinition");
  const key = named?.get<string | undefined>("formKey") ?? named?.get<string | undefined>("formId") ?? "";
  const formId = key.replace(/^camunda-forms:bpmn:/, "");
  const all = process.get<Model | undefined>("extensionElements")?.get<Model[] | undefined>("values") ?? [];
  return { process, formId, form: formId ? all.find((each) => each.$type === "zeebe:UserTaskForm" && each.id === formId) : undefined };
}

function schemaOf(form: Model | undefined): Schema | null {
  if (!form) return { type: "default", schemaVersion: 16, components: [] };
  try {
    const found = JSON.parse(form.get<string | undefined>("body") ?? "") as Schema;
    return Array.isArray(found.components) ? found : null;
  } catch {
    return null;
  }
}

function writeForm({ model, shape, edits }: Subject, process: Model, edit: (rows: Component[]) => Component[]): void {
  const place = placeOf(model, process);
  const before = schemaOf(place.form);
  if (!before) return;
  const schema = { ...before, components: edit(before.components) };
  const formId = place.formId || `form_${model.id ?? ""}`;
  const body = JSON.stringify({ ...schema, id: formId }, null, 2);
  const old = place.process.get<Model | undefined>("extensionElements")?.get<Model[] | undefined>("values") ?? [];
  const extensions = edits.create("bpmn:ExtensionElements", {}, place.process);
  const made = schema.components.length ? edits.create("zeebe:UserTaskForm", { id: formId, body }, extensions) : null;
  const others = old.flatMap((each) => (each !== place.form ? [each] : made ? [made] : []));
  if (made && !place.form) others.push(made);
  extensions.set("values", others);
  edits.together(
    () => edits.setPart(shape, place.process, { extensionElements: others.length ? extensions : undefined }),
    () => edits.putExtension(shape, "zeebe:FormDefinition", made ? { formKey: `camunda-forms:bpmn:${formId}` } : null),
  );
}

function line(subject: Subject, row: Component, index: number, change: Change): HTMLElement {
  const { fields } = subject;
  const put: Put = (edit) => change((rows) => rows.map((each, at) => (at === index ? edit(each, rows) : each)));
  const key = `form-${index}`;
  const isWords = row.type === "text";
  const kind = fields.choice(`${key}-kind`, gettext("Kind"), row.type, KINDS, (type) => put((now, rows) => component(type, now.label ?? now.text ?? "", rows, now)));
  const offersChoices = row.type === "select" || row.type === "radio";
  return h(
    "div",
    { class: "line line--three" },
    fields.cell({ key: `${key}-label`, label: isWords ? gettext("Words shown") : gettext("Label"), value: (isWords ? row.text : row.label) ?? "", commit: (label) => put((now, rows) => (isWords ? { ...now, text: label } : renamed(now, label, rows))) }),
    kind,
    fields.remove(gettext("Remove %(what)s", { what: row.label ?? gettext("this field") }), () => change((rows) => rows.filter((_, at) => at !== index))),
    !isWords && h("div", { class: "span row" }, fields.cell({ key: `${key}-key`, label: gettext("variable"), value: row.key ?? "", mono: true, commit: (name) => void (readName(name).ok && name && put((now) => ({ ...now, key: name }))) }), row.readonly !== true && required(subject, key, row, put), isA(subject.model, "UserTask") && onlyShown(subject, key, row, put)),
    offersChoices && h("div", { class: "span" }, choices(subject, key, row, put)),
  );
}

function required({ fields }: Subject, key: string, row: Component, put: Put): HTMLElement {
  return fields.check(`${key}-required`, gettext("needed"), row.validate?.required === true, (on) =>
    put(({ validate, ...plain }) => {
      const { required: _, ...rules } = validate ?? {};
      const kept = on ? { ...rules, required: true } : rules;
      return Object.keys(kept).length ? { ...plain, type: plain.type, validate: kept } : { ...plain, type: plain.type };
    }),
  );
}

/** A field that tells what the run knows already, and takes no value. */
function onlyShown({ fields }: Subject, key: string, row: Component, put: Put): HTMLElement {
  return fields.check(`${key}-readonly`, gettext("only shown"), row.readonly === true, (on) =>
    put(({ readonly: _, validate: __, ...plain }) => (on ? { ...plain, type: plain.type, readonly: true } : { ...plain, type: plain.type })),
  );
}

function choices({ fields }: Subject, key: string, row: Component, put: Put): HTMLElement {
  const written = (row.values ?? []).map((each) => each.label).join(", ");
  const commit = (text: string) => {
    const labels = text.split(",").map((label) => label.trim()).filter(Boolean);
    put((now) => {
      const before = new Map((now.values ?? []).map((each) => [each.label, each.value]));
      return { ...now, values: labels.map((label) => ({ label, value: before.get(label) ?? slug(label) })) };
    });
  };
  return fields.cell({ key: `${key}-choices`, label: gettext("Choices, with commas"), value: written, commit });
}

/** Makes a field of a kind, keeping what still makes sense of the one before. */
function component(type: string, label: string, rows: Component[], before?: Component): Component {
  const id = before?.id ?? `Field_${rows.length + 1}_${Date.now().toString(36)}`;
  if (type === "text") return { type, text: label, id };
  const key = before?.key ?? freeKey(slug(label), rows);
  const made: Component = { type, label, key, id };
  if (before?.readonly) made.readonly = true;
  if (before?.validate?.required) made.validate = { required: true };
  if (type === "datetime") return { ...made, subtype: "date", dateLabel: label };
  if (type === "select" || type === "radio") return { ...made, values: before?.values ?? [{ label: gettext("Yes"), value: "yes" }, { label: gettext("No"), value: "no" }] };
  return made;
}

/** The variable follows the label for as long as nobody named it otherwise. */
function renamed(row: Component, label: string, rows: Component[]): Component {
  const others = rows.filter((each) => each !== row);
  const follows = row.key === freeKey(slug(row.label ?? ""), others);
  const dated = row.type === "datetime" ? { dateLabel: label } : {};
  return { ...row, label, ...dated, ...(follows ? { key: freeKey(slug(label), others) } : {}) };
}

function freeKey(wanted: string, rows: Component[]): string {
  const taken = new Set(rows.map((row) => row.key));
  let key = wanted || "field";
  for (let n = 2; taken.has(key); n += 1) key = `${wanted}_${n}`;
  return key;
}

function slug(label: string): string {
  const text = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^\d/.test(text) ? `_${text}` : text;
}
