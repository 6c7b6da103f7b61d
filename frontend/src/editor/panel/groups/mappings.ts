/** What a step gets, and what the run keeps of it. */
import { extensionOf, isA, type Model } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import { attributeOf, type Group, type Subject } from "../group";

const MAPPINGS = "zeebe:IoMapping";

export interface Mapping {
  source: string;
  target: string;
}

type Direction = "inputParameters" | "outputParameters";

/** Returns the mappings of a direction. */
export function mappingsOf(model: Model, direction: Direction): Mapping[] {
  const found = extensionOf(model, MAPPINGS)?.get<Model[] | undefined>(direction) ?? [];
  return found.map((each) => ({ source: each.get<string | undefined>("source") ?? "", target: each.get<string | undefined>("target") ?? "" }));
}

/** Writes the mappings of one direction; the other stays. */
export function writeMappings({ model, shape, edits }: Subject, direction: Direction, rows: Mapping[]): void {
  const type = direction === "inputParameters" ? "zeebe:Input" : "zeebe:Output";
  const parts = rows.map((row) => edits.create(type, { ...row }));
  const other = direction === "inputParameters" ? "outputParameters" : "inputParameters";
  const others = extensionOf(model, MAPPINGS)?.get<Model[] | undefined>(other) ?? [];
  edits.putExtension(shape, MAPPINGS, parts.length || others.length ? { [direction]: parts, [other]: others } : null);
}

/** Inputs that the connector of a step shows already. */
export const CONNECTOR_INPUTS: readonly string[] = ["method", "url", "headers", "body", "errors"];

export function inputsAndOutputs(subject: Subject): Group | null {
  const { model } = subject;
  const [takes, gives] = directionsOf(model);
  if (!takes && !gives) return null;
  const isHttp = attributeOf(subject, "zeebe:TaskDefinition", "type") === "http:1";
  const inputs = mappingsOf(model, "inputParameters");
  const outputs = mappingsOf(model, "outputParameters");
  const hidden = (row: Mapping) => isHttp && CONNECTOR_INPUTS.includes(row.target);
  const shown = inputs.filter((row) => !hidden(row)).length;
  return {
    title: gettext("Inputs and outputs"),
    value: shown || outputs.length ? gettext("%(inputs)s in, %(outputs)s out", { inputs: shown, outputs: outputs.length }) : "",
    body: [
      takes ? list(subject, "inputParameters", inputs, hidden) : null,
      gives ? list(subject, "outputParameters", outputs, () => false, isHttp) : null,
      h("p", { class: "hint" }, gettext("A value that begins with = is an expression; any other is taken as it is.")),
    ],
  };
}

/** Returns whether the engine reads inputs of a part, and outputs. */
function directionsOf(model: Model): [takes: boolean, gives: boolean] {
  if (isA(model, "Activity")) return [true, true];
  if (isA(model, "ThrowEvent")) return [isWorking(model), isWorking(model)];
  return [false, isA(model, "CatchEvent")];
}

/** A thrown event has something to map where a connector sends it, or where something is mapped. */
function isWorking(model: Model): boolean {
  return extensionOf(model, "zeebe:TaskDefinition") !== undefined || extensionOf(model, MAPPINGS) !== undefined;
}

function list(subject: Subject, direction: Direction, rows: Mapping[], hidden: (row: Mapping) => boolean, isHttp = false): HTMLElement {
  const { fields } = subject;
  const isInput = direction === "inputParameters";
  // Edits the lines as they are by then: between two drawings of the panel they may have changed.
  const change = (edit: (now: Mapping[]) => Mapping[]) => writeMappings(subject, direction, edit(mappingsOf(subject.model, direction)));
  const put = (index: number, changed: Partial<Mapping>) => change((now) => now.map((row, at) => (at === index ? { ...row, ...changed } : row)));
  const line = (row: Mapping, index: number) =>
    h(
      "div",
      { class: "line" },
      fields.cell({ key: `${direction}-${index}-target`, label: isInput ? gettext("Input") : gettext("Variable"), value: row.target, mono: true, commit: (target) => put(index, { target }) }),
      fields.cell({ key: `${direction}-${index}-source`, label: gettext("= value"), value: row.source, mono: true, feel: "marked", commit: (source) => put(index, { source }) }),
      fields.remove(gettext("Remove %(what)s", { what: row.target || gettext("this line") }), () => change((now) => now.filter((_, at) => at !== index))),
    );
  const fresh: Mapping = isInput ? { target: "input", source: "=" } : isHttp ? { target: "result", source: "=response.body" } : { target: "result", source: "=" };
  const unused = (name: string, now: Mapping[]) => (now.some((row) => row.target === name) ? `${name}_${now.length + 1}` : name);
  return h(
    "div",
    { class: "lines" },
    h("span", { class: "label" }, isInput ? gettext("In: what the step gets") : gettext("Out: what the run keeps")),
    ...rows.flatMap((row, index) => (hidden(row) ? [] : [line(row, index)])),
    fields.button(isInput ? gettext("Add an input") : gettext("Add an output"), () => change((now) => [...now, { ...fresh, target: unused(fresh.target, now) }])),
  );
}
