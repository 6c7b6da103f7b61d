/** Sections that many parts have: basics, inputs and outputs, messages, conditions, scripts. */
import { readCycle, readMoment, readSpan, sayCycle, sayIso, sayMoment, type Read } from "../../bpmn/durations";
import { eventOf, extensionOf, isA, type Model } from "../../bpmn/elements";
import { h } from "../../ui/dom";
import { gettext } from "../../ui/words";
import { readName } from "./fields";
import { attributeOf, bodyOf, type Section, type Subject, triggerOf } from "./section";

/** The format of script tasks that the script runner takes; docs/scripts.md. */
const STARLARK = "starlark";

export function basics(subject: Subject): Section {
  const { model, shape, edits, fields } = subject;
  const isNote = isA(model, "TextAnnotation");
  const documentation = model.get<Model[] | undefined>("documentation")?.[0];
  const words = documentation?.get<string | undefined>("text") ?? "";
  const body = [
    fields.text({
      key: "name",
      label: isNote ? gettext("Text") : gettext("Name"),
      value: model.get<string | undefined>(isNote ? "text" : "name") ?? "",
      ...(isNote ? { lines: 3 } : {}),
      ...(isA(model, "Gateway") ? { hint: gettext("A question, so that its flows can be the answers.") } : {}),
      commit: (value) => edits.set(shape, { [isNote ? "text" : "name"]: value || undefined }),
    }),
    fields.text({
      key: "documentation",
      label: gettext("Documentation"),
      value: words,
      lines: 3,
      optional: true,
      commit: (value) => edits.set(shape, { documentation: value.trim() ? [edits.create("bpmn:Documentation", { text: value.trim() }, model)] : [] }),
    }),
    fields.text({
      key: "id",
      label: gettext("Id"),
      value: model.id ?? "",
      mono: true,
      hint: gettext("What the history of runs calls it. Change it only before the first run."),
      read: (text) => readId(subject, text),
      commit: (value) => edits.set(shape, { id: value }),
    }),
  ];
  return { title: gettext("Basics"), value: words ? gettext("documented") : "", body };
}

function readId(subject: Subject, text: string): Read {
  const value = text.trim();
  if (!/^[A-Za-z_][\w.-]*$/.test(value)) return { ok: false, error: gettext("Write letters, digits, dots, dashes or underscores, and begin with a letter.") };
  const ids = (subject.definitions as unknown as { $model: { ids: { assigned(id: string): unknown } } }).$model.ids;
  if (value !== subject.model.id && ids.assigned(value)) return { ok: false, error: gettext("%(id)s is taken. Every part of a model has its own id.", { id: value }) };
  return { ok: true, value };
}

interface Mapping {
  source: string;
  target: string;
}

/** Returns the mappings of a direction. */
export function mappingsOf(model: Model, direction: "inputParameters" | "outputParameters"): Mapping[] {
  const found = extensionOf(model, "zeebe:IoMapping")?.get<Model[] | undefined>(direction) ?? [];
  return found.map((each) => ({ source: each.get<string | undefined>("source") ?? "", target: each.get<string | undefined>("target") ?? "" }));
}

/** Writes the mappings of one direction; the other stays. */
export function writeMappings({ model, shape, edits }: Subject, direction: "inputParameters" | "outputParameters", rows: Mapping[]): void {
  const type = direction === "inputParameters" ? "zeebe:Input" : "zeebe:Output";
  const parts = rows.map((row) => edits.create(type, { ...row }));
  const other = direction === "inputParameters" ? "outputParameters" : "inputParameters";
  const others = extensionOf(model, "zeebe:IoMapping")?.get<Model[] | undefined>(other) ?? [];
  edits.putExtension(shape, "zeebe:IoMapping", parts.length || others.length ? { [direction]: parts, [other]: others } : null);
}

/** Inputs that the connector section shows already. */
export const CONNECTOR_INPUTS: readonly string[] = ["method", "url", "headers", "body"];

