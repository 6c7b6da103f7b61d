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
  outgoing?: Shape[];
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
  InclusiveGateway: gettext("Some of several ways"),
  EventBasedGateway: gettext("Whichever comes first"),
  ComplexGateway: gettext("Complex gateway"),
  Task: gettext("Step"),
  ManualTask: gettext("Step by hand"),
  UserTask: gettext("User task"),
  ServiceTask: gettext("Service task"),
  ScriptTask: gettext("Script"),
  BusinessRuleTask: gettext("Decision table"),
  SendTask: gettext("Send a message"),
  ReceiveTask: gettext("Receive a message"),
  SequenceFlow: gettext("Flow"),
  SubProcess: gettext("Sub-process"),
  Transaction: gettext("Transaction"),
  AdHocSubProcess: gettext("Steps in any order"),
  CallActivity: gettext("Call"),
  Participant: gettext("Pool"),
  Lane: gettext("Lane"),
  MessageFlow: gettext("Message flow"),
  Association: gettext("Association"),
  DataObjectReference: gettext("Data"),
  DataStoreReference: gettext("Data store"),
  Group: gettext("Group"),
  Collaboration: gettext("Collaboration"),
  Process: gettext("Process"),
  TextAnnotation: gettext("Note"),
};

/** What an event is by what it waits for, at each place where it can stand. */
const CAUGHT: Record<string, string> = {
  Timer: gettext("Wait for a time"),
  Message: gettext("Wait for a message"),
  Signal: gettext("Wait for a signal"),
  Conditional: gettext("Wait for a condition"),
  Link: gettext("Link: goes on here"),
};
const AT_THE_EDGE: Record<string, string> = {
  Timer: gettext("Time limit"),
  Message: gettext("When a message comes"),
  Signal: gettext("When a signal comes"),
  Conditional: gettext("When a condition holds"),
  Error: gettext("When it fails"),
  Escalation: gettext("When it escalates"),
  Compensate: gettext("When it is undone"),
  Cancel: gettext("When it is cancelled"),
};
const BEGUN: Record<string, string> = {
  Timer: gettext("Start by the clock"),
  Message: gettext("Start by a message"),
  Signal: gettext("Start by a signal"),
  Conditional: gettext("Start by a condition"),
  Error: gettext("Start by an error"),
  Escalation: gettext("Start by an escalation"),
  Compensate: gettext("Start by an undoing"),
};
const THROWN: Record<string, string> = {
  Message: gettext("Send a message"),
  Signal: gettext("Send a signal"),
  Escalation: gettext("Escalate"),
  Compensate: gettext("Undo steps"),
  Link: gettext("Link: goes on elsewhere"),
};
const ENDED: Record<string, string> = {
  Message: gettext("End with a message"),
  Signal: gettext("End with a signal"),
  Error: gettext("End with an error"),
  Escalation: gettext("End with an escalation"),
  Compensate: gettext("End, and undo steps"),
  Cancel: gettext("Cancel the transaction"),
  Terminate: gettext("End everything"),
};
const EVENTS: Record<string, Record<string, string>> = {
  IntermediateCatchEvent: CAUGHT,
  IntermediateThrowEvent: THROWN,
  BoundaryEvent: AT_THE_EDGE,
  StartEvent: BEGUN,
  EndEvent: ENDED,
};

export function isA(model: Model, ...types: string[]): boolean {
  return types.some((type) => model.$instanceOf?.(`bpmn:${type}`) ?? model.$type === `bpmn:${type}`);
}

/** Returns the plain word for what a part is. */
export function kindOf(model: Model): string {
  if (isA(model, "UserTask") && extensionOf(model, "interlock:Gate")) return gettext("Gate");
  const trigger = eventOf(model)?.$type.replace(/^bpmn:|EventDefinition$/g, "");
  if (isA(model, "SubProcess") && model.get<boolean | undefined>("triggeredByEvent") === true) return gettext("Event sub-process");
  const plain = model.$type.replace("bpmn:", "");
  const told = trigger === undefined ? undefined : EVENTS[plain]?.[trigger];
  return told ?? kindWords(plain);
}

/** Returns the plain word for an element of BPMN by its name, such as userTask. */
export function kindWords(tag: string): string {
  const plain = tag.replace(/^./, (first) => first.toUpperCase());
  return WORDS[plain] ?? plain.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase().replace(/^./, (first) => first.toUpperCase());
}

/** Returns the sequence flows out of a part. A file need not list them at the part itself. */
export function flowsOut(shape: Shape): Model[] {
  return (shape.outgoing ?? []).map((each) => each.businessObject).filter((each) => isA(each, "SequenceFlow"));
}

/** Returns where the first flow out of a part leads. */
export function nextOf(shape: Shape): Model | undefined {
  return flowsOut(shape)[0]?.get<Model | undefined>("targetRef");
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
