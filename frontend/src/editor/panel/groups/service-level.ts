/** By when a step should be done, how urgent it is, and what happens when its time is over. */
import { readMoment, readSpan, sayIso, sayMoment } from "../../../bpmn/durations";
import { isA, type Model, nameOf, nextOf } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import { readWhole } from "../fields";
import { attributeField, attributeOf, bodyOf, type Group, type Subject } from "../group";

const SCHEDULE = "zeebe:TaskSchedule";
const PRIORITY = "zeebe:PriorityDefinition";

export function serviceLevel(subject: Subject): Group | null {
  const { model } = subject;
  if (!isA(model, "Activity") || model.get<boolean | undefined>("triggeredByEvent") === true || model.get<boolean | undefined>("isForCompensation") === true) return null;
  const due = sayDue(attributeOf(subject, SCHEDULE, "dueDate"));
  const limits = limitsOf(subject);
  return {
    title: gettext("Service level"),
    value: [due, ...limits.map((each) => sayIso(each.after))].filter(Boolean).join(", "),
    body: [...(isA(model, "UserTask") ? ofPeople(subject, due) : []), timeLimits(subject, limits)],
  };
}

function ofPeople(subject: Subject, due: string): HTMLElement[] {
  const { fields } = subject;
  return [
    fields.text({ key: "due", label: gettext("Due"), ...attributeField(subject, SCHEDULE, "dueDate"), value: due, feel: "marked", optional: true, placeholder: gettext("for example 4 h"), hint: gettext("A span from when it is offered, a day and a time, or = and an expression."), read: readDue }),
    fields.text({ key: "priority", label: gettext("Priority"), ...attributeField(subject, PRIORITY, "priority"), feel: "marked", optional: true, placeholder: "50", hint: gettext("0 to 100; or = and an expression."), read: readPriority }),
  ];
}

/** Reads by when: a span, or a moment. */
function readDue(text: string): ReturnType<typeof readSpan> {
  const moment = readMoment(text);
  return moment.ok ? moment : readSpan(text);
}

function sayDue(written: string): string {
  return sayMoment(sayIso(written));
}

function readPriority(text: string): ReturnType<typeof readSpan> {
  return text.trim().startsWith("=") ? { ok: true, value: text.trim() } : readWhole(0, 100)(text);
}

interface Limit {
  after: string;
  stops: boolean;
  target: Model | undefined;
}

/** Returns the time limits drawn at the edge of a step. */
function limitsOf({ shape }: Subject): Limit[] {
  return (shape.attachers ?? []).flatMap((edge) => {
    const event = edge.businessObject;
    const timer = event.get<Model[] | undefined>("eventDefinitions")?.find((each) => isA(each, "TimerEventDefinition"));
    if (!timer) return [];
    const after = bodyOf(["timeDuration", "timeDate", "timeCycle"].map((name) => timer.get<Model | undefined>(name)).find(Boolean));
    return [{ after, stops: event.get<boolean | undefined>("cancelActivity") !== false, target: nextOf(edge) }];
  });
}

function timeLimits({ shape, edits, fields }: Subject, limits: readonly Limit[]): HTMLElement {
  const words = ({ after, stops, target }: Limit) => {
    const span = sayIso(after) || gettext("a span not said yet");
    if (!target) return gettext("After %(span)s: leads nowhere yet", { span });
    const name = nameOf(target);
    return stops ? gettext("After %(span)s: stops, and goes to %(name)s", { span, name }) : gettext("After %(span)s: goes on, and %(name)s begins beside it", { span, name });
  };
  return h(
    "div",
    { class: "lines" },
    h("span", { class: "label" }, gettext("When its time is over")),
    limits.length ? h("ul", { class: "ways" }, ...limits.map((each) => h("li", {}, words(each)))) : h("p", { class: "hint" }, gettext("Nothing: it may take as long as it takes.")),
    fields.button(gettext("Add a time limit"), () => edits.attachTimer(shape, "PT4H", gettext("Too late"))),
  );
}
