/** Reads the net of a model that is open in the editor. */
import { eventOf, isA, type Model, nameOf } from "../../bpmn/elements";
import { type Flow, type Kind, type Net, netOf, type Node, type Repeat } from "./net";

/** Returns the net of what the definitions hold and the paper shows. */
export function readNet(definitions: Model, isDrawn: (id: string) => boolean): Net {
  const roots = definitions.get<Model[] | undefined>("rootElements") ?? [];
  const processes = roots.filter((root) => isA(root, "Process"));
  const inside = processes.flatMap((process) => elementsIn(process)).filter((each) => each.id !== undefined && isDrawn(each.id) && !isUndoing(each));
  const flows = flowsOf(inside);
  const messages = roots.filter((root) => isA(root, "Collaboration")).flatMap((root) => root.get<Model[] | undefined>("messageFlows") ?? []);
  const nodes = inside.filter((each) => isA(each, "FlowNode")).map((model) => nodeFrom(model, flows, messages));
  const known = new Set(nodes.map((node) => node.level));
  return netOf(processes.flatMap(({ id }) => (id !== undefined && known.has(id) ? [id] : [])), nodes, flows);
}

function elementsIn(level: Model): Model[] {
  const held = level.get<Model[] | undefined>("flowElements") ?? [];
  return held.flatMap((each) => (isA(each, "SubProcess") ? [each, ...elementsIn(each)] : [each]));
}

/** What only undoes another step is no part of the flow. */
function isUndoing(model: Model): boolean {
  return isA(model, "Activity") && model.get<boolean | undefined>("isForCompensation") === true;
}

function flowsOf(inside: readonly Model[]): Flow[] {
  const nodes = new Set(inside.filter((each) => isA(each, "FlowNode")).map((each) => each.id));
  return inside.filter((each) => isA(each, "SequenceFlow")).flatMap((flow) => {
    const [source, target] = [flow.get<Model | undefined>("sourceRef")?.id, flow.get<Model | undefined>("targetRef")?.id];
    if (source === undefined || target === undefined || !nodes.has(source) || !nodes.has(target)) return [];
    return [{ id: flow.id ?? "", name: flow.get<string | undefined>("name")?.trim() ?? "", source, target }];
  });
}

function nodeFrom(model: Model, flows: readonly Flow[], messages: readonly Model[]): Node {
  const id = model.id ?? "";
  const definition = eventOf(model);
  const trigger = definition?.$type.replace(/^bpmn:|EventDefinition$/g, "").toLowerCase() ?? "";
  return {
    id,
    name: nameOf(model),
    kind: kindFrom(model),
    level: model.$parent?.id ?? "",
    incoming: flows.filter((flow) => flow.target === id).map((flow) => flow.id),
    outgoing: flows.filter((flow) => flow.source === id).map((flow) => flow.id),
    trigger,
    ref: definition ? refOf(definition, trigger) : "",
    host: isA(model, "BoundaryEvent") ? (model.get<Model | undefined>("attachedToRef")?.id ?? null) : null,
    interrupts: interrupts(model, trigger),
    repeat: repeatOf(model),
    byEvent: isA(model, "SubProcess") && model.get<boolean | undefined>("triggeredByEvent") === true,
    conditional: isA(model, "Activity") && conditionsOf(model) > 0,
    tells: messages.flatMap((flow) => (flow.get<Model | undefined>("sourceRef") === model ? (flow.get<Model | undefined>("targetRef")?.id ?? []) : [])),
  };
}

/** The more special kind first. */
const KINDS: readonly { type: string; kind: Kind }[] = [
  { type: "SubProcess", kind: "level" },
  { type: "Activity", kind: "activity" },
  { type: "BoundaryEvent", kind: "boundary" },
  { type: "StartEvent", kind: "start" },
  { type: "EndEvent", kind: "end" },
  { type: "CatchEvent", kind: "catch" },
  { type: "ThrowEvent", kind: "throw" },
  { type: "ExclusiveGateway", kind: "exclusive" },
  { type: "ParallelGateway", kind: "parallel" },
  { type: "EventBasedGateway", kind: "event" },
];

function kindFrom(model: Model): Kind {
  return KINDS.find(({ type }) => isA(model, type))?.kind ?? "inclusive";
}

function refOf(definition: Model, trigger: string): string {
  if (trigger === "link") return definition.get<string | undefined>("name") ?? "";
  const property = { error: "errorRef", escalation: "escalationRef", signal: "signalRef" }[trigger];
  if (property === undefined) return "";
  const named = definition.get<Model | undefined>(property);
  const code = trigger === "signal" ? named?.get<string | undefined>("name") : named?.get<string | undefined>(trigger === "error" ? "errorCode" : "escalationCode");
  return code ?? named?.id ?? "";
}

/** An error and a cancellation always stop what they come from. */
function interrupts(model: Model, trigger: string): boolean {
  if (trigger === "error" || trigger === "cancel") return true;
  if (isA(model, "BoundaryEvent")) return model.get<boolean | undefined>("cancelActivity") !== false;
  return !isA(model, "StartEvent") || model.get<boolean | undefined>("isInterrupting") !== false;
}

function repeatOf(model: Model): Repeat | null {
  const marker = isA(model, "Activity") ? model.get<Model | undefined>("loopCharacteristics") : undefined;
  if (!marker) return null;
  if (marker.$type === "bpmn:StandardLoopCharacteristics") return "loop";
  return marker.get<boolean | undefined>("isSequential") === true ? "sequential" : "parallel";
}

function conditionsOf(model: Model): number {
  return (model.get<Model[] | undefined>("outgoing") ?? []).filter((flow) => flow.get<Model | undefined>("conditionExpression") !== undefined).length;
}
