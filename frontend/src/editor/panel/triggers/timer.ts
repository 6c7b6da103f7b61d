/** When an event occurs by the clock: after a span, at a moment, again and again. */
import { readCycle, readMoment, readSpan, sayCycle, sayIso, sayMoment } from "../../../bpmn/durations";
import { isA, type Model } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import { bodyOf, type Group, type Subject } from "../group";

const KINDS = [
  { value: "timeDuration", label: gettext("After a span") },
  { value: "timeDate", label: gettext("At a moment") },
  { value: "timeCycle", label: gettext("Again and again") },
] as const;
const READ = { timeDuration: readSpan, timeDate: readMoment, timeCycle: readCycle };
const SAY = { timeDuration: sayIso, timeDate: sayMoment, timeCycle: sayCycle };
const WORDS = {
  timeDuration: [gettext("How long"), gettext("for example 30 min")],
  timeDate: [gettext("When"), gettext("for example 2026-12-01 06:00")],
  timeCycle: [gettext("How often"), gettext("for example every 1 h")],
} as const;

export function timer(subject: Subject, trigger: Model): Omit<Group, "title"> {
  const { shape, edits, fields, model } = subject;
  const kind = KINDS.find((each) => trigger.get(each.value))?.value ?? (isA(model, "StartEvent") ? "timeCycle" : "timeDuration");
  const written = bodyOf(trigger.get<Model | undefined>(kind));
  const write = (name: string, body: string) => {
    const cleared = { timeDuration: undefined, timeDate: undefined, timeCycle: undefined };
    edits.setPart(shape, trigger, { ...cleared, [name]: edits.create("bpmn:FormalExpression", { body }, trigger) });
  };
  const [label, placeholder] = WORDS[kind];
  return {
    value: SAY[kind](written),
    body: [
      fields.select("timer-kind", gettext("Fires"), kind, KINDS, (next) => write(next, "")),
      fields.text({ key: `timer-${kind}`, label, placeholder, value: SAY[kind](written), feel: "marked", read: READ[kind], hint: gettext("Or = and an expression."), commit: (value) => write(kind, value) }),
    ],
  };
}
