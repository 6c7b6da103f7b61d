/** The token game: a move made in a state is another state, and what happened by it. Pure. */
import { type Move, movesOf } from "./moves";
import { beginsOf, type Net, type Node, nodeOf } from "./net";
import { type Scope, type State, type Token, within } from "./state";

export type Told =
  | { what: "begun" | "done" | "dropped" | "again" | "entered" | "ended" | "happened" | "passed" | "thrown" | "uncaught" | "unheard" | "finished"; node: string }
  | { what: "chosen"; node: string; ways: readonly string[] }
  | { what: "repeated"; node: string; turns: number }
  | { what: "caught"; node: string; by: string };

export interface Turn {
  state: State;
  told: readonly Told[];
}

/** Makes a move. Of several ways that may be chosen, the move names those that are. */
export function play(net: Net, state: State, move: Move): Turn {
  const game = new Game(net, state);
  game.make(move);
  game.settle();
  return { state: game.state, told: game.told };
}

class Game {
  readonly told: Told[] = [];
  private tokens: Token[];
  private scopes: Scope[];
  private readonly taken: Map<string, number>;
  private next: number;

  constructor(
    private readonly net: Net,
    before: State,
  ) {
    this.tokens = [...before.tokens];
    this.scopes = [...before.scopes];
    this.taken = new Map(before.taken);
    this.next = before.next;
  }

  get state(): State {
    return { tokens: this.tokens, scopes: this.scopes, taken: this.taken, next: this.next };
  }

  make(move: Move): void {
    const node = nodeOf(this.net, move.node);
    if (move.act === "start") this.start(node, move);
    else if (move.act === "enter") this.enter(node, move);
    else if (move.act === "end") this.end(node, move);
    else if (move.act === "again") this.again(node, move);
    else if (move.act === "pass") this.pass(node, move);
    else this.occur(node, move);
  }

  /** Ends the levels in which nothing is left, from the inmost outwards. */
  settle(): void {
    for (let empty = this.empty(); empty; empty = this.empty()) this.close(empty);
  }

  private start(node: Node, { event }: Move): void {
    this.say({ what: "begun", node: node.id });
    this.open(node.level, null, null, event === null ? beginsOf(this.net, node.level) : [node]);
  }

  private enter(node: Node, { scope, tokens, turns }: Move): void {
    this.take(tokens);
    const token = this.put(scope, node.id, turns);
    this.say(turns > 1 ? { what: "repeated", node: node.id, turns } : { what: "entered", node: node.id });
    this.begin(node, token);
  }

  /** Opens what is inside a sub-process: all turns at once, or the next of them. */
  private begin(node: Node, token: Token): void {
    if (node.kind !== "level") return;
    const turns = node.repeat === "sequential" ? 1 : token.left;
    for (let turn = 0; turn < turns; turn += 1) this.open(node.id, token.scope, token.id, beginsOf(this.net, node.id));
  }

  private end(node: Node, { scope, tokens: [id], ways, several }: Move): void {
    const token = this.tokens.find((each) => each.id === id);
    if (!token) return;
    if (node.kind === "activity" && token.left > 1) {
      this.tokens = this.tokens.map((each) => (each === token ? { ...token, left: token.left - 1 } : each));
      return this.say({ what: "again", node: node.id });
    }
    this.take([token.id]);
    this.say({ what: "done", node: node.id });
    if (several) this.say({ what: "chosen", node: node.id, ways });
    this.tell(node);
    this.send(scope, ways);
  }

  private again(node: Node, { tokens: [id] }: Move): void {
    const token = this.tokens.find((each) => each.id === id);
    if (!token) return;
    this.say({ what: "again", node: node.id });
    this.begin(node, token);
  }

