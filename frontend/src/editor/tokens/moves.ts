/** What can go on in a state. Data are left out: whoever plays decides what data would decide. */
import { beginsOf, linkedTo, type Net, type Node, nodeOf, targetOf } from "./net";
import { type Scope, type State, type Token, tokensAt } from "./state";
import { isGathered } from "./waiting";

export type Act =
  /** A process begins at a start event. */
  | "start"
  /** A token goes through a gateway or an event. */
  | "pass"
  /** An activity begins. */
  | "enter"
  /** An activity is done, or one turn of it. */
  | "end"
  /** A loop makes another turn. */
  | "again"
  /** An event at an edge, or one that begins a sub-process, happens. */
  | "occur";

export interface Move {
  act: Act;
  node: string;
  scope: number | null;
  /** The tokens that go on by it; none where it comes from outside. */
  tokens: readonly number[];
  /** The flows that are taken, or may be where several can be chosen. */
  ways: readonly string[];
  several: boolean;
  /** The event that happens by it. */
  event: string | null;
  /** How many turns a repeated activity will make. */
  turns: number;
}

/** What is offered where an activity is done for each item of a list. */
const TURNS = [1, 2, 3];

/** Returns all moves of a state. */
export function movesOf(net: Net, state: State): Move[] {
  return [
    ...net.processes.flatMap((process) => startsOf(net, state, process)),
    ...state.scopes.flatMap((scope) => [...joinsIn(net, state, scope), ...eventsIn(net, scope)]),
    ...state.tokens.flatMap((token) => movesOfToken(net, state, token)),
  ];
}

/** Tells whether a move goes on by itself: nothing else can happen to its tokens, and nobody has to choose. */
export function isOwn(move: Move, moves: readonly Move[]): boolean {
  if (move.several || move.act === "start" || move.act === "occur") return false;
  return !moves.some((other) => other !== move && other.tokens.some((token) => move.tokens.includes(token)));
}

function move(act: Act, node: Node, rest: Partial<Move>): Move {
  return { act, node: node.id, scope: null, tokens: [], ways: node.outgoing, several: false, event: null, turns: 1, ...rest };
}

/** A process begins once; when its run has ended, it may begin again. */
function startsOf(net: Net, state: State, process: string): Move[] {
  if (state.scopes.some((scope) => scope.parent === null && scope.level === process)) return [];
  const begins = beginsOf(net, process);
  if (begins.some((node) => node.kind === "start")) return begins.map((node) => move("start", node, { event: node.id }));
  const [first] = begins;
  return first ? [move("start", first, { ways: [] })] : [];
}

function joinsIn(net: Net, state: State, scope: Scope): Move[] {
  return (net.levels.get(scope.level) ?? []).filter(isJoin).flatMap((node) => {
    const came = node.incoming.flatMap((flow) => tokensAt(state, scope.id, flow).slice(0, 1));
    const isReady = node.kind === "parallel" ? came.length === node.incoming.length : came.length > 0 && isGathered(net, state, scope.id, node);
    return isReady ? throughGateway(node, { scope: scope.id, tokens: came.map((token) => token.id) }) : [];
  });
}

export function isJoin(node: Node): boolean {
  return (node.kind === "parallel" || node.kind === "inclusive") && node.incoming.length > 1;
}

/** The sub-processes that an event can begin, as long as what they lie in is under way. */
function eventsIn(net: Net, scope: Scope): Move[] {
  const waiting = (net.levels.get(scope.level) ?? []).filter((node) => node.byEvent);
  return waiting.flatMap((node) => beginsOf(net, node.id).map((start) => move("occur", node, { scope: scope.id, event: start.id })));
}

function movesOfToken(net: Net, state: State, token: Token): Move[] {
  if (!net.flows.has(token.at)) return movesInside(net, state, token, nodeOf(net, token.at));
  const node = targetOf(net, token.at);
  const who = { scope: token.scope, tokens: [token.id] };
  if (isJoin(node)) return [];
  if (node.kind === "event") return node.outgoing.flatMap((flow) => firstOf(net, node, flow, who));
  if (node.kind === "activity" || node.kind === "level") return (node.repeat && node.repeat !== "loop" ? TURNS : [1]).map((turns) => move("enter", node, { ...who, turns }));
  if (node.kind === "catch") return [move("pass", node, { ...who, event: node.id })];
  if (node.trigger === "link") return [move("pass", node, { ...who, ways: linkedTo(net, node)?.outgoing ?? [] })];
  return throughGateway(node, who);
}

/** Returns the moves through a node by the ways it leaves open. */
function throughGateway(node: Node, who: Partial<Move>): Move[] {
  const isChoice = node.outgoing.length > 1;
  if (node.kind === "exclusive" && isChoice) return node.outgoing.map((way) => move("pass", node, { ...who, ways: [way] }));
  return [move("pass", node, { ...who, several: node.kind === "inclusive" && isChoice })];
}

/** What comes first behind an event-based gateway: an event, or a task that receives a message. */
function firstOf(net: Net, gateway: Node, flow: string, who: Partial<Move>): Move[] {
  return [move("pass", gateway, { ...who, ways: [flow], event: targetOf(net, flow).id })];
}

function movesInside(net: Net, state: State, token: Token, node: Node): Move[] {
  const who = { scope: token.scope, tokens: [token.id] };
  const isUnderWay = node.kind === "activity" || state.scopes.some((scope) => scope.host === token.id);
  const isDone = node.kind === "activity" || !isUnderWay;
  const edge = isUnderWay ? (net.edges.get(node.id) ?? []).filter(happens) : [];
  return [
    ...(isDone ? [move("end", node, { ...who, several: node.conditional && token.left <= 1 })] : []),
    ...(isDone && node.repeat === "loop" ? [move("again", node, who)] : []),
    ...edge.map((event) => move("occur", event, { ...who, event: event.id })),
  ];
}

/** Undoing and cancelling come from within, not from outside. */
function happens(event: Node): boolean {
  return event.trigger !== "compensate" && event.trigger !== "cancel";
}
