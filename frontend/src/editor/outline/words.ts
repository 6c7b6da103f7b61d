/** What the outline says: a line to read, and a sentence to hear. */
import { isA, kindOf, type Model, nameOf } from "../../bpmn/elements";
import { gettext, ngettext } from "../../ui/words";
import type { Item } from "./order";

/** Returns the line to read: the name, or what it is where it has none. */
export function lineOf({ model }: Item): string {
  if (!isA(model, "SequenceFlow")) return nameOf(model);
  return wayName(model) || gettext("Way");
}

/** Returns what stands muted beside the line: where a way leads that is told elsewhere. */
export function asideOf({ elsewhere, model, reached }: Item): string {
  if (elsewhere) return gettext("to %(name)s", { name: nameOf(elsewhere) });
  if (isA(model, "MessageFlow")) return between(model);
  return reached ? "" : gettext("not reached");
}

/** Returns what is heard: “User task Approve change, after Decision Agreed?”. */
export function spokenOf(item: Item): string {
  return [fullName(item.model), placeOf(item), asideSpoken(item)].filter(Boolean).join(", ");
}

/** Returns what it is and what it is called, once where both are the same. */
export function fullName(model: Model): string {
  if (isA(model, "SequenceFlow")) return wayOf(model);
  const [kind, name] = [kindOf(model), nameOf(model)];
  return name === kind ? kind : `${kind} ${name}`;
}

function wayOf(model: Model): string {
  const name = wayName(model);
  return name ? gettext("Way %(name)s", { name }) : gettext("Way");
}

function wayName(model: Model): string {
  return ownName(model) || (isDefault(model) ? gettext("Otherwise") : conditionOf(model));
}

function placeOf({ model, after, at, of }: Item): string {
  if (!after) return isA(model, "Lane") ? partsOf(model) : "";
  const name = fullName(after);
  if (of > 1) return gettext("%(at)s of %(of)s after %(name)s", { at, of, name });
  return isA(model, "BoundaryEvent") ? gettext("at the edge of %(name)s", { name }) : gettext("after %(name)s", { name });
}

function asideSpoken(item: Item): string {
  const { elsewhere, reached, model } = item;
  if (elsewhere) return gettext("goes on with %(name)s", { name: fullName(elsewhere) });
  if (isA(model, "MessageFlow")) return between(model);
  return reached ? "" : gettext("not reached from the start");
}

function partsOf(lane: Model): string {
  const count = (lane.get<Model[] | undefined>("flowNodeRef") ?? []).length;
  return ngettext("%(count)s part", "%(count)s parts", count);
}

function between(flow: Model): string {
  const [source, target] = [flow.get<Model | undefined>("sourceRef"), flow.get<Model | undefined>("targetRef")];
  return source && target ? gettext("from %(source)s to %(target)s", { source: nameOf(source), target: nameOf(target) }) : "";
}

function ownName(model: Model): string {
  return model.get<string | undefined>("name")?.trim() ?? "";
}

function isDefault(flow: Model): boolean {
  const source = flow.get<Model>("sourceRef");
  return isA(source, "ExclusiveGateway", "InclusiveGateway", "ComplexGateway", "Activity") && source.get<Model | undefined>("default") === flow;
}

function conditionOf(flow: Model): string {
  const written = flow.get<Model | undefined>("conditionExpression")?.get<string | undefined>("body")?.replace(/^=\s*/, "").trim();
  return written ? gettext("if %(condition)s", { condition: written }) : "";
}
