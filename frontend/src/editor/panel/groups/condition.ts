/** When a flow is taken. */
import { isA, type Model } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import { bodyOf, expressionField, type Group, type Subject } from "../group";

export function condition(subject: Subject): Group | null {
  const { model, shape, edits, fields } = subject;
  if (!isA(model, "SequenceFlow")) return null;
  const source = model.get<Model>("sourceRef");
  if (!isA(source, "ExclusiveGateway", "InclusiveGateway", "ComplexGateway", "Activity")) return null;
  const written = bodyOf(model.get<Model | undefined>("conditionExpression"));
  const isDefault = source.get<Model | undefined>("default") === model;
  const setDefault = (on: boolean) =>
    edits.together(
      () => edits.setPart(shape, source, { default: on ? model : undefined }),
      () => on && written && edits.set(shape, { conditionExpression: undefined }),
    );
  const { value, commit } = expressionField(subject, model, "conditionExpression");
  return {
    title: gettext("Condition"),
    value: isDefault ? gettext("otherwise") : written.replace(/^=\s*/, ""),
    body: [
      fields.check("default-flow", gettext("Otherwise: when no other condition holds"), isDefault, setDefault),
      isDefault ? null : fields.text({ key: "condition", label: gettext("Taken when"), value, commit, feel: "always", lines: 2, mono: true, placeholder: "= severity <= 2", hint: gettext("An expression that is true or false.") }),
    ],
  };
}
