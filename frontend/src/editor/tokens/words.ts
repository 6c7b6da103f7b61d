/** The game in words: what can be done next, what happened, and who waits in vain. */
import { gettext, ngettext } from "../../ui/words";
import type { Told } from "./game";
import type { Move } from "./moves";
import { type Net, nodeOf, targetOf } from "./net";
import type { Stuck } from "./waiting";

/** Says what a move would do, as on a button. */
export function moveWords(net: Net, move: Move): string {
  const name = nameOf(net, move.event ?? move.node);
  if (move.act === "start") return gettext("Start: %(name)s", { name });
  if (move.act === "enter") return move.turns > 1 ? ngettext("%(name)s begins, %(count)s time", "%(name)s begins, %(count)s times", move.turns, { name }) : gettext("%(name)s begins", { name });
  if (move.act === "end") return gettext("%(name)s is done", { name });
  if (move.act === "again") return gettext("%(name)s is done once more", { name });
  if (move.act === "occur" || move.event !== null) return gettext("%(name)s happens", { name });
  const [way] = move.ways;
  if (nodeOf(net, move.node).kind === "exclusive" && way !== undefined && !move.several) return gettext("%(name)s: %(way)s", { name, way: wayWords(net, way) });
  return nodeOf(net, move.node).kind === "end" ? gettext("%(name)s is reached", { name }) : gettext("%(name)s lets it through", { name });
}

/** Says which way a flow is: its name, or where it leads. */
export function wayWords(net: Net, way: string): string {
  const name = net.flows.get(way)?.name ?? "";
  return name || gettext("to %(name)s", { name: targetOf(net, way).name });
}

/** Says what happened. */
export function toldWords(net: Net, told: Told): string {
  const name = nameOf(net, told.node);
  if (told.what === "chosen") return gettext("“%(name)s”: %(ways)s.", { name, ways: told.ways.map((way) => wayWords(net, way)).join(", ") });
  if (told.what === "repeated") return ngettext("“%(name)s” begins, %(count)s time.", "“%(name)s” begins, %(count)s times.", told.turns, { name });
  if (told.what === "caught") return gettext("“%(by)s” takes up “%(name)s”.", { name, by: nameOf(net, told.by) });
  return PLAIN[told.what]({ name });
}

type Plain = Exclude<Told["what"], "chosen" | "repeated" | "caught">;

const PLAIN: Record<Plain, (values: { name: string }) => string> = {
  begun: (values) => gettext("A run begins at “%(name)s”.", values),
  entered: (values) => gettext("“%(name)s” begins.", values),
  done: (values) => gettext("“%(name)s” is done.", values),
  again: (values) => gettext("“%(name)s”: one turn is done.", values),
  dropped: (values) => gettext("“%(name)s” is stopped.", values),
  happened: (values) => gettext("“%(name)s” happens.", values),
  passed: (values) => gettext("The token goes through “%(name)s”.", values),
  thrown: (values) => gettext("“%(name)s” is sent.", values),
  ended: (values) => gettext("“%(name)s” is reached.", values),
  uncaught: (values) => gettext("Nobody catches “%(name)s”: the run fails here.", values),
  unheard: (values) => gettext("Nobody waits for “%(name)s”.", values),
  finished: () => gettext("The run has ended."),
};

/** Says who waits in vain, and for what. */
export function stuckWords(net: Net, { node, missing }: Stuck): string {
  const name = nameOf(net, node);
  const [first, ...others] = missing.map((flow) => nameOf(net, net.flows.get(flow)?.source ?? ""));
  if (first !== undefined && !others.length) return gettext("“%(name)s” waits for a token from “%(from)s” which can no longer come.", { name, from: first });
  return gettext("“%(name)s” waits for tokens from %(from)s which can no longer come.", { name, from: missing.map((flow) => `“${nameOf(net, net.flows.get(flow)?.source ?? "")}”`).join(", ") });
}

function nameOf(net: Net, id: string): string {
  return net.nodes.get(id)?.name ?? "";
}
