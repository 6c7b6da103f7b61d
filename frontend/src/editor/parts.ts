/** Every part that can be drawn, in plain words: what can be drawn is what can be run. */
import { gettext } from "../ui/words";

export interface Part {
  key: string;
  /** One word under the sign in the palette; only parts of the palette have one. */
  word?: string;
  /** A sign of our sprite, for the palette. */
  sign?: string;
  /** What it is, and what it does. */
  label: string;
  title: string;
  /** What else one may call it, for the search: BPMN's own name among others. */
  search: string;
  /** The glyph of the drawing library's font, behind `bpmn-icon-`. */
  glyph: string;
  type: string;
  trigger?: string;
  attributes?: Record<string, unknown>;
  /** The name a new element gets: an element without one says nothing in a run. */
  named?: string;
  family: Family;
}

export type Family = "step" | "way" | "start" | "wait" | "throw" | "end" | "edge" | "frame";

/** The families in the order of the menus. */
export const FAMILIES: Record<Family, string> = {
  step: gettext("Steps"),
  way: gettext("Ways"),
  wait: gettext("Wait"),
  throw: gettext("Tell"),
  end: gettext("End"),
  edge: gettext("At the edge of the step"),
  start: gettext("Start"),
  frame: gettext("Frames and notes"),
};

const CATCH = "bpmn:IntermediateCatchEvent";
const THROW = "bpmn:IntermediateThrowEvent";
const END = "bpmn:EndEvent";
const START = "bpmn:StartEvent";
const EDGE = "bpmn:BoundaryEvent";

