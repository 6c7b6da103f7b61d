/** Who does a user task. */
import { isA } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import { attributeField, attributeOf, type Group, type Subject } from "../group";

const PEOPLE = "zeebe:AssignmentDefinition";

export function assignment(subject: Subject): Group | null {
  const { model, fields } = subject;
  if (!isA(model, "UserTask")) return null;
  const named = ["assignee", "candidateGroups", "candidateUsers"].map((name) => attributeOf(subject, PEOPLE, name)).filter(Boolean);
  return {
    title: gettext("Assignment"),
    value: named.join(", ") || gettext("the owners"),
    body: [
      fields.text({ key: "groups", label: gettext("Who may do it"), ...attributeField(subject, PEOPLE, "candidateGroups"), feel: "marked", placeholder: gettext("for example service-desk"), hint: gettext("Keys of teams or boards, with commas; or = and an expression. Nobody named: the owners of the process.") }),
      fields.text({ key: "users", label: gettext("Persons who may do it"), ...attributeField(subject, PEOPLE, "candidateUsers"), feel: "marked", optional: true, placeholder: gettext("for example ana.ruiz, ben.carter") }),
      fields.text({ key: "assignee", label: gettext("Or one person"), ...attributeField(subject, PEOPLE, "assignee"), feel: "marked", optional: true, placeholder: "= requester", hint: gettext("It is theirs from the beginning; nobody has to claim it.") }),
    ],
  };
}
