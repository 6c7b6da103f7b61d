/**
 * The game against the server's check: played in every order, it finds a flaw where the server does, and none where it
 * does not. Of a net with several flaws the server may tell only the first.
 */
import { expect, test } from "vitest";

import { play } from "./game";
import { type Move, movesOf } from "./moves";
import type { Net, Kind } from "./net";
import cases from "./net-cases.json";
import { connected } from "./nets";
import { BEGINNING, signature, type State } from "./state";
import { stuckIn } from "./waiting";

interface Found {
  deadlock: boolean;
  doubled: boolean;
  named: boolean;
}

test.each(cases.map((each, at) => [at, each] as const))("net %i has the flaws that the server finds", (_at, each) => {
  const nodes = each.nodes.map(([id = "", kind = "", host = null]) => ({ id, kind: kind as Kind, host }));
  const flows = each.flows.map(([id = "", source = "", target = ""]) => ({ id, name: "", source, target }));
  const found = explored(connected(nodes, flows));
  expect(found.deadlock || found.doubled).toBe(each.deadlock || each.doubled);
  if (each.deadlock) expect(found.deadlock).toBe(true);
  if (each.doubled) expect(found.doubled).toBe(true);
  expect(found.named).toBe(found.deadlock);
});

/** Plays every move in every state, up to where a flow holds two tokens. */
function explored(net: Net): Found {
  const found = { deadlock: false, doubled: false, named: false };
  const seen = new Set<string>();
  const [start] = movesOf(net, BEGINNING);
  const pending = start ? [play(net, BEGINNING, start).state] : [];
  for (let state = pending.pop(); state; state = pending.pop()) {
    const key = signature(state);
    if (seen.has(key) || !state.tokens.length) continue;
    seen.add(key);
    if (isDoubled(state)) {
      found.doubled = true;
      continue;
    }
    const moves = movesOf(net, state);
    if (!moves.length) [found.deadlock, found.named] = [true, found.named || stuckIn(net, state).length > 0];
    for (const move of moves) for (const chosen of choicesOf(move)) pending.push(play(net, state, chosen).state);
  }
  return found;
}

function isDoubled({ tokens }: State): boolean {
  return new Set(tokens.map((token) => token.at)).size < tokens.length;
}

function choicesOf(move: Move): Move[] {
  if (!move.several) return [move];
  const some = move.ways.reduce<string[][]>((sets, way) => [...sets, ...sets.map((set) => [...set, way])], [[]]);
  return some.filter((ways) => ways.length > 0).map((ways) => ({ ...move, ways }));
}
