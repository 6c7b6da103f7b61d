/** How a gateway chooses: the order of its ways, the one taken otherwise, when a complex one goes on. */
import { flowsOut, isA, type Model, nameOf } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import { bodyOf, expressionField, type Group, type Subject } from "../group";

const WORDS: Record<string, string> = {
  ExclusiveGateway: gettext("The first way that holds is taken, and no other."),
  InclusiveGateway: gettext("Every way that holds is taken; a join waits for those that were."),
  ParallelGateway: gettext("All ways are taken at once; a join waits for all of them."),
  EventBasedGateway: gettext("The way whose event comes first is taken."),
  ComplexGateway: gettext("It goes on when its condition holds, then waits for the rest."),
};

export function routing(subject: Subject): Group | null {
  const { model, shape, fields } = subject;
  if (!isA(model, "Gateway")) return null;
  const ways = flowsOut(shape);
  const isChosen = isA(model, "ExclusiveGateway", "InclusiveGateway", "ComplexGateway") && ways.length > 1;
  const activation = isA(model, "ComplexGateway") ? fields.text({ key: "activation", label: gettext("Goes on when"), ...expressionField(subject, model, "activationCondition"), feel: "always", mono: true, placeholder: "= activationCount >= 2" }) : null;
  return {
    title: gettext("Ways"),
    value: ways.length > 1 ? gettext("%(count)s ways out", { count: ways.length }) : gettext("joins"),
    body: [h("p", { class: "hint" }, WORDS[model.$type.replace("bpmn:", "")] ?? ""), activation, ...(isChosen ? [list(ways, model), otherwise(subject, ways)] : [])],
  };
}

function list(ways: readonly Model[], gateway: Model): HTMLElement {
  const fallback = gateway.get<Model | undefined>("default");
  const words = (flow: Model) => (flow === fallback ? gettext("otherwise") : bodyOf(flow.get<Model | undefined>("conditionExpression")).replace(/^=\s*/, "") || gettext("no condition yet"));
  const row = (flow: Model) => h("li", {}, h("b", {}, flow.get<string | undefined>("name") || wayTo(flow)), " ", h("code", {}, words(flow)));
  return h("ul", { class: "ways" }, ...ways.map(row));
}

/** The one way that is taken when no other holds. */
function otherwise({ model, shape, edits, fields }: Subject, ways: readonly Model[]): HTMLElement {
  const fallback = model.get<Model | undefined>("default");
  const choices = [{ value: "", label: gettext("None: a run without a way stops") }, ...ways.map((flow) => ({ value: flow.id ?? "", label: flow.get<string | undefined>("name") || wayTo(flow) }))];
  const choose = (id: string) => {
    const chosen = ways.find((flow) => flow.id === id);
    edits.together(
      () => edits.setPart(shape, model, { default: chosen }),
      () => chosen?.get("conditionExpression") && edits.setPart(shape, chosen, { conditionExpression: undefined }),
    );
  };
  return fields.select("otherwise", gettext("Otherwise"), fallback?.id ?? "", choices, choose);
}

function wayTo(flow: Model): string {
  const target = flow.get<Model | undefined>("targetRef");
  return target ? gettext("to %(name)s", { name: nameOf(target) }) : (flow.id ?? "");
}
