/** A step that asks a decision of this version, or a connector that decides elsewhere. */
import { extensionOf } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import { readName } from "../fields";
import { attributeField, attributeOf, type Group, type Subject } from "../group";
import { connector } from "./connector";

const DECISION = "zeebe:CalledDecision";
const CONNECTOR = "zeebe:TaskDefinition";

const KINDS = [
  { value: "decision", label: gettext("A decision table of this process") },
  { value: "connector", label: gettext("A connector") },
] as const;

export function decision(subject: Subject): Omit<Group, "title"> {
  const { model, shape, edits, fields } = subject;
  const isElsewhere = extensionOf(model, CONNECTOR) !== undefined && extensionOf(model, DECISION) === undefined;
  const choose = (kind: string) => {
    const [gone, made, attributes] = kind === "connector" ? [DECISION, CONNECTOR, { type: "http:1" }] : [CONNECTOR, DECISION, { decisionId: "decision", resultVariable: "result" }];
    edits.together(
      () => edits.putExtension(shape, gone, null),
      () => edits.putExtension(shape, made, attributes),
    );
  };
  const kind = fields.select("decided-by", gettext("Decided by"), isElsewhere ? "connector" : "decision", KINDS, choose);
  if (isElsewhere) {
    const { value, body } = connector(subject);
    return { value, body: [kind, ...body] };
  }
  return {
    value: attributeOf(subject, DECISION, "decisionId") || gettext("not chosen"),
    body: [
      kind,
      fields.text({ key: "decision", label: gettext("Decision"), ...attributeField(subject, DECISION, "decisionId"), feel: "marked", mono: true, placeholder: "priority", hint: gettext("Its id in the decision files of this draft; or = and an expression.") }),
      fields.text({ key: "result", label: gettext("Answer goes into"), ...attributeField(subject, DECISION, "resultVariable"), mono: true, placeholder: "priority", read: readName }),
    ],
  };
}
