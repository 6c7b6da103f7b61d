/** Which variables a run knows at a part, by what comes before it in the flow. Pure of the page. */
import { extensionOf, isA, type Model } from "../../bpmn/elements";
import { gettext } from "../../ui/words";

export interface Variable {
  name: string;
  /** The part it comes from. */
  from: Model;
  /** A value it could have, for trying. */
  sample: unknown;
}

const RESPONSE = { status: 200, headers: {}, body: {} };
const FAILURE = { code: "RETRIES_EXHAUSTED", kind: "TRANSIENT", cause: "HTTP 503" };
const COUNTS = ["loopCounter", "numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances"];

/** Returns what is known when a part begins: what was set before it, and what surrounds it. */
export function knownBefore(model: Model): Variable[] {
  if (isA(model, "SequenceFlow")) {
    const source = model.get<Model>("sourceRef");
    return distinct([...knownBefore(source), ...givenBy(source)]);
  }
  const container = model.$parent;
  if (!container || !isA(model, "FlowNode")) return [];
  const around = isA(container, "SubProcess") ? [...knownBefore(container), ...givenInside(container)] : [];
  return distinct([...around, ...before(model, container).flatMap((each) => givenBy(each)), ...givenInside(model)]);
}

/** Returns what is known once a part is done and what it keeps is chosen: its own results too. */
export function knownAfter(model: Model): Variable[] {
  return distinct([...knownBefore(model), ...resultsOf(model)]);
}

/** Returns what a part leaves behind: what its outputs choose, or else all it brings. */
export function givenBy(model: Model): Variable[] {
  const loop = model.get<Model | undefined>("loopCharacteristics");
  const collected = loop && extensionOf(loop, "zeebe:LoopCharacteristics")?.get<string | undefined>("outputCollection");
  const chosen = mappings(model, "outputParameters");
  const left = chosen.length ? chosen.map((name) => variable(name, model, null)) : resultsOf(model);
  return collected ? [...left, variable(collected, model, [])] : left;
}

/** Returns what is known inside a part alone: its inputs, and the item of a loop. */
function givenInside(model: Model): Variable[] {
  const loop = isA(model, "Activity") ? model.get<Model | undefined>("loopCharacteristics") : undefined;
  const item = loop && extensionOf(loop, "zeebe:LoopCharacteristics")?.get<string | undefined>("inputElement");
  const looped = loop ? [...(item ? [variable(item, model, null)] : []), ...COUNTS.map((name) => variable(name, model, 1))] : [];
  return [...mappings(model, "inputParameters").map((name) => variable(name, model, null)), ...looped];
}

/** Returns what a part brings, before anything chooses from it. */
function resultsOf(model: Model): Variable[] {
  if (isA(model, "SubProcess")) return flowNodes(model).flatMap((each) => givenBy(each));
  if (isA(model, "UserTask") && extensionOf(model, "interlock:Gate")) return gateResults(model);
  if (isA(model, "UserTask", "StartEvent")) return formFields(model);
  const result = resultVariable(model);
  if (result) return [variable(result, model, null)];
  if (extensionOf(model, "zeebe:TaskDefinition")?.get("type") === "http:1") return [variable("response", model, RESPONSE)];
  const isError = model.$type === "bpmn:BoundaryEvent" && triggers(model).some((each) => each.$type === "bpmn:ErrorEventDefinition");
  return isError ? [variable("failure", model, FAILURE)] : [];
}

function gateResults(model: Model): Variable[] {
  const choosing = mappings(model, "outputParameters").length > 0;
  const others = choosing ? [variable("decided_by", model, "ana.ruiz"), variable("reason", model, gettext("It looks right.")), ...formFields(model)] : [];
  return [variable("decision", model, "approve"), ...others];
}

function resultVariable(model: Model): string | undefined {
  return ["zeebe:Script", "zeebe:CalledDecision"].map((type) => extensionOf(model, type)?.get<string | undefined>("resultVariable")).find(Boolean);
}

interface Component {
  type?: string;
  key?: string;
  readonly?: boolean;
  values?: { value: unknown }[];
}

const SAMPLES: Record<string, unknown> = { number: 1, checkbox: true, datetime: "2026-12-01", textfield: "text", textarea: "text", checklist: [] };

/** Returns the fields of the form that a part shows, with a value each could hold. */
function formFields(model: Model): Variable[] {
  const id = extensionOf(model, "zeebe:FormDefinition")?.get<string | undefined>("formKey")?.replace(/^camunda-forms:bpmn:/, "");
  const all = processOf(model)?.get<Model | undefined>("extensionElements")?.get<Model[] | undefined>("values") ?? [];
  const body = all.find((each) => each.$type === "zeebe:UserTaskForm" && each.id === id)?.get<string | undefined>("body");
  const fields = id && body ? componentsIn(body) : [];
  return fields.flatMap(({ key, readonly, type, values }) => (key && readonly !== true ? [variable(key, model, values?.[0]?.value ?? SAMPLES[type ?? ""] ?? "text")] : []));
}

function componentsIn(body: string): Component[] {
  try {
    return (JSON.parse(body) as { components?: Component[] }).components ?? [];
  } catch {
    return [];
  }
}

/** Returns the nodes from which a part can be come to, nearest first. */
function before(model: Model, container: Model): Model[] {
  const flows = (container.get<Model[] | undefined>("flowElements") ?? []).filter((each) => isA(each, "SequenceFlow"));
  const found: Model[] = [];
  const pending = [...sourcesOf(model, flows)];
  for (let at = pending.shift(); at; at = pending.shift()) {
    if (found.includes(at)) continue;
    found.push(at);
    pending.push(...sourcesOf(at, flows));
  }
  // What an event sub-process begins may begin at any time: all around it may be done by then.
  if (container.get<boolean | undefined>("triggeredByEvent") === true && container.$parent) found.push(...flowNodes(container.$parent).filter((each) => each !== container));
  return found;
}

function sourcesOf(model: Model, flows: readonly Model[]): Model[] {
  const host = model.$type === "bpmn:BoundaryEvent" ? model.get<Model | undefined>("attachedToRef") : undefined;
  const sources = flows.filter((flow) => flow.get("targetRef") === model).map((flow) => flow.get<Model>("sourceRef"));
  return host ? [...sources, ...sourcesOf(host, flows)] : sources;
}

function flowNodes(container: Model): Model[] {
  return (container.get<Model[] | undefined>("flowElements") ?? []).filter((each) => isA(each, "FlowNode"));
}

function triggers(model: Model): Model[] {
  return model.get<Model[] | undefined>("eventDefinitions") ?? [];
}

function mappings(model: Model, direction: "inputParameters" | "outputParameters"): string[] {
  const found = extensionOf(model, "zeebe:IoMapping")?.get<Model[] | undefined>(direction) ?? [];
  return found.flatMap((each) => each.get<string | undefined>("target")?.split(".")[0] ?? []);
}

function processOf(model: Model): Model | null {
  for (let each: Model | undefined = model; each; each = each.$parent) if (each.$type === "bpmn:Process") return each;
  return null;
}

function variable(name: string, from: Model, sample: unknown): Variable {
  return { name, from, sample };
}

/** One for each name: the last that was set, which is the nearest. */
function distinct(variables: readonly Variable[]): Variable[] {
  const found = new Map<string, Variable>();
  for (const each of variables) if (!found.has(each.name) || found.get(each.name)?.sample === null) found.set(each.name, each);
  return [...found.values()];
}
