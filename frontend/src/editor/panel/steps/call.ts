/** A step that runs another process and waits for it. */
import { gettext } from "../../../ui/words";
import { attributeField, attributeOf, type Group, type Subject } from "../group";
import { bindingFields } from "./binding";

const CALLED = "zeebe:CalledElement";

export function call(subject: Subject): Omit<Group, "title"> {
  const { model, shape, edits, fields } = subject;
  const named = attributeOf(subject, CALLED, "processId") || (model.get<string | undefined>("calledElement") ?? "");
  // Both are true where nothing is written, and only the other is worth a word in the file.
  const passes = (name: string) => String(attributeOf(subject, CALLED, name)) !== "false";
  const pass = (name: string) => (on: boolean) => edits.setExtension(shape, CALLED, { [name]: on ? undefined : false });
  return {
    value: named || gettext("not chosen"),
    body: [
      fields.text({ key: "called", label: gettext("Process that is run"), ...attributeField(subject, CALLED, "processId"), value: named, feel: "marked", mono: true, placeholder: "restart-service", hint: gettext("Its key; or = and an expression.") }),
      ...bindingFields(subject, CALLED),
      fields.check("all-in", gettext("It gets all variables of this run"), passes("propagateAllParentVariables"), pass("propagateAllParentVariables"), gettext("Otherwise only what is under Inputs and outputs.")),
      fields.check("all-out", gettext("This run keeps all it leaves"), passes("propagateAllChildVariables"), pass("propagateAllChildVariables"), gettext("Otherwise only the outputs.")),
    ],
  };
}
