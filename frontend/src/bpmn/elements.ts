/** What the parts of a diagram are called in this product, and the little of bpmn-js's types used. */

/** A part of the model: moddle's own objects, whose properties are read by name. */
export interface Model {
  $type: string;
  $parent?: Model;
  id?: string;
  get<T = unknown>(name: string): T;
  set(name: string, value: unknown): void;
  $instanceOf?(type: string): boolean;
}

/** A shape or connection on the canvas. */
export interface Shape {
  id: string;
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  businessObject: Model;
  parent?: Shape;
  labelTarget?: Shape;
  waypoints?: { x: number; y: number }[];
}

const WORDS: Record<string, string> = {
  StartEvent: "Start",
  EndEvent: "End",
  IntermediateCatchEvent: "Wait",
  IntermediateThrowEvent: "Event",
  BoundaryEvent: "Event at the edge",
  ExclusiveGateway: "Decision",
  ParallelGateway: "Split or join",
  InclusiveGateway: "Inclusive gateway",
  EventBasedGateway: "Event-based gateway",
  UserTask: "User task",
  ServiceTask: "Service task",
  ScriptTask: "Script",
  SequenceFlow: "Flow",
  SubProcess: "Sub-process",
  CallActivity: "Call",
  Participant: "Pool",
  Collaboration: "Collaboration",
  Process: "Process",
  TextAnnotation: "Note",
};

export function isA(model: Model, ...types: string[]): boolean {
  return types.some((type) => model.$instanceOf?.(`bpmn:${type}`) ?? model.$type === `bpmn:${type}`);
}

/** Returns the plain word for what a part is. */
export function kindOf(model: Model): string {
  const trigger = eventOf(model);
  if (isA(model, "UserTask") && extensionOf(model, "interlock:Gate")) return "Gate";
  if (trigger && isA(model, "IntermediateCatchEvent")) return trigger.$type.includes("Timer") ? "Wait for a time" : "Wait for a message";
  if (trigger && isA(model, "BoundaryEvent")) return trigger.$type.includes("Timer") ? "Time limit" : "Event at the edge";
  const plain = model.$type.replace("bpmn:", "");
  return WORDS[plain] ?? plain.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase().replace(/^./, (first) => first.toUpperCase());
}

/** Returns what triggers an event, or undefined for a plain one. */
export function eventOf(model: Model): Model | undefined {
  return isA(model, "Event") ? model.get<Model[] | undefined>("eventDefinitions")?.[0] : undefined;
}

/** Returns the extension element of a type. */
export function extensionOf(model: Model, type: string): Model | undefined {
  const extensions = model.get<Model | undefined>("extensionElements");
  return extensions?.get<Model[] | undefined>("values")?.find((each) => each.$type === type);
}

/** Returns the name of a part, or what it is where it has none. */
export function nameOf(model: Model): string {
  const name = isA(model, "TextAnnotation") ? model.get<string | undefined>("text") : model.get<string | undefined>("name");
  return name?.trim() || kindOf(model);
}
