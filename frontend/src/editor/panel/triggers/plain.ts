/** Triggers with little to say: a condition, a link, an undoing, an ending. */
import { isA, type Model, nameOf } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import { bodyOf, expressionField, type Group, type Subject } from "../group";

type Trigger = Omit<Group, "title">;

export function conditional(subject: Subject, trigger: Model): Trigger {
  return {
    value: bodyOf(trigger.get<Model | undefined>("condition")).replace(/^=\s*/, ""),
    body: [subject.fields.text({ key: "occurs-when", label: gettext("Occurs when"), ...expressionField(subject, trigger, "condition"), feel: "always", lines: 2, mono: true, placeholder: "= free_space < 10", hint: gettext("Judged whenever a variable changes.") })],
  };
}

export function link({ shape, edits, fields }: Subject, trigger: Model): Trigger {
  const name = trigger.get<string | undefined>("name") ?? "";
  return {
    value: name,
    body: [fields.text({ key: "link", label: gettext("Name of the link"), value: name, hint: gettext("The path goes on where a link of the same name is caught."), commit: (value) => edits.setPart(shape, trigger, { name: value || undefined }) })],
  };
}

export function compensation(subject: Subject, trigger: Model): Trigger {
  const { model, shape, edits, fields } = subject;
  if (isA(model, "CatchEvent")) return { value: gettext("undoes the step"), body: [note(gettext("The step that an association leads to is done when this step is to be undone."))] };
  const chosen = trigger.get<Model | undefined>("activityRef");
  const undoable = (model.$parent?.get<Model[] | undefined>("flowElements") ?? []).filter((each) => isA(each, "Activity"));
  const choices = [{ value: "", label: gettext("All steps that are done") }, ...undoable.map((each) => ({ value: each.id ?? "", label: nameOf(each) }))];
  const choose = (id: string) => edits.setPart(shape, trigger, { activityRef: undoable.find((each) => each.id === id) });
  return { value: chosen ? nameOf(chosen) : gettext("all steps"), body: [fields.select("undoes", gettext("Undoes"), chosen?.id ?? "", choices, choose, gettext("The last one done is undone first."))] };
}

export function cancel({ model }: Subject): Trigger {
  const words = isA(model, "EndEvent") ? gettext("The transaction around it is cancelled: what is done is undone.") : gettext("Taken when the transaction was cancelled and undone.");
  return { value: "", body: [note(words)] };
}

export function terminate(): Trigger {
  return { value: gettext("ends everything"), body: [note(gettext("Every other path of this process, or of the sub-process around it, ends at once."))] };
}

function note(words: string): HTMLElement {
  return h("p", { class: "hint" }, words);
}
