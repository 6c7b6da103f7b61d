/** A step that is done several times: for each item of a list, a number of times, or while a condition holds. */
import { extensionOf, isA, type Model } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import { readName } from "../fields";
import { expressionField, type Group, type Subject } from "../group";

const DETAILS = "zeebe:LoopCharacteristics";

const KINDS = [
  { value: "once", label: gettext("Once") },
  { value: "parallel", label: gettext("For each item, all at once") },
  { value: "sequential", label: gettext("For each item, one after another") },
  { value: "loop", label: gettext("Again while a condition holds") },
] as const;
type Kind = (typeof KINDS)[number]["value"];

export function repeat(subject: Subject): Group | null {
  const { model, fields } = subject;
  if (!isA(model, "Activity") || model.get<boolean | undefined>("triggeredByEvent") === true) return null;
  const loop = model.get<Model | undefined>("loopCharacteristics");
  const kind = kindOf(loop);
  const own = !loop ? [] : kind === "loop" ? whileFields(subject, loop) : eachFields(subject, loop);
  return {
    title: gettext("Repeat"),
    value: KINDS.find((each) => each.value === kind)?.label.toLowerCase() ?? "",
    body: [fields.select("repeat", gettext("Done"), kind, KINDS, (next) => choose(subject, loop, next as Kind)), ...own],
  };
}

function kindOf(loop: Model | undefined): Kind {
  if (!loop) return "once";
  if (isA(loop, "StandardLoopCharacteristics")) return "loop";
  return loop.get<boolean | undefined>("isSequential") === true ? "sequential" : "parallel";
}

function choose({ model, shape, edits }: Subject, before: Model | undefined, kind: Kind): void {
  const isEach = before !== undefined && isA(before, "MultiInstanceLoopCharacteristics");
  // What the items are stays when only their order changes.
  if (isEach && (kind === "parallel" || kind === "sequential")) return edits.setPart(shape, before, { isSequential: kind === "sequential" });
  const type = kind === "loop" ? "bpmn:StandardLoopCharacteristics" : "bpmn:MultiInstanceLoopCharacteristics";
  const made = kind === "once" ? undefined : edits.create(type, kind === "sequential" ? { isSequential: true } : {}, model);
  edits.set(shape, { loopCharacteristics: made });
}

function whileFields(subject: Subject, loop: Model): (HTMLElement | null)[] {
  const { shape, edits, fields } = subject;
  const most = loop.get<string | number | undefined>("loopMaximum");
  return [
    fields.text({ key: "again-while", label: gettext("Again while"), ...expressionField(subject, loop, "loopCondition"), feel: "always", mono: true, placeholder: "= is_reachable = false" }),
    fields.check("test-before", gettext("Look before the first time"), loop.get<boolean | undefined>("testBefore") === true, (on) => edits.setPart(shape, loop, { testBefore: on || undefined })),
    fields.text({ key: "at-most", label: gettext("At most"), value: most === undefined ? "" : String(most), optional: true, placeholder: gettext("for example 10"), hint: gettext("Times; without a limit a condition that never ends holds the run."), read: readTimes, commit: (value) => edits.setPart(shape, loop, { loopMaximum: value ? Number(value) : undefined }) }),
  ];
}

function readTimes(text: string): { ok: true; value: string } | { ok: false; error: string } {
  const value = text.trim();
  return value === "" || /^[1-9]\d{0,8}$/.test(value) ? { ok: true, value } : { ok: false, error: gettext("Write a whole number, for example 10.") };
}

function eachFields(subject: Subject, loop: Model): (HTMLElement | null)[] {
  const { fields } = subject;
  const detail = (name: string) => ({ value: detailOf(loop, name), commit: (value: string) => setDetail(subject, loop, name, value.trim()) });
  const count = expressionField(subject, loop, "loopCardinality");
  return [
    fields.text({ key: "items", label: gettext("For each of"), ...detail("inputCollection"), feel: "always", mono: true, placeholder: "= servers", hint: gettext("A list.") }),
    fields.text({ key: "item", label: gettext("Called"), ...detail("inputElement"), mono: true, placeholder: "server", hint: gettext("The variable that holds the item; loopCounter is its number."), read: readName }),
    detailOf(loop, "inputCollection") && !count.value ? null : fields.text({ key: "times", label: gettext("Or so many times"), ...count, feel: "always", optional: true, mono: true, placeholder: "= 3" }),
    fields.text({ key: "collect", label: gettext("Collect in"), ...detail("outputCollection"), optional: true, mono: true, placeholder: "results", read: readName }),
    fields.text({ key: "collect-element", label: gettext("Of each, keep"), ...detail("outputElement"), feel: "always", optional: true, mono: true, placeholder: "= response.status" }),
    fields.text({ key: "each-until", label: gettext("Enough when"), ...expressionField(subject, loop, "completionCondition"), feel: "always", optional: true, mono: true, placeholder: "= numberOfCompletedInstances >= 2", hint: gettext("The others are stopped then.") }),
  ];
}

function detailOf(loop: Model, name: string): string {
  return extensionOf(loop, DETAILS)?.get<string | undefined>(name) ?? "";
}

function setDetail({ shape, edits }: Subject, loop: Model, name: string, value: string): void {
  edits.setExtension(shape, DETAILS, { [name]: value }, loop);
}