export const PARTS: readonly Part[] = [
  { key: "person", word: gettext("Person"), sign: "box-user", label: gettext("Person"), title: gettext("Somebody does it"), search: "user task human form", glyph: "user", type: "bpmn:UserTask", family: "step" },
  { key: "gate", word: gettext("Gate"), sign: "box-gate", label: gettext("Gate"), title: gettext("Somebody approves or rejects"), search: "approval decision quorum user task", glyph: "user", type: "bpmn:UserTask", named: gettext("Approve"), family: "step" },
  { key: "service", word: gettext("Service"), sign: "box-gear", label: gettext("Service"), title: gettext("A connector does it"), search: "service task http rest connector api", glyph: "service", type: "bpmn:ServiceTask", family: "step" },
  { key: "script", word: gettext("Script"), sign: "box-script", label: gettext("Script"), title: gettext("An expression or a script sets a variable"), search: "script task feel starlark", glyph: "script", type: "bpmn:ScriptTask", family: "step" },
  { key: "decision", label: gettext("Decision table"), title: gettext("A table of rules decides"), search: "business rule task dmn", glyph: "business-rule", type: "bpmn:BusinessRuleTask", family: "step" },
  { key: "call", label: gettext("Call a process"), title: gettext("Another process is run, and waited for"), search: "call activity", glyph: "call-activity", type: "bpmn:CallActivity", family: "step" },
  { key: "send", label: gettext("Send a message"), title: gettext("To a waiting run, or outside"), search: "send task", glyph: "send", type: "bpmn:SendTask", family: "step" },
  { key: "receive", label: gettext("Receive a message"), title: gettext("Waits until it comes"), search: "receive task", glyph: "receive", type: "bpmn:ReceiveTask", family: "step" },
  { key: "manual", label: gettext("Step by hand"), title: gettext("Done outside of any system"), search: "manual task", glyph: "manual", type: "bpmn:ManualTask", family: "step" },
  { key: "plain", label: gettext("Step to be decided"), title: gettext("Not said yet how it is done"), search: "task abstract", glyph: "task", type: "bpmn:Task", family: "step" },
  { key: "sub", label: gettext("Sub-process"), title: gettext("Several steps as one"), search: "subprocess expanded", glyph: "subprocess-expanded", type: "bpmn:SubProcess", attributes: { isExpanded: true }, family: "step" },
  { key: "transaction", label: gettext("Transaction"), title: gettext("All of it, or it is undone"), search: "subprocess compensation cancel", glyph: "transaction", type: "bpmn:Transaction", attributes: { isExpanded: true }, family: "step" },
  { key: "any-order", label: gettext("Steps in any order"), title: gettext("Chosen as it goes"), search: "ad hoc subprocess", glyph: "ad-hoc-subprocess", type: "bpmn:AdHocSubProcess", attributes: { isExpanded: true }, family: "step" },

  { key: "decide", word: gettext("Decide"), sign: "diax", label: gettext("Decide"), title: gettext("One of several ways is taken"), search: "exclusive gateway xor", glyph: "gateway-xor", type: "bpmn:ExclusiveGateway", family: "way" },
  { key: "split", word: gettext("Split"), sign: "dia-plus", label: gettext("Split or join"), title: gettext("All ways are taken, and joined again"), search: "parallel gateway and fork", glyph: "gateway-parallel", type: "bpmn:ParallelGateway", family: "way" },
  { key: "some", label: gettext("Some of several ways"), title: gettext("Every way that holds is taken"), search: "inclusive gateway or", glyph: "gateway-or", type: "bpmn:InclusiveGateway", family: "way" },
  { key: "first", label: gettext("Whichever comes first"), title: gettext("The way of the first event is taken"), search: "event based gateway", glyph: "gateway-eventbased", type: "bpmn:EventBasedGateway", family: "way" },
  { key: "complex", label: gettext("Complex gateway"), title: gettext("Goes on when a condition of its own holds"), search: "complex gateway", glyph: "gateway-complex", type: "bpmn:ComplexGateway", family: "way" },

  { key: "wait", word: gettext("Wait"), sign: "ring-clock", label: gettext("Wait for a time"), title: gettext("A span, or a moment"), search: "timer intermediate catch event", glyph: "intermediate-event-catch-timer", type: CATCH, trigger: "bpmn:TimerEventDefinition", family: "wait" },
  { key: "message", word: gettext("Message"), sign: "ring-msg", label: gettext("Wait for a message"), title: gettext("From another run, or from outside"), search: "message intermediate catch event", glyph: "intermediate-event-catch-message", type: CATCH, trigger: "bpmn:MessageEventDefinition", family: "wait" },
  { key: "wait-signal", label: gettext("Wait for a signal"), title: gettext("Everyone who waits hears it"), search: "signal intermediate catch event", glyph: "intermediate-event-catch-signal", type: CATCH, trigger: "bpmn:SignalEventDefinition", family: "wait" },
  { key: "wait-condition", label: gettext("Wait for a condition"), title: gettext("Until the data says so"), search: "conditional intermediate catch event", glyph: "intermediate-event-catch-condition", type: CATCH, trigger: "bpmn:ConditionalEventDefinition", family: "wait" },
  { key: "link-here", label: gettext("Link: goes on here"), title: gettext("Where a jump of the same name leads"), search: "link intermediate catch event", glyph: "intermediate-event-catch-link", type: CATCH, trigger: "bpmn:LinkEventDefinition", family: "wait" },

  { key: "tell-message", label: gettext("Send a message on the way"), title: gettext("And go on at once"), search: "message intermediate throw event", glyph: "intermediate-event-throw-message", type: THROW, trigger: "bpmn:MessageEventDefinition", family: "throw" },
  { key: "tell-signal", label: gettext("Send a signal"), title: gettext("To everyone who waits for it"), search: "signal intermediate throw event", glyph: "intermediate-event-throw-signal", type: THROW, trigger: "bpmn:SignalEventDefinition", family: "throw" },
  { key: "escalate", label: gettext("Escalate"), title: gettext("Tells a frame around, and goes on"), search: "escalation intermediate throw event", glyph: "intermediate-event-throw-escalation", type: THROW, trigger: "bpmn:EscalationEventDefinition", family: "throw" },
  { key: "undo", label: gettext("Undo steps"), title: gettext("What is done is undone, the last first"), search: "compensation intermediate throw event", glyph: "intermediate-event-throw-compensation", type: THROW, trigger: "bpmn:CompensateEventDefinition", family: "throw" },
  { key: "link-there", label: gettext("Link: goes on elsewhere"), title: gettext("Jumps to the link of the same name"), search: "link intermediate throw event", glyph: "intermediate-event-throw-link", type: THROW, trigger: "bpmn:LinkEventDefinition", family: "throw" },

  { key: "end", word: gettext("End"), sign: "thick", label: gettext("End"), title: gettext("A path ends"), search: "end event none", glyph: "end-event-none", type: END, family: "end" },
  { key: "end-all", label: gettext("End everything"), title: gettext("Every other path ends too"), search: "terminate end event", glyph: "end-event-terminate", type: END, trigger: "bpmn:TerminateEventDefinition", family: "end" },
  { key: "end-error", label: gettext("End with an error"), title: gettext("Taken by who waits for its code"), search: "error end event", glyph: "end-event-error", type: END, trigger: "bpmn:ErrorEventDefinition", family: "end" },
  { key: "end-message", label: gettext("End with a message"), title: gettext("Sent as the path ends"), search: "message end event", glyph: "end-event-message", type: END, trigger: "bpmn:MessageEventDefinition", family: "end" },
  { key: "end-signal", label: gettext("End with a signal"), title: gettext("Sent as the path ends"), search: "signal end event", glyph: "end-event-signal", type: END, trigger: "bpmn:SignalEventDefinition", family: "end" },
  { key: "end-escalation", label: gettext("End with an escalation"), title: gettext("Tells a frame around"), search: "escalation end event", glyph: "end-event-escalation", type: END, trigger: "bpmn:EscalationEventDefinition", family: "end" },
  { key: "end-undo", label: gettext("End, and undo steps"), title: gettext("What is done is undone"), search: "compensation end event", glyph: "end-event-compensation", type: END, trigger: "bpmn:CompensateEventDefinition", family: "end" },
  { key: "end-cancel", label: gettext("Cancel the transaction"), title: gettext("Only inside a transaction"), search: "cancel end event", glyph: "end-event-cancel", type: END, trigger: "bpmn:CancelEventDefinition", family: "end" },

  { key: "edge-time", label: gettext("Time limit"), title: gettext("When it takes too long"), search: "timer boundary event", glyph: "intermediate-event-catch-timer", type: EDGE, trigger: "bpmn:TimerEventDefinition", family: "edge" },
  { key: "edge-error", label: gettext("When it fails"), title: gettext("An error of the step, or its last attempt"), search: "error boundary event", glyph: "intermediate-event-catch-error", type: EDGE, trigger: "bpmn:ErrorEventDefinition", family: "edge" },
  { key: "edge-message", label: gettext("When a message comes"), title: gettext("While the step is under way"), search: "message boundary event", glyph: "intermediate-event-catch-message", type: EDGE, trigger: "bpmn:MessageEventDefinition", family: "edge" },
  { key: "edge-signal", label: gettext("When a signal comes"), title: gettext("While the step is under way"), search: "signal boundary event", glyph: "intermediate-event-catch-signal", type: EDGE, trigger: "bpmn:SignalEventDefinition", family: "edge" },
  { key: "edge-condition", label: gettext("When a condition holds"), title: gettext("While the step is under way"), search: "conditional boundary event", glyph: "intermediate-event-catch-condition", type: EDGE, trigger: "bpmn:ConditionalEventDefinition", family: "edge" },
  { key: "edge-escalation", label: gettext("When it escalates"), title: gettext("From inside a sub-process or a call"), search: "escalation boundary event", glyph: "intermediate-event-catch-escalation", type: EDGE, trigger: "bpmn:EscalationEventDefinition", family: "edge" },
  { key: "edge-undo", label: gettext("When it is undone"), title: gettext("Leads to the step that undoes it"), search: "compensation boundary event", glyph: "intermediate-event-catch-compensation", type: EDGE, trigger: "bpmn:CompensateEventDefinition", family: "edge" },

  { key: "start", word: gettext("Start"), sign: "ring", label: gettext("Start"), title: gettext("A run begins"), search: "start event none", glyph: "start-event-none", type: START, family: "start" },
  { key: "start-time", label: gettext("Start by the clock"), title: gettext("At a moment, or again and again"), search: "timer start event", glyph: "start-event-timer", type: START, trigger: "bpmn:TimerEventDefinition", family: "start" },
  { key: "start-message", label: gettext("Start by a message"), title: gettext("From another run, or from outside"), search: "message start event", glyph: "start-event-message", type: START, trigger: "bpmn:MessageEventDefinition", family: "start" },
  { key: "start-signal", label: gettext("Start by a signal"), title: gettext("Whenever it is heard"), search: "signal start event", glyph: "start-event-signal", type: START, trigger: "bpmn:SignalEventDefinition", family: "start" },

  { key: "event-sub", label: gettext("Event sub-process"), title: gettext("Begins when its event occurs"), search: "event subprocess", glyph: "event-subprocess-expanded", type: "bpmn:SubProcess", attributes: { triggeredByEvent: true, isExpanded: true }, family: "frame" },
  { key: "pool", label: gettext("Pool"), title: gettext("Who does it all"), search: "participant lane", glyph: "participant", type: "bpmn:Participant", family: "frame" },
  { key: "note", label: gettext("Note"), title: gettext("Words beside the drawing"), search: "text annotation comment", glyph: "text-annotation", type: "bpmn:TextAnnotation", family: "frame" },
  { key: "data", label: gettext("Data"), title: gettext("What is read and written"), search: "data object", glyph: "data-object", type: "bpmn:DataObjectReference", family: "frame" },
  { key: "store", label: gettext("Data store"), title: gettext("Where data lies"), search: "data store database", glyph: "data-store", type: "bpmn:DataStoreReference", family: "frame" },
  { key: "group", label: gettext("Group"), title: gettext("A frame that means nothing to a run"), search: "group", glyph: "group", type: "bpmn:Group", family: "frame" },
];

/** The parts of the palette, in its order. */
export const PALETTE: readonly (Part & { word: string; sign: string })[] = ["start", "wait", "message", "end", "decide", "split", "person", "gate", "service", "script"].flatMap((key) => PARTS.filter((part): part is Part & { word: string; sign: string } => part.key === key && part.word !== undefined && part.sign !== undefined));
