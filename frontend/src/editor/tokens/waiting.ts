/** Who waits for whom: joins, which tokens can still come to them, and who waits in vain. */
import { linkedTo, type Net, type Node, targetOf } from "./net";
import { type State, type Token, tokensAt } from "./state";

/** A join at which a token waits for others that can no longer come. */
export interface Stuck {
  node: string;
  scope: number;
  /** The flows on which nothing can come any more. */
  missing: string[];
}

/**
 * Tells whether an inclusive gateway goes on: no token can still come to a flow without one, except by a path on which it
 * could as well come to a flow that has one (BPMN 2.0.2, 13.4.3).
 */
export function isGathered(net: Net, state: State, scope: number, gateway: Node): boolean {
  const isHere = (flow: string): boolean => tokensAt(state, scope, flow).length > 0;
  const [came, missing] = [gateway.incoming.filter(isHere), gateway.incoming.filter((flow) => !isHere(flow))];
  const others = state.tokens.filter((token) => token.scope === scope && !came.includes(token.at));
  return others.every((token) => {
    const reached = reachedFrom(net, token.at, new Set([gateway.id]));
    return !missing.some((flow) => reached.has(flow)) || came.some((flow) => reached.has(flow));
  });
}

/** Returns the joins that wait in vain, each with what can no longer come. */
export function stuckIn(net: Net, state: State): Stuck[] {
  return state.scopes.flatMap((scope) => {
    const waiting = (net.levels.get(scope.level) ?? []).filter((node) => isWaiting(state, scope.id, node));
    const tokens = state.tokens.filter((token) => token.scope === scope.id);
    return inVain(net, waiting, tokens).map(({ node, missing }) => ({ node: node.id, scope: scope.id, missing }));
  });
}

function isWaiting(state: State, scope: number, node: Node): boolean {
  return node.kind === "parallel" && node.incoming.length > 1 && node.incoming.some((flow) => tokensAt(state, scope, flow).length > 0);
}

/** What waits in vain lets nothing through, so others may wait in vain because of it: looked for until no more are found. */
function inVain(net: Net, waiting: readonly Node[], tokens: readonly Token[]): { node: Node; missing: string[] }[] {
  let found: { node: Node; missing: string[] }[] = [];
  for (;;) {
    const shut = new Set(found.map(({ node }) => node.id));
    const next = waiting.flatMap((node) => {
      const missing = missingAt(net, node, tokens, shut);
      return missing.length ? [{ node, missing }] : [];
    });
    if (next.length === found.length) return found;
    found = next;
  }
}

function missingAt(net: Net, node: Node, tokens: readonly Token[], shut: ReadonlySet<string>): string[] {
  const closed = new Set([...shut, node.id]);
  const reached = new Set(tokens.flatMap((token) => [...reachedFrom(net, token.at, closed)]));
  return node.incoming.filter((flow) => !reached.has(flow));
}

/** Returns the flows a token can come to, itself included, without going through some nodes. */
function reachedFrom(net: Net, place: string, closed: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const pending = net.flows.has(place) ? [place] : leaving(net, net.nodes.get(place));
  for (let flow = pending.pop(); flow !== undefined; flow = pending.pop()) {
    if (found.has(flow)) continue;
    found.add(flow);
    const target = targetOf(net, flow);
    if (!closed.has(target.id)) pending.push(...leaving(net, target));
  }
  return found;
}

/** The flows by which a token can leave a node: its own, those of the events at its edge, and those behind a link. */
function leaving(net: Net, node: Node | undefined): string[] {
  if (!node) return [];
  const behind = node.kind === "throw" && node.trigger === "link" ? linkedTo(net, node)?.outgoing : undefined;
  const edge = (net.edges.get(node.id) ?? []).flatMap((event) => event.outgoing);
  return [...(behind ?? node.outgoing), ...edge];
}