  private pass(node: Node, { scope, tokens, ways, several, event }: Move): void {
    this.take(tokens);
    if (node.kind === "end") return this.finish(node, scope);
    if (node.kind === "event" && event !== null) return this.comeFirst(nodeOf(this.net, event), scope, ways);
    const isChosen = several || (node.kind === "exclusive" && node.outgoing.length > 1);
    this.say(isChosen ? { what: "chosen", node: node.id, ways } : { what: node.kind === "catch" ? "happened" : node.kind === "throw" ? "thrown" : "passed", node: node.id });
    this.send(scope, ways);
    if (node.kind === "throw") this.raise(node, scope);
  }

  /** Behind an event-based gateway an event happens where it stands; a task that received its message is done. */
  private comeFirst(first: Node, scope: number | null, ways: readonly string[]): void {
    this.count(ways);
    this.say({ what: "happened", node: first.id });
    this.send(scope, first.outgoing);
  }

  private occur(node: Node, { scope, tokens: [host], event }: Move): void {
    if (node.kind === "boundary") return this.leaveBy(node, scope, host ?? null);
    const start = nodeOf(this.net, event ?? "");
    if (start.interrupts) this.clear(scope);
    this.say({ what: "happened", node: start.id });
    this.open(node.id, scope, null, [start]);
  }

  private leaveBy(event: Node, scope: number | null, host: number | null): void {
    this.say({ what: "happened", node: event.id });
    if (event.interrupts && host !== null) {
      this.say({ what: "dropped", node: event.host ?? "" });
      this.drop(host);
    }
    this.send(scope, event.outgoing);
  }

  private finish(node: Node, scope: number | null): void {
    this.say({ what: "ended", node: node.id });
    if (node.trigger === "terminate") this.clear(scope);
    else this.raise(node, scope);
  }

  /** What an event throws reaches who waits for it. */
  private raise(node: Node, scope: number | null): void {
    if (node.trigger === "error" || node.trigger === "cancel") this.fail(node, scope);
    else if (node.trigger === "escalation") this.escalate(node, scope);
    else if (node.trigger === "signal") this.reach(node, (event) => event.trigger === "signal" && event.ref === node.ref);
    else this.tell(node);
  }

  /** An error stops what it happens in, up to where it is caught; caught by nobody, it ends the run. */
  private fail(node: Node, scope: number | null): void {
    const catcher = this.catcherOf(node, scope);
    this.say(catcher ? { what: "caught", node: node.id, by: catcher.event ?? catcher.node } : { what: "uncaught", node: node.id });
    if (catcher) return this.make(catcher);
    this.clear(this.rootOf(scope));
  }

  /** An escalation goes on beside what it happens in, unless who catches it stops that. */
  private escalate(node: Node, scope: number | null): void {
    const catcher = this.catcherOf(node, scope);
    this.say(catcher ? { what: "caught", node: node.id, by: catcher.event ?? catcher.node } : { what: "unheard", node: node.id });
    if (catcher) this.make(catcher);
  }

  /** Returns what would happen at the nearest place outwards that catches it. */
  private catcherOf(thrown: Node, from: number | null): Move | null {
    const catches = (event: Node): boolean => event.trigger === thrown.trigger && (event.ref === "" || event.ref === thrown.ref);
    for (let scope = this.scope(from); scope; scope = this.scope(scope.parent)) {
      const inside = (this.net.levels.get(scope.level) ?? []).filter((node) => node.byEvent);
      const start = inside.flatMap((node) => beginsOf(this.net, node.id)).find(catches);
      if (start) return occurrence(start.level, scope.id, [], start);
      const host = this.tokens.find((token) => token.id === scope.host);
      const edge = host && this.net.edges.get(host.at)?.find(catches);
      if (edge) return occurrence(edge.id, host.scope, [host.id], edge);
    }
    return null;
  }

  /** Sends a node's messages along the message flows; nobody may wait for one. */
  private tell(node: Node): void {
    if (node.tells.length) this.reach(node, (event) => node.tells.includes(event.id));
  }