export function inputsAndOutputs(subject: Subject): Section | null {
  const { model } = subject;
  if (!isA(model, "UserTask", "ServiceTask", "ScriptTask", "IntermediateCatchEvent", "ReceiveTask", "EndEvent", "BoundaryEvent")) return null;
  if (isA(model, "EndEvent") && !extensionOf(model, "zeebe:IoMapping")) return null;
  const isHttp = attributeOf(subject, "zeebe:TaskDefinition", "type") === "http:1";
  const inputs = mappingsOf(model, "inputParameters");
  const outputs = mappingsOf(model, "outputParameters");
  const hidden = (row: Mapping) => isHttp && CONNECTOR_INPUTS.includes(row.target);
  const shown = inputs.filter((row) => !hidden(row)).length;
  return {
    title: gettext("Inputs and outputs"),
    value: shown || outputs.length ? gettext("%(inputs)s in, %(outputs)s out", { inputs: shown, outputs: outputs.length }) : "",
    body: [
      ...(isA(model, "UserTask", "ServiceTask", "ScriptTask") ? [list(subject, "inputParameters", inputs, hidden)] : []),
      list(subject, "outputParameters", outputs, () => false, isHttp),
      h("p", { class: "hint" }, gettext("A value that begins with = is an expression; any other is taken as it is.")),
    ],
  };
}

function list(subject: Subject, direction: "inputParameters" | "outputParameters", rows: Mapping[], hidden: (row: Mapping) => boolean, isHttp = false): HTMLElement {
  const { fields } = subject;
  const isInput = direction === "inputParameters";
  // Edits the lines as they are by then: between two drawings of the panel they may have changed.
  const change = (edit: (now: Mapping[]) => Mapping[]) => writeMappings(subject, direction, edit(mappingsOf(subject.model, direction)));
  const put = (index: number, changed: Partial<Mapping>) => change((now) => now.map((row, at) => (at === index ? { ...row, ...changed } : row)));
  const lines = rows.flatMap((row, index) =>
    hidden(row)
      ? []
      : [
          h(
            "div",
            { class: "line" },
            fields.cell(`${direction}-${index}-target`, isInput ? gettext("Input") : gettext("Variable"), row.target, (target) => put(index, { target }), true),
            fields.cell(`${direction}-${index}-source`, gettext("= value"), row.source, (source) => put(index, { source }), true),
            fields.remove(gettext("Remove %(what)s", { what: row.target || gettext("this line") }), () => change((now) => now.filter((_, at) => at !== index))),
          ),
        ],
  );
  const fresh: Mapping = isInput ? { target: "input", source: "=" } : isHttp ? { target: "result", source: "=response.body" } : { target: "result", source: "=" };
  const unused = (name: string, now: Mapping[]) => (now.some((row) => row.target === name) ? `${name}_${now.length + 1}` : name);
  return h(
    "div",
    { class: "lines" },
    h("span", { class: "label" }, isInput ? gettext("In: what the step gets") : gettext("Out: what the run keeps")),
    ...lines,
    fields.button(isInput ? gettext("Add an input") : gettext("Add an output"), () => change((now) => [...now, { ...fresh, target: unused(fresh.target, now) }])),
  );
}

const TIMER_KINDS = [
  { value: "timeDuration", label: gettext("After a span") },
  { value: "timeDate", label: gettext("At a moment") },
  { value: "timeCycle", label: gettext("Again and again") },
] as const;
const TIMER_READ = { timeDuration: readSpan, timeDate: readMoment, timeCycle: readCycle };
const TIMER_SAY = { timeDuration: sayIso, timeDate: sayMoment, timeCycle: sayCycle };
const TIMER_WORDS = {
  timeDuration: [gettext("How long"), gettext("for example 30 min")],
  timeDate: [gettext("When"), gettext("for example 2026-12-01 06:00")],
  timeCycle: [gettext("How often"), gettext("for example every 1 h")],
} as const;

