/** Triggers known by a name or a code: signals, errors and escalations. */
import { isA, type Model } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import { type Declaration, declaredName, declaredNames, ERROR, ESCALATION, refer, SIGNAL } from "../declared";
import type { Group, Subject } from "../group";

/** Codes with which a step ends that found no way to do its work; docs/connectors.md. */
const FAILURES = ["RETRIES_EXHAUSTED", "PERMANENT_FAILURE", "DEADLINE", "CIRCUIT_OPEN"];

export function signal(subject: Subject, trigger: Model): Omit<Group, "title"> {
  return named(subject, trigger, SIGNAL, { label: gettext("Name of the signal"), hint: gettext("Everyone who waits for this name hears it; = and an expression makes the name from variables.") });
}

export function error(subject: Subject, trigger: Model): Omit<Group, "title"> {
  const isCaught = isA(subject.model, "CatchEvent");
  const hint = isCaught ? gettext("Empty takes every error of the model, but none of the four with which a failed step ends: %(codes)s.", { codes: FAILURES.join(", ") }) : gettext("An error event around it with the same code takes it.");
  const made = named(subject, trigger, ERROR, { label: gettext("Code of the error"), hint, more: isCaught ? FAILURES : [] });
  return isCaught ? { value: made.value || gettext("any"), body: [...made.body, h("p", { class: "hint" }, gettext("It brings failure.code, failure.kind and failure.cause."))] } : made;
}

export function escalation(subject: Subject, trigger: Model): Omit<Group, "title"> {
  const isCaught = isA(subject.model, "CatchEvent");
  const made = named(subject, trigger, ESCALATION, { label: gettext("Code of the escalation"), hint: isCaught ? gettext("Empty takes every escalation.") : gettext("It tells a scope around; nothing ends by it alone.") });
  return isCaught ? { ...made, value: made.value || gettext("any") } : made;
}

function named(subject: Subject, trigger: Model, declaration: Declaration, told: { label: string; hint: string; more?: readonly string[] }): Omit<Group, "title"> {
  const value = declaredName(trigger, declaration);
  return {
    value,
    body: [
      subject.fields.text({
        key: `named-${declaration.type}`,
        label: told.label,
        value,
        mono: true,
        hint: told.hint,
        suggestions: [...declaredNames(subject, declaration), ...(told.more ?? [])],
        commit: (name) => refer(subject, trigger, declaration, name),
      }),
    ],
  };
}
