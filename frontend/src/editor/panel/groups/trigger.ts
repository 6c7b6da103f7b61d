/** What an event waits for or does, by its kind: the files of `triggers/`. */
import { eventOf, isA, type Model } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import type { Group, Subject } from "../group";
import { declaredName, MESSAGE } from "../declared";
import { send } from "../steps/message";
import { messageFields } from "../triggers/message";
import { error, escalation, signal } from "../triggers/named";
import { cancel, compensation, conditional, link, terminate } from "../triggers/plain";
import { timer } from "../triggers/timer";

type TriggerMaker = (subject: Subject, trigger: Model) => Omit<Group, "title">;

const KINDS: Record<string, readonly [title: string, make: TriggerMaker]> = {
  Timer: [gettext("Time"), timer],
  Message: [gettext("Message"), message],
  Signal: [gettext("Signal"), signal],
  Error: [gettext("Error"), error],
  Escalation: [gettext("Escalation"), escalation],
  Conditional: [gettext("Condition"), conditional],
  Link: [gettext("Link"), link],
  Compensate: [gettext("Undo"), compensation],
  Cancel: [gettext("Cancel"), cancel],
  Terminate: [gettext("End"), terminate],
};
/** Titles of the groups of events, which are open at first. */
export const TRIGGER_TITLES: readonly string[] = Object.values(KINDS).map(([title]) => title);

export function trigger(subject: Subject): Group | null {
  const { model } = subject;
  if (!isA(model, "Event")) return null;
  const definitions = model.get<Model[] | undefined>("eventDefinitions") ?? [];
  if (definitions.length > 1) return { title: gettext("Trigger"), value: gettext("several"), body: [h("p", { class: "hint" }, gettext("It has several triggers. They are kept as they are in the file."))] };
  const found = eventOf(model);
  if (!found) return plainEvent(model);
  const [title, make] = KINDS[found.$type.replace(/^bpmn:|EventDefinition$/g, "")] ?? [gettext("Trigger"), () => ({ value: "", body: [] })];
  const { value, body } = make(subject, found);
  return { title, value, body: [...body, ...interruption(subject, found)] };
}

function message(subject: Subject, trigger: Model): Omit<Group, "title"> {
  const { model } = subject;
  if (isA(model, "ThrowEvent")) return send(subject, trigger);
  // Whoever begins a run with a message finds no run that waits for it.
  const isTopStart = isA(model, "StartEvent") && !isA(model.$parent ?? model, "SubProcess");
  return { value: declaredName(trigger, MESSAGE), body: messageFields(subject, trigger, !isTopStart) };
}

/** Tells an event without a trigger what it needs, where one is expected. */
function plainEvent(model: Model): Group | null {
  if (!isA(model, "IntermediateCatchEvent", "BoundaryEvent")) return null;
  return { title: gettext("Trigger"), value: gettext("none"), body: [h("p", { class: "hint" }, gettext("It waits for nothing. Change it with the wrench into a wait for a time or a message."))] };
}

function interruption({ model, shape, edits, fields }: Subject, found: Model): HTMLElement[] {
  const always = isA(found, "ErrorEventDefinition", "CancelEventDefinition", "CompensateEventDefinition");
  if (isA(model, "BoundaryEvent") && !always) {
    const stops = model.get<boolean | undefined>("cancelActivity") !== false;
    return [fields.check("interrupting", gettext("Stops the step"), stops, (checked) => edits.set(shape, { cancelActivity: checked }), gettext("Otherwise the step goes on and this path runs beside it."))];
  }
  if (!isA(model, "StartEvent") || model.$parent?.get<boolean | undefined>("triggeredByEvent") !== true || always) return [];
  const ends = model.get<boolean | undefined>("isInterrupting") !== false;
  return [fields.check("interrupting", gettext("Stops what is around it"), ends, (checked) => edits.set(shape, { isInterrupting: checked }), gettext("Otherwise the rest goes on beside it."))];
}