export function timer(subject: Subject): Section | null {
  const { shape, edits, fields } = subject;
  const trigger = triggerOf(subject, "Timer");
  if (!trigger) return null;
  const kind = TIMER_KINDS.find((each) => trigger.get(each.value))?.value ?? (isA(subject.model, "StartEvent") ? "timeCycle" : "timeDuration");
  const written = bodyOf(trigger.get<Model | undefined>(kind));
  const write = (name: string, body: string) => {
    const cleared = { timeDuration: undefined, timeDate: undefined, timeCycle: undefined };
    edits.setPart(shape, trigger, { ...cleared, [name]: edits.create("bpmn:FormalExpression", { body }, trigger) });
  };
  const [label, placeholder] = TIMER_WORDS[kind];
  return {
    title: gettext("Time"),
    value: TIMER_SAY[kind](written),
    body: [
      fields.select("timer-kind", gettext("Fires"), kind, TIMER_KINDS, (next) => write(next, "")),
      fields.text({ key: `timer-${kind}`, label, placeholder, value: TIMER_SAY[kind](written), read: TIMER_READ[kind], commit: (value) => write(kind, value) }),
      boundaryMode(subject),
    ],
  };
}

function boundaryMode({ model, shape, edits, fields }: Subject): HTMLElement | null {
  if (!isA(model, "BoundaryEvent")) return null;
  const stops = model.get<boolean | undefined>("cancelActivity") !== false;
  return fields.check("interrupting", gettext("Stops the step"), stops, (checked) => edits.set(shape, { cancelActivity: checked }), gettext("Otherwise the step goes on and this path runs beside it."));
}

export function message(subject: Subject): Section | null {
  const { shape, edits, fields, definitions, model } = subject;
  const holder = isA(model, "ReceiveTask") ? model : triggerOf(subject, "Message");
  if (!holder) return null;
  const found = holder.get<Model | undefined>("messageRef");
  const correlation = found && extensionOf(found, "zeebe:Subscription")?.get<string | undefined>("correlationKey");
  const isStart = isA(model, "StartEvent");
  const ensure = (change: (message: Model) => void) => {
    if (found) return change(found);
    const made = edits.create("bpmn:Message", {}, definitions);
    edits.together(
      () => edits.setPart(shape, definitions, { rootElements: [...definitions.get<Model[]>("rootElements"), made] }),
      () => edits.setPart(shape, holder, { messageRef: made }),
      () => change(made),
    );
  };
  const names = definitions.get<Model[]>("rootElements").filter((each) => isA(each, "Message"));
  return {
    title: gettext("Message"),
    value: found?.get<string | undefined>("name") ?? "",
    body: [
      fields.text({
        key: "message-name",
        label: gettext("Name of the message"),
        value: found?.get<string | undefined>("name") ?? "",
        placeholder: gettext("for example vendor-answered"),
        commit: (name) => {
          const known = names.find((each) => each.get("name") === name);
          if (known) edits.setPart(shape, holder, { messageRef: known });
          else ensure((each) => edits.setPart(shape, each, { name }));
        },
      }),
      isStart
        ? null
        : fields.text({
            key: "correlation",
            label: gettext("Which run it is for"),
            value: correlation ?? "",
            mono: true,
            placeholder: "= ticket_id",
            hint: gettext("An expression; the message that carries the same value wakes this run."),
            commit: (value) => ensure((each) => edits.putExtension(shape, "zeebe:Subscription", value ? { correlationKey: value } : null, each)),
          }),
      boundaryMode(subject),
    ],
  };
}

