/** What the parts of a diagram are called in this product, and the little of bpmn-js's types used. */
import { gettext } from "../ui/words";

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
  labels?: Shape[];
  attachers?: Shape[];
  waypoints?: { x: number; y: number }[];
}

const WORDS: Record<string, string> = {
  StartEvent: gettext("Start"),
  EndEvent: gettext("End"),
  IntermediateCatchEvent: gettext("Wait"),
  IntermediateThrowEvent: gettext("Event"),
  BoundaryEvent: gettext("Event at the edge"),
  ExclusiveGateway: gettext("Decision"),
  ParallelGateway: gettext("Split or join"),
  InclusiveGateway: gettext("Inclusive gateway"),
  EventBasedGateway: gettext("Event-based gateway"),
  UserTask: gettext("User task"),
  ServiceTask: gettext("Service task"),
  ScriptTask: gettext("Script"),
  SequenceFlow: gettext("Flow"),
  SubProcess: gettext("Sub-process"),
  CallActivity: gettext("Call"),
  Participant: gettext("Pool"),
  Collaboration: gettext("Collaboration"),
  Process: gettext("Process"),
  TextAnnotation: gettext("Note"),
};

export function isA(model: Model, ...types: string[]): boolean {
  return types.some((type) => model.$instanceOf?.(`bpmn:${type}`) ?? model.$type === `bpmn:${type}`);
}

/** Returns the plain word for what a part is. */
export function kindOf(model: Model): string {
  const trigger = eventOf(model);
  if (isA(model, "UserTask") && extensionOf(model, "interlock:Gate")) return gettext("Gate");
  if (trigger && isA(model, "IntermediateCatchEvent")) return trigger.$type.includes("Timer") ? gettext("Wait for a time") : gettext("Wait for a message");
  if (trigger && isA(model, "BoundaryEvent")) return trigger.$type.includes("Timer") ? gettext("Time limit") : gettext("Event at the edge");
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
