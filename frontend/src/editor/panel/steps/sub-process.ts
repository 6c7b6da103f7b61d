/** A process within the process, and what its kind asks for. */
import { isA } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext, ngettext } from "../../../ui/words";
import { readName } from "../fields";
import { attributeField, expressionField, type Group, type Subject } from "../group";

const AD_HOC = "zeebe:AdHoc";

export function subProcess(subject: Subject): Omit<Group, "title"> {
  const { model } = subject;
  const steps = (model.get<{ $type: string }[] | undefined>("flowElements") ?? []).filter((each) => /Task|Activity|SubProcess|Transaction/.test(each.$type)).length;
  const body = isA(model, "AdHocSubProcess") ? adHoc(subject) : [h("p", { class: "hint" }, words(subject))];
  return { value: ngettext("%(count)s step", "%(count)s steps", steps), body };
}

function words({ model }: Subject): string {
  if (isA(model, "Transaction")) return gettext("All of it is done, or what was done is undone: a cancel end inside cancels it.");
  if (model.get<boolean | undefined>("triggeredByEvent") === true) return gettext("It begins when its start event occurs, beside or instead of what is around it.");
  return gettext("Done as one step. What is set inside stays inside where Inputs and outputs name something.");
}

/** Steps in any order: which begin, one at a time or not, and when it is enough. */
function adHoc(subject: Subject): (HTMLElement | null)[] {
  const { model, shape, edits, fields } = subject;
  const isSequential = model.get<string | undefined>("ordering") === "Sequential";
  const stops = model.get<boolean | undefined>("cancelRemainingInstances") !== false;
  return [
    fields.text({ key: "active", label: gettext("Steps to do"), ...attributeField(subject, AD_HOC, "activeElementsCollection"), feel: "always", optional: true, mono: true, placeholder: '= ["Task_1"]', hint: gettext("A list of ids; empty begins with every step that no flow leads to.") }),
    fields.check("one-by-one", gettext("One at a time"), isSequential, (on) => edits.set(shape, { ordering: on ? "Sequential" : undefined })),
    fields.text({ key: "enough", label: gettext("Enough when"), ...expressionField(subject, model, "completionCondition"), feel: "always", optional: true, mono: true, placeholder: "= found != null" }),
    fields.check("cancel-rest", gettext("Then stop what is still open"), stops, (on) => edits.set(shape, { cancelRemainingInstances: on })),
    fields.text({ key: "collected", label: gettext("Collect results in"), ...attributeField(subject, AD_HOC, "outputCollection"), optional: true, mono: true, read: readName }),
    fields.text({ key: "collected-element", label: gettext("Of each step, keep"), ...attributeField(subject, AD_HOC, "outputElement"), feel: "always", optional: true, mono: true, placeholder: "= result" }),
  ];
}