export function condition(subject: Subject): Section | null {
  const { model, shape, edits, fields } = subject;
  if (!isA(model, "SequenceFlow")) return null;
  const source = model.get<Model>("sourceRef");
  if (isA(source, "ParallelGateway", "EventBasedGateway") || !isA(source, "ExclusiveGateway", "InclusiveGateway", "Activity")) return null;
  const written = bodyOf(model.get<Model | undefined>("conditionExpression"));
  const isDefault = source.get<Model | undefined>("default") === model;
  const sourceShape = { businessObject: source } as Subject["shape"];
  const setDefault = (on: boolean) => {
    edits.together(
      () => edits.setPart(shape, sourceShape.businessObject, { default: on ? model : undefined }),
      () => on && written && edits.set(shape, { conditionExpression: undefined }),
    );
  };
  return {
    title: gettext("Condition"),
    value: isDefault ? gettext("otherwise") : written.replace(/^=\s*/, ""),
    body: [
      fields.check("default-flow", gettext("Otherwise: when no other condition holds"), isDefault, setDefault),
      isDefault
        ? null
        : fields.text({
            key: "condition",
            label: gettext("Taken when"),
            value: written,
            lines: 2,
            mono: true,
            placeholder: "= severity <= 2",
            hint: gettext("An expression that is true or false."),
            commit: (value) => edits.set(shape, { conditionExpression: value.trim() ? edits.create("bpmn:FormalExpression", { body: value.trim() }, model) : undefined }),
          }),
    ],
  };
}

const LANGUAGES = [
  { value: "", label: gettext("One expression (FEEL)") },
  { value: STARLARK, label: gettext("A script (Starlark)") },
] as const;

export function script(subject: Subject): Section | null {
  const { model, shape, edits, fields } = subject;
  if (!isA(model, "ScriptTask")) return null;
  const variable = attributeOf(subject, "zeebe:Script", "resultVariable");
  const format = model.get<string | undefined>("scriptFormat") ?? "";
  const isStarlark = format.toLowerCase() === STARLARK;
  const choose = (language: string) =>
    edits.together(
      () => edits.setExtension(shape, "zeebe:Script", { expression: undefined }),
      () => edits.set(shape, { scriptFormat: language || undefined, script: undefined }),
    );
  return {
    title: gettext("Script"),
    value: variable ? gettext("sets %(variable)s", { variable }) : "",
    body: [
      fields.select("language", gettext("Written as"), isStarlark ? STARLARK : format, LANGUAGES, choose),
      isStarlark
        ? fields.text({
            key: "script",
            label: gettext("Script"),
            value: model.get<string | undefined>("script") ?? "",
            lines: 12,
            mono: true,
            placeholder: "result = impact * urgency",
            hint: gettext("It sees the variables it names. Its last value, or what it assigns to result, is the result."),
            commit: (value) => edits.set(shape, { script: value.trim() ? value : undefined }),
          })
        : fields.text({ key: "expression", label: gettext("Expression"), value: attributeOf(subject, "zeebe:Script", "expression"), lines: 4, mono: true, placeholder: "= impact * urgency", commit: (value) => edits.setExtension(shape, "zeebe:Script", { expression: value.trim() }) }),
      fields.text({ key: "result", label: gettext("Result goes into"), value: variable, mono: true, placeholder: "priority", read: readName, commit: (value) => edits.setExtension(shape, "zeebe:Script", { resultVariable: value }) }),
    ],
  };
}

/** Says what an event without a trigger is, where one is expected. */
export function plainEvent(subject: Subject): Section | null {
  const { model } = subject;
  if (!isA(model, "IntermediateCatchEvent", "BoundaryEvent") || eventOf(model)) return null;
  return { title: gettext("Trigger"), value: gettext("none"), body: [h("p", { class: "hint" }, gettext("It waits for nothing. Change it with the wrench into a wait for a time or a message."))] };
}

export function executable(subject: Subject): Section | null {
  const { model, shape, edits, fields } = subject;
  const process = isA(model, "Participant") ? model.get<Model | undefined>("processRef") : isA(model, "Process") ? model : undefined;
  if (!process) return null;
  const on = process.get<boolean | undefined>("isExecutable") === true;
  return {
    title: gettext("Execution"),
    value: on ? gettext("can be run") : gettext("drawing only"),
    body: [fields.check("executable", gettext("This process can be run"), on, (checked) => edits.setPart(shape, process, { isExecutable: checked }), gettext("A pool that stands for somebody else is a drawing only."))],
  };
}