  /** Lets everything happen that waits for what was thrown, each token once. */
  private reach(thrown: Node, isMeant: (event: Node) => boolean): void {
    const moves = movesOf(this.net, this.state).filter((move) => move.event !== null && isMeant(nodeOf(this.net, move.event)));
    const gone = new Set<number>();
    for (const move of moves) {
      if (move.tokens.some((token) => gone.has(token) || !this.tokens.some((each) => each.id === token))) continue;
      for (const token of move.tokens) gone.add(token);
      this.say({ what: "caught", node: thrown.id, by: move.event ?? "" });
      this.make(move);
    }
    if (!moves.length) this.say({ what: "unheard", node: thrown.id });
  }

  private open(level: string, parent: number | null, host: number | null, begins: readonly Node[]): void {
    const scope = { id: this.number(), level, parent, host };
    this.scopes = [...this.scopes, scope];
    for (const node of begins) {
      if (node.kind === "start") this.send(scope.id, node.outgoing);
      else if (node.kind === "activity" || node.kind === "level") this.enter(node, { ...occurrence(node.id, scope.id, [], node), act: "enter" });
      else this.send(scope.id, node.outgoing);
    }
  }

  private empty(): Scope | undefined {
    const isEmpty = (scope: Scope): boolean => !this.tokens.some((token) => token.scope === scope.id) && !this.scopes.some((each) => each.parent === scope.id);
    return this.scopes.find(isEmpty);
  }

  private close(scope: Scope): void {
    this.scopes = this.scopes.filter((each) => each !== scope);
    if (scope.parent === null) this.say({ what: "finished", node: scope.level });
    const host = this.tokens.find((token) => token.id === scope.host);
    if (!host || host.left <= 1) return;
    const rest = { ...host, left: host.left - 1 };
    this.tokens = this.tokens.map((token) => (token === host ? rest : token));
    const node = nodeOf(this.net, host.at);
    this.say({ what: "again", node: node.id });
    if (node.repeat === "sequential") this.begin(node, rest);
  }

  /** Takes a token away with all that goes on inside of it. */
  private drop(token: number): void {
    for (const scope of this.scopes.filter((each) => each.host === token)) this.remove(scope.id);
    this.take([token]);
  }

  /** Takes away all that goes on in a level, which stays. */
  private clear(scope: number | null): void {
    if (scope === null) return;
    for (const inner of this.scopes.filter((each) => each.parent === scope)) this.remove(inner.id);
    this.tokens = this.tokens.filter((token) => token.scope !== scope);
  }

  private remove(scope: number): void {
    const gone = within(this.state, scope);
    this.scopes = this.scopes.filter((each) => !gone.has(each.id));
    this.tokens = this.tokens.filter((token) => !gone.has(token.scope));
  }

  private send(scope: number | null, ways: readonly string[]): void {
    this.count(ways);
    for (const way of ways) this.put(scope, way, 1);
  }

  private count(ways: readonly string[]): void {
    for (const way of ways) this.taken.set(way, (this.taken.get(way) ?? 0) + 1);
  }

  private put(scope: number | null, at: string, left: number): Token {
    const token = { id: this.number(), scope: scope ?? 0, at, left };
    this.tokens = [...this.tokens, token];
    return token;
  }

  private take(tokens: readonly number[]): void {
    this.tokens = this.tokens.filter((token) => !tokens.includes(token.id));
  }

  private scope(id: number | null): Scope | undefined {
    return this.scopes.find((each) => each.id === id);
  }

  private rootOf(scope: number | null): number | null {
    const found = this.scope(scope);
    return found && found.parent !== null ? this.rootOf(found.parent) : scope;
  }

  private number(): number {
    this.next += 1;
    return this.next - 1;
  }

  private say(told: Told): void {
    this.told.push(told);
  }
}

function occurrence(node: string, scope: number, tokens: readonly number[], event: Node): Move {
  return { act: "occur", node, scope, tokens, ways: event.outgoing, several: false, event: event.id, turns: 1 };
}
