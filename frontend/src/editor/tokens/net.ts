/** What the token game knows of a model: nodes and flows by id, and nothing of how they are drawn. */

export type Kind = "start" | "end" | "catch" | "throw" | "boundary" | "activity" | "level" | "exclusive" | "parallel" | "inclusive" | "event";
export type Repeat = "loop" | "parallel" | "sequential";

export interface Flow {
  id: string;
  name: string;
  source: string;
  target: string;
}

export interface Node {
  id: string;
  name: string;
  kind: Kind;
  /** The process or sub-process it lies in. */
  level: string;
  incoming: readonly string[];
  outgoing: readonly string[];
  /** What an event waits for or throws, such as `timer`; empty for a plain one. */
  trigger: string;
  /** Which error, signal, link …; empty stands for any. */
  ref: string;
  /** The activity at whose edge it is. */
  host: string | null;
  /** Whether what it begins stops what it lies in or at. */
  interrupts: boolean;
  repeat: Repeat | null;
  /** Whether it is a sub-process that an event begins. */
  byEvent: boolean;
  /** Whether conditions decide which of its flows are taken, though it is no gateway. */
  conditional: boolean;
  /** Where its messages go. */
  tells: readonly string[];
}

export interface Net {
  nodes: ReadonlyMap<string, Node>;
  flows: ReadonlyMap<string, Flow>;
  /** The processes that can run, in the order of the file. */
  processes: readonly string[];
  /** What lies in each process and sub-process, without what takes part only in undoing. */
  levels: ReadonlyMap<string, readonly Node[]>;
  /** The events at the edge of each activity. */
  edges: ReadonlyMap<string, readonly Node[]>;
}

/** Returns the net of these nodes and flows. */
export function netOf(processes: readonly string[], nodes: readonly Node[], flows: readonly Flow[]): Net {
  const isHeld = (node: Node): boolean => node.kind === "boundary";
  return {
    processes,
    nodes: new Map(nodes.map((node) => [node.id, node])),
    flows: new Map(flows.map((flow) => [flow.id, flow])),
    levels: grouped(nodes.filter((node) => !isHeld(node)), (node) => node.level),
    edges: grouped(nodes.filter(isHeld), (node) => node.host ?? ""),
  };
}

function grouped(nodes: readonly Node[], by: (node: Node) => string): Map<string, Node[]> {
  const found = new Map<string, Node[]>();
  for (const node of nodes) found.set(by(node), [...(found.get(by(node)) ?? []), node]);
  return found;
}

export function nodeOf(net: Net, id: string): Node {
  const found = net.nodes.get(id);
  if (!found) throw new RangeError(id);
  return found;
}

/** Returns the node a flow leads to. */
export function targetOf(net: Net, flow: string): Node {
  return nodeOf(net, net.flows.get(flow)?.target ?? "");
}

/** Returns what a level begins with: its plain starts, else all that nothing leads to (BPMN 2.0.2, 13.3.4). */
export function beginsOf(net: Net, level: string): readonly Node[] {
  const inside = net.levels.get(level) ?? [];
  const starts = inside.filter((node) => node.kind === "start");
  return starts.length ? starts : inside.filter((node) => !node.incoming.length && !node.byEvent && !isLinkTarget(node));
}

/** Returns the event at which a link goes on, within the level of its beginning. */
export function linkedTo(net: Net, from: Node): Node | undefined {
  return net.levels.get(from.level)?.find((node) => isLinkTarget(node) && node.ref === from.ref);
}

function isLinkTarget(node: Node): boolean {
  return node.kind === "catch" && node.trigger === "link";
}
