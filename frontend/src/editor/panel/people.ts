/** Who does a user task, until when, whether it is a gate, and the form they fill in. */
import { extensionOf, isA, type Model } from "../../bpmn/elements";
import { readMoment, sayMoment } from "../../bpmn/durations";
import { h } from "../../ui/dom";
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
    title: gate ? "Gate" : "Assignment",
    value: [groups || assignee, gate && quorum !== "1" ? `${quorum} approvals` : ""].filter(Boolean).join(", "),
    body: [
      fields.check("gate", "A gate: somebody approves or rejects", gate !== undefined, (on) => edits.putExtension(shape, "interlock:Gate", on ? { quorum: "1" } : null), "Who started the run, and who wrote this version, may not decide."),
      gate
        ? fields.text({ key: "quorum", label: "Approvals needed", value: quorum, read: readWhole(1, 20), commit: (value) => edits.putExtension(shape, "interlock:Gate", { quorum: value || "1" }), hint: "Of different persons. One rejection rejects." })
        : null,
      fields.text({ key: "groups", label: "Who may do it", value: groups, placeholder: "for example service-desk", hint: "Keys of teams or boards, with commas; or = and an expression.", commit: (value) => edits.setExtension(shape, "zeebe:AssignmentDefinition", { candidateGroups: value }) }),
      gate ? null : fields.text({ key: "assignee", label: "Or one person", value: assignee, optional: true, placeholder: "= requester", commit: (value) => edits.setExtension(shape, "zeebe:AssignmentDefinition", { assignee: value }) }),
      fields.text({ key: "due", label: "Due", value: sayMoment(due), optional: true, placeholder: "= window_end", hint: "A day and a time, or = and an expression.", read: readMoment, commit: (value) => edits.setExtension(shape, "zeebe:TaskSchedule", { dueDate: value }) }),
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
  { value: "textfield", label: "Text" },
  { value: "textarea", label: "Long text" },
  { value: "number", label: "Number" },
  { value: "datetime", label: "Date" },
  { value: "select", label: "Choice" },
  { value: "radio", label: "Buttons" },
  { value: "checkbox", label: "Yes or no" },
  { value: "text", label: "Words" },
];

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
  if (!schema) return { title: "Form", value: "written by hand", body: [h("p", { class: "hint" }, "This form is not JSON of the kind that is edited here. It is kept as it is.")] };
  const rows = schema.components;
  const write = (components: Component[]) => writeForm(subject, place, { ...schema, components });
  return {
    title: "Form",
    value: rows.length ? `${rows.length} ${rows.length === 1 ? "field" : "fields"}` : "",
    body: [
      h("div", { class: "lines" }, ...rows.map((row, index) => line(subject, rows, row, index, write))),
      fields.button("Add a field", () => write([...rows, component("textfield", `Field ${rows.length + 1}`, rows)])),
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

function writeForm({ model, shape, edits }: Subject, place: Place, schema: Schema): void {
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

function line(subject: Subject, rows: Component[], row: Component, index: number, write: (rows: Component[]) => void): HTMLElement {
  const { fields } = subject;
  const put = (next: Component) => write(rows.map((each, at) => (at === index ? next : each)));
  const key = `form-${index}`;
  const isWords = row.type === "text";
  const kind = h("select", { class: "input", "data-field": `${key}-kind`, "aria-label": "Kind" }, ...KINDS.map((each) => h("option", { value: each.value, selected: each.value === row.type }, each.label)));
  kind.addEventListener("change", () => put(component(kind.value, row.label ?? row.text ?? "", rows, row)));
  const offersChoices = row.type === "select" || row.type === "radio";
  return h(
    "div",
    { class: "line line--three" },
    fields.cell(`${key}-label`, isWords ? "Words shown" : "Label", (isWords ? row.text : row.label) ?? "", (label) => put(isWords ? { ...row, text: label } : renamed(row, label, rows))),
    kind,
    fields.remove(`Remove ${row.label ?? "this field"}`, () => write(rows.filter((_, at) => at !== index))),
    !isWords && h("div", { class: "span row" }, fields.cell(`${key}-key`, "variable", row.key ?? "", (name) => readName(name).ok && name && put({ ...row, key: name }), true), required(subject, key, row, put)),
    offersChoices && h("div", { class: "span" }, choices(subject, key, row, put)),
  );
}

function required({ fields }: Subject, key: string, row: Component, put: (row: Component) => void): HTMLElement {
  return fields.check(`${key}-required`, "needed", row.validate?.required === true, (on) => {
    const { required: _, ...rules } = row.validate ?? {};
    const validate = on ? { ...rules, required: true } : rules;
    const { validate: __, ...plain } = row;
    put(Object.keys(validate).length ? { ...plain, type: row.type, validate } : { ...plain, type: row.type });
  });
}

function choices({ fields }: Subject, key: string, row: Component, put: (row: Component) => void): HTMLElement {
  const written = (row.values ?? []).map((each) => each.label).join(", ");
  return fields.cell(`${key}-choices`, "Choices, with commas", written, (text) => {
    const before = new Map((row.values ?? []).map((each) => [each.label, each.value]));
    const labels = text.split(",").map((label) => label.trim()).filter(Boolean);
    put({ ...row, values: labels.map((label) => ({ label, value: before.get(label) ?? slug(label) })) });
  });
}

/** Makes a field of a kind, keeping what still makes sense of the one before. */
function component(type: string, label: string, rows: Component[], before?: Component): Component {
  const id = before?.id ?? `Field_${rows.length + 1}_${Date.now().toString(36)}`;
  if (type === "text") return { type, text: label, id };
  const key = before?.key ?? freeKey(slug(label), rows);
  const made: Component = { type, label, key, id };
  if (before?.validate?.required) made.validate = { required: true };
  if (type === "datetime") return { ...made, subtype: "date", dateLabel: label };
  if (type === "select" || type === "radio") return { ...made, values: before?.values ?? [{ label: "Yes", value: "yes" }, { label: "No", value: "no" }] };
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
