/** Who does a user task, until when, whether it is a gate, and the form they fill in. */
import { readMoment, sayMoment } from "../../bpmn/durations";
import { extensionOf, isA, type Model } from "../../bpmn/elements";
import { h } from "../../ui/dom";
import { gettext, ngettext } from "../../ui/words";
import { readName, readWhole } from "./fields";
import { attributeOf, processOf, type Section, type Subject } from "./section";

export function assignment(subject: Subject): Section | null {
  const { model, shape, edits, fields } = subject;
  if (!isA(model, "UserTask")) return null;
  const gate = extensionOf(model, "interlock:Gate");
  const groups = attributeOf(subject, "zeebe:AssignmentDefinition", "candidateGroups");
  const assignee = attributeOf(subject, "zeebe:AssignmentDefinition", "assignee");
  const quorum = gate?.get<string | undefined>("quorum") ?? "1";
  const due = attributeOf(subject, "zeebe:TaskSchedule", "dueDate");
  return {
    title: gate ? gettext("Gate") : gettext("Assignment"),
    value: [groups || assignee, gate && quorum !== "1" ? gettext("%(quorum)s approvals", { quorum }) : ""].filter(Boolean).join(", "),
    body: [
      fields.check("gate", gettext("A gate: somebody approves or rejects"), gate !== undefined, (on) => edits.putExtension(shape, "interlock:Gate", on ? { quorum: "1" } : null), gettext("Who started the run, and who wrote this version, may not decide.")),
      gate
        ? fields.text({ key: "quorum", label: gettext("Approvals needed"), value: quorum, read: readWhole(1, 20), commit: (value) => edits.putExtension(shape, "interlock:Gate", { quorum: value || "1" }), hint: gettext("Of different persons. One rejection rejects.") })
        : null,
      fields.text({ key: "groups", label: gettext("Who may do it"), value: groups, placeholder: gettext("for example service-desk"), hint: gettext("Keys of teams or boards, with commas; or = and an expression."), commit: (value) => edits.setExtension(shape, "zeebe:AssignmentDefinition", { candidateGroups: value }) }),
      gate ? null : fields.text({ key: "assignee", label: gettext("Or one person"), value: assignee, optional: true, placeholder: "= requester", commit: (value) => edits.setExtension(shape, "zeebe:AssignmentDefinition", { assignee: value }) }),
      fields.text({ key: "due", label: gettext("Due"), value: sayMoment(due), optional: true, placeholder: "= window_end", hint: gettext("A day and a time, or = and an expression."), read: readMoment, commit: (value) => edits.setExtension(shape, "zeebe:TaskSchedule", { dueDate: value }) }),
    ],
  };
}

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

export function form(subject: Subject): Section | null {
  const { model, fields } = subject;
  const isPlainStart = isA(model, "StartEvent") && !model.get<Model[] | undefined>("eventDefinitions")?.length;
  if (!isA(model, "UserTask") && !isPlainStart) return null;
  const process = processOf(model);
  if (!process) return null;
  const place = placeOf(model, process);
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
  const kind = h("select", { class: "input", "data-field": `${key}-kind`, "aria-label": gettext("Kind") }, ...KINDS.map((each) => h("option", { value: each.value, selected: each.value === row.type }, each.label)));
  kind.addEventListener("change", () => put((now, rows) => component(kind.value, now.label ?? now.text ?? "", rows, now)));
  const offersChoices = row.type === "select" || row.type === "radio";
  return h(
    "div",
    { class: "line line--three" },
    fields.cell(`${key}-label`, isWords ? gettext("Words shown") : gettext("Label"), (isWords ? row.text : row.label) ?? "", (label) => put((now, rows) => (isWords ? { ...now, text: label } : renamed(now, label, rows)))),
    kind,
    fields.remove(gettext("Remove %(what)s", { what: row.label ?? gettext("this field") }), () => change((rows) => rows.filter((_, at) => at !== index))),
    !isWords && h("div", { class: "span row" }, fields.cell(`${key}-key`, gettext("variable"), row.key ?? "", (name) => readName(name).ok && name && put((now) => ({ ...now, key: name })), true), row.readonly !== true && required(subject, key, row, put), isA(subject.model, "UserTask") && onlyShown(subject, key, row, put)),
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
  return fields.cell(`${key}-choices`, gettext("Choices, with commas"), written, (text) => {
    const labels = text.split(",").map((label) => label.trim()).filter(Boolean);
    put((now) => {
      const before = new Map((now.values ?? []).map((each) => [each.label, each.value]));
      return { ...now, values: labels.map((label) => ({ label, value: before.get(label) ?? slug(label) })) };
    });
  });
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
