/** How work outside is tried again, what it will look like, and what is done when it cannot be done. */
import { readSpan, sayIso } from "../../../bpmn/durations";
import { extensionOf, isA, type Model, nameOf, nextOf } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext, ngettext } from "../../../ui/words";
import { declaredName, ERROR } from "../declared";
import { readWhole } from "../fields";
import { attributeField, attributeOf, type Group, isWork, type Subject } from "../group";
import { pictureOf, wordsOf } from "../retry-picture";
import { type Plan, planOf, type Policy } from "../retry-plan";

const FACTORS = [
  { value: "1", label: gettext("the same each time") },
  { value: "1.5", label: gettext("half as long again each time") },
  { value: "2", label: gettext("twice as long each time") },
  { value: "3", label: gettext("three times as long each time") },
];
/** What the engine does where nothing is written; engine/bpmn/elements.py says the same. */
const USUAL: Policy = { attempts: "3", firstDelay: "PT5S", factor: "2", cap: "PT5M", deadline: "" };
const USUAL_AROUND: Policy = { attempts: "8", firstDelay: "PT15S", factor: "2", cap: "PT10M", deadline: "" };

const RETRY = "interlock:Retry";
const AROUND = "interlock:EnvironmentRetry";

export function retry(subject: Subject): Group | null {
  if (!isWork(subject.model)) return null;
  const told = attributeOf(subject, "zeebe:TaskDefinition", "retries");
  const policy = policyOf(subject, RETRY, { ...USUAL, ...(told ? { attempts: told } : {}) });
  const plan = planOf(policy);
  return {
    title: gettext("Retry and errors"),
    value: ngettext("%(count)s attempt", "%(count)s attempts", Number(policy.attempts) || 0),
    body: [
      ...policyFields(subject, RETRY, { ...USUAL, ...(told ? { attempts: told } : {}) }),
      shown(plan),
      afterwards(subject),
      ...(isA(subject.model, "Event") ? [] : [around(subject)]),
    ],
  };
}

function policyOf(subject: Subject, type: string, usual: Policy): Policy {
  const written = (name: keyof Policy) => attributeOf(subject, type, name) || usual[name];
  return { attempts: written("attempts"), firstDelay: written("firstDelay"), factor: written("factor"), cap: written("cap"), deadline: attributeOf(subject, RETRY, "deadline") };
}

function policyFields(subject: Subject, type: string, usual: Policy): HTMLElement[] {
  const { shape, edits } = subject;
  const key = (name: string) => (type === RETRY ? name : `around-${name}`);
  const factor = String(Number(attributeOf(subject, type, "factor") || usual.factor));
  return [
    h(
      "div",
      { class: "form-row" },
      subject.fields.text({ key: key("attempts"), label: gettext("Attempts"), ...attributeField(subject, type, "attempts"), placeholder: usual.attempts, read: readWhole(1, 100) }),
      subject.fields.text({ key: key("first-delay"), label: gettext("First delay"), ...span(subject, type, "firstDelay", usual.firstDelay) }),
    ),
    subject.fields.select(key("factor"), gettext("Then wait"), factor, FACTORS, (value) => edits.setExtension(shape, type, { factor: value })),
    h(
      "div",
      { class: "form-row" },
      subject.fields.text({ key: key("cap"), label: gettext("Longest wait"), ...span(subject, type, "cap", usual.cap) }),
      type === RETRY && subject.fields.text({ key: "deadline", label: gettext("Give up after"), ...span(subject, RETRY, "deadline", "") }),
    ),
  ];
}

/** Shows what a policy will do. */
function shown(plan: Plan | null): HTMLElement | null {
  if (!plan) return null;
  const several = plan.attempts.length > 1;
  return h("div", { class: "plan" }, h("p", {}, wordsOf(plan)), several && pictureOf(plan), several && h("p", {}, gettext("A bar is where nine of ten come: each wait is spread, so that not all come at once.")));
}

/** A span of a policy is written down; it has no variables to be computed from. */
function span(subject: Subject, type: string, name: string, usual: string) {
  const { value, commit } = attributeField(subject, type, name);
  return { value: sayIso(value), commit, placeholder: usual ? sayIso(usual) : gettext("for example 2 h"), read: readDelay };
}

function readDelay(text: string): ReturnType<typeof readSpan> {
  if (text.trim().startsWith("=")) return { ok: false, error: gettext("Write a number with a unit, for example 30 s or 2 min.") };
  return readSpan(text);
}

/** Says where a step goes that could not be done, and offers to draw it. */
function afterwards(subject: Subject): HTMLElement {
  const { model, shape, edits } = subject;
  const caught = (shape.attachers ?? []).flatMap((edge) => {
    const trigger = edge.businessObject.get<Model[] | undefined>("eventDefinitions")?.find((one) => isA(one, "ErrorEventDefinition"));
    return trigger ? [{ code: declaredName(trigger, ERROR), target: nextOf(edge) }] : [];
  });
  const ways = caught.map(({ code, target }) => {
    const told = code || gettext("an error of the model");
    return h("li", {}, target ? gettext("%(code)s: goes to %(name)s", { code: told, name: nameOf(target) }) : gettext("%(code)s: leads nowhere yet", { code: told }));
  });
  const offers = isA(model, "Activity") && !caught.some(({ code }) => code === "RETRIES_EXHAUSTED");
  return h(
    "div",
    { class: "lines" },
    h("span", { class: "label" }, gettext("After the last attempt")),
    ways.length ? h("ul", { class: "ways" }, ...ways) : h("p", { class: "hint" }, gettext("The run waits as an incident until an operator decides.")),
    offers && subject.fields.button(gettext("Draw what to do instead"), () => edits.attachError(subject.definitions, shape, "RETRIES_EXHAUSTED", gettext("Could not be done"))),
  );
}

/** What differs when the network, a name or a certificate here is the cause, and when a system is left alone. */
function around(subject: Subject): HTMLElement {
  const policy = policyOf(subject, AROUND, USUAL_AROUND);
  const plan = planOf(policy);
  const isWritten = extensionOf(subject.model, AROUND) !== undefined || extensionOf(subject.model, "interlock:Circuit") !== undefined;
  return h(
    "details",
    { class: "fold-inline", open: isWritten },
    h("summary", {}, gettext("When our own surroundings fail")),
    h(
      "div",
      { class: "fold-inline-body" },
      h("p", { class: "hint" }, gettext("The network, a name, a certificate: these cost none of the attempts above.")),
      ...policyFields(subject, AROUND, USUAL_AROUND),
      shown(plan),
      ...(isA(subject.model, "ScriptTask") ? [] : [subject.fields.text({ key: "throw-after", label: gettext("Stop waiting for a failing system after"), ...span(subject, "interlock:Circuit", "throwAfter", ""), optional: true, hint: gettext("A system that fails again and again is left alone. Then the step ends with CIRCUIT_OPEN; empty waits for as long as it takes.") })]),
    ),
  );
}
