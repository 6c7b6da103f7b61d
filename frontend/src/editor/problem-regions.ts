/** Parts of a level with one way in and one way out: what can become a sub-process. Pure. */

export interface Flow {
  id: string;
  source: string;
  target: string;
}

/** One level: its nodes, its flows, the host of each event at an edge, and what must stay outside. */
export interface Level {
  nodes: readonly string[];
  flows: readonly Flow[];
  hosts: ReadonlyMap<string, string>;
  /** Where the level begins and ends: inside of a sub-process that would mean something else. */
  fixed: ReadonlySet<string>;
}

export interface Region {
  inside: ReadonlySet<string>;
  entry: Flow;
  exit: Flow;
}

/** Why a selection cannot be extracted. */
export type Obstacle = "few" | "fixed" | "ways-in" | "ways-out";

const FEWEST = 2;
/** Steps of the search; beyond, the best found so far is offered. */
const BUDGET = 1_000_000;

/** Returns the region that these nodes are, or what keeps them from being one. */
export function regionOf(level: Level, chosen: Iterable<string>): Region | Obstacle {
  const known = new Set(level.nodes);
  const inside = new Set([...chosen].filter((node) => known.has(node)));
  for (const [event, host] of level.hosts) if (inside.has(host) || inside.has(event)) inside.add(event).add(host);
  if (steps(level, inside) < FEWEST) return "few";
  if ([...inside].some((node) => level.fixed.has(node))) return "fixed";
  const ways = edges(level, inside);
  if (ways.in.length !== 1) return "ways-in";
  if (ways.out.length !== 1) return "ways-out";
  return { inside, entry: ways.in[0]!, exit: ways.out[0]! };
}

/** Returns the region that makes both what is left and what is taken out as small as can be. */
export function proposed(level: Level): Region | null {
  const after = grouped(level);
  let best: Region | null = null;
  let score = FEWEST - 1;
  let left = BUDGET;
  for (const entry of level.flows) {
    for (const exit of level.flows) {
      if (left < 0) return best;
      if (entry === exit) continue;
      const inside = between(level, after, entry, exit);
      left -= inside?.size ?? level.nodes.length / 4;
      if (!inside) continue;
      const count = steps(level, inside);
      const worth = Math.min(count, level.nodes.length - count);
      if (worth <= score) continue;
      const found = regionOf(level, inside);
      if (typeof found === "string" || found.entry !== entry || found.exit !== exit) continue;
      best = found;
      score = worth;
    }
  }
  return best;
}

/** Walks from one flow up to another; null where that leads to an end, or back out of the entry. */
function between(level: Level, after: ReadonlyMap<string, Flow[]>, entry: Flow, exit: Flow): Set<string> | null {
  const inside = new Set<string>();
  const pending = [entry.target];
  let reaches = false;
  while (pending.length) {
    const node = pending.pop()!;
    if (inside.has(node)) continue;
    if (level.fixed.has(node)) return null;
    inside.add(node);
    for (const flow of after.get(node) ?? []) {
      if (flow === exit) reaches = true;
      else pending.push(flow.target);
    }
  }
  return reaches && !inside.has(exit.target) && !inside.has(entry.source) ? inside : null;
}

/** The flows out of each node, those of the events at its edge among them. */
function grouped(level: Level): Map<string, Flow[]> {
  const after = new Map<string, Flow[]>();
  for (const flow of level.flows) {
    const source = level.hosts.get(flow.source) ?? flow.source;
    after.set(source, [...(after.get(source) ?? []), flow]);
  }
  return after;
}

function edges(level: Level, inside: ReadonlySet<string>): { in: Flow[]; out: Flow[] } {
  const crossing = level.flows.filter((flow) => inside.has(flow.source) !== inside.has(flow.target));
  return {
    in: crossing.filter((flow) => inside.has(flow.target)),
    out: crossing.filter((flow) => inside.has(flow.source)),
  };
}

function steps(level: Level, inside: ReadonlySet<string>): number {
  return [...inside].filter((node) => !level.hosts.has(node)).length;
}
