import { expect, test } from "vitest";

import { play, type Told } from "./game";
import { isOwn, type Move, movesOf } from "./moves";
import type { Net } from "./net";
import { aNet } from "./nets";
import { BEGINNING, type State } from "./state";
import { stuckIn } from "./waiting";

/** A game that goes on by itself as far as it can, and by name where somebody chooses. */
class Played {
  state: State = BEGINNING;
  readonly told: Told[] = [];

  constructor(private readonly net: Net) {}

  /** Makes the one move at a node, or with one of its ways. */
  choose(node: string, ...ways: string[]): this {
    const found = movesOf(this.net, this.state).filter((move) => (move.event ?? move.node) === node || move.node === node);
    const move = found.find((each) => !ways.length || (each.several ? ways.every((way) => each.ways.includes(way)) : each.ways.join() === ways.join()));
    if (!move) throw new Error(`Nothing can be done at ${node}.`);
    return this.make(move.several ? { ...move, ways } : move);
  }

  act(act: Move["act"], node: string, turns = 1): this {
    const move = movesOf(this.net, this.state).find((each) => each.act === act && each.node === node && each.turns === turns);
    if (!move) throw new Error(`${node} cannot ${act}.`);
    return this.make(move);
  }

  /** Makes whatever goes on by itself, until somebody must choose. */
  run(): this {
    for (let made = 0; made < 100; made += 1) {
      const moves = movesOf(this.net, this.state);
      const own = moves.find((move) => isOwn(move, moves));
      if (!own) return this;
      this.make(own);
    }
    throw new Error("The game does not rest.");
  }

  get places(): string[] {
    return this.state.tokens.map((token) => token.at).sort();
  }

  get heard(): string[] {
    return this.told.map((each) => `${each.what} ${each.node}`);
  }

  private make(move: Move): this {
    const turn = play(this.net, this.state, move);
    this.state = turn.state;
    this.told.push(...turn.told);
    return this;
  }
}

const START = { id: "s", kind: "start" } as const;
const END = { id: "e", kind: "end" } as const;
const task = (id: string) => ({ id, kind: "activity" }) as const;
const inside = (id: string) => ({ ...task(id), level: "sub" });

test("a line goes on by itself to its end", () => {
  const game = new Played(aNet([START, task("a"), END], "s>a", "a>e")).choose("s").run();
  expect(game.places).toEqual([]);
  expect(game.heard).toEqual(["begun s", "entered a", "done a", "ended e", "finished p"]);
  expect([...game.state.taken]).toEqual([["s>a", 1], ["a>e", 1]]);
});

test("an exclusive gateway waits for a choice, and takes one way", () => {
  const game = new Played(aNet([START, { id: "x", kind: "exclusive" }, task("a"), task("b")], "s>x", "x>a", "x>b")).choose("s").run();
  expect(game.places).toEqual(["s>x"]);
  expect(game.choose("x", "x>b").places).toEqual(["x>b"]);
});

test("a parallel gateway takes every way, and its join waits for all of them", () => {
  const game = new Played(aNet([START, { id: "x", kind: "parallel" }, task("a"), task("b"), { id: "j", kind: "parallel" }, END], "s>x", "x>a", "x>b", "a>j", "b>j", "j>e")).choose("s").act("pass", "x");
  expect(game.places).toEqual(["x>a", "x>b"]);
  game.act("enter", "a").act("end", "a");
  expect(game.run().heard.filter((each) => each === "ended e")).toHaveLength(1);
});

test("an inclusive join waits for what can still come, and only for that", () => {
  const net = aNet([START, { id: "x", kind: "inclusive" }, task("a"), task("b"), task("c"), { id: "j", kind: "inclusive" }, END], "s>x", "x>a", "x>b", "x>c", "a>j", "b>j", "c>j", "j>e");
  const game = new Played(net).choose("s").choose("x", "x>a", "x>b").act("enter", "a").act("end", "a");
  expect(movesOf(net, game.state).map((move) => move.node)).toEqual(["b"]);
  expect(game.run().heard.filter((each) => each === "ended e")).toHaveLength(1);
});

test("behind an event-based gateway one event happens, and the others no more", () => {
  const catches = ["t", "m"].map((id) => ({ id, kind: "catch" as const }));
  const game = new Played(aNet([START, { id: "g", kind: "event" }, ...catches, task("a"), task("b")], "s>g", "g>t", "g>m", "t>a", "m>b")).choose("s").run();
  expect(game.choose("m").places).toEqual(["m>b"]);
  expect(game.state.taken.get("g>m")).toBe(1);
});

test("an event at an edge stops its step, or happens beside it", () => {
  const edge = (interrupts: boolean) => aNet([START, task("a"), { id: "late", kind: "boundary", host: "a", interrupts }, task("b"), END], "s>a", "a>e", "late>b");
  expect(new Played(edge(true)).choose("s").run().choose("late").places).toEqual(["late>b"]);
  expect(new Played(edge(false)).choose("s").run().choose("late").choose("late").places).toEqual(["a", "late>b", "late>b"]);
});

test("a sub-process is done when nothing is left in it", () => {
  const net = aNet([START, { id: "sub", kind: "level" }, { ...START, id: "s2", level: "sub" }, inside("a"), END], "s>sub", "sub>e", "s2>a");
  const game = new Played(net).choose("s").act("enter", "sub");
  expect(game.places).toEqual(["s2>a", "sub"]);
  expect(game.run().heard.slice(-3)).toEqual(["done sub", "ended e", "finished p"]);
});

test("an error leaves by the nearest edge that takes it, and what it was in is stopped", () => {
  const error = { id: "fails", kind: "end", trigger: "error", ref: "E1", level: "sub" } as const;
  const edge = (ref: string) => ({ id: "caught", kind: "boundary", host: "sub", trigger: "error", ref }) as const;
  const net = (ref: string) => aNet([START, { id: "sub", kind: "level" }, { ...START, id: "s2", level: "sub" }, { id: "x", kind: "parallel", level: "sub" }, inside("a"), error, edge(ref), task("b")], "s>sub", "s2>x", "x>a", "x>fails", "caught>b");
  for (const ref of ["E1", ""]) {
    expect(new Played(net(ref)).choose("s").act("enter", "sub").act("pass", "x").act("pass", "fails").places).toEqual(["caught>b"]);
  }
  const game = new Played(net("E2")).choose("s").act("enter", "sub").act("pass", "x").act("pass", "fails");
  expect([game.places, game.heard.slice(-2)]).toEqual([[], ["uncaught fails", "finished p"]]);
});

test("an escalation goes on beside what raised it, where its edge does not interrupt", () => {
  const raised = { id: "up", kind: "throw", trigger: "escalation", level: "sub" } as const;
  const edge = { id: "told", kind: "boundary", host: "sub", trigger: "escalation", interrupts: false } as const;
  const net = aNet([START, { id: "sub", kind: "level" }, { ...START, id: "s2", level: "sub" }, raised, inside("a"), edge, task("b")], "s>sub", "s2>up", "up>a", "told>b");
  expect(new Played(net).choose("s").act("enter", "sub").act("pass", "up").places).toEqual(["sub", "told>b", "up>a"]);
});

test("terminate ends everything at once, in its own level only", () => {
  const net = aNet([START, { id: "x", kind: "parallel" }, task("a"), { ...END, trigger: "terminate" }], "s>x", "x>a", "x>e");
  expect(new Played(net).choose("s").act("pass", "x").act("enter", "a").act("pass", "e").heard.slice(-2)).toEqual(["ended e", "finished p"]);
});

test("a link goes on at its other end", () => {
  const link = { trigger: "link", ref: "L" } as const;
  const game = new Played(aNet([START, { id: "to", kind: "throw", ...link }, { id: "from", kind: "catch", ...link }, task("a")], "s>to", "from>a"));
  expect(game.choose("s").act("pass", "to").places).toEqual(["from>a"]);
});

test("a signal wakes everyone who waits for it, and a step at whose edge it is", () => {
  const waits = { id: "w", kind: "catch", trigger: "signal", ref: "S" } as const;
  const other = { ...waits, id: "o", ref: "T" };
  const edge = { id: "b", kind: "boundary", host: "a", trigger: "signal", ref: "S" } as const;
  const sent = { id: "go", kind: "end", trigger: "signal", ref: "S" } as const;
  const net = aNet([START, { id: "x", kind: "parallel" }, waits, other, task("a"), edge, sent], "s>x", "x>w", "x>o", "x>a", "x>go");
  const game = new Played(net).choose("s").act("pass", "x").act("enter", "a").act("pass", "go");
  expect(game.places).toEqual(["x>o"]);
});

test("a message goes along its flow: it begins the other process, or nobody waits for it", () => {
  const net = aNet([START, { id: "send", kind: "throw", trigger: "message", tells: ["s2"] }, task("a")], "s>send", "send>a");
  expect(new Played(net).choose("s").act("pass", "send").heard.at(-1)).toBe("unheard send");
});

test("a loop goes round as often as somebody wants", () => {
  const game = new Played(aNet([START, { ...task("a"), repeat: "loop" }, END], "s>a", "a>e")).choose("s").act("enter", "a").act("again", "a").act("again", "a");
  expect(game.places).toEqual(["a"]);
  expect(game.act("end", "a").run().heard.at(-1)).toBe("finished p");
});

test("what is done for each of several is done so many times", () => {
  const net = (repeat: "parallel" | "sequential") => aNet([START, { id: "sub", kind: "level", repeat }, inside("a"), END], "s>sub", "sub>e");
  const game = new Played(net("parallel")).choose("s").act("enter", "sub", 3);
  expect(game.places).toEqual(["a", "a", "a", "sub"]);
  expect(game.run().heard.filter((each) => each === "done a")).toHaveLength(3);
  const one = new Played(net("sequential")).choose("s").act("enter", "sub", 2);
  expect(one.places).toEqual(["a", "sub"]);
  expect(one.run().heard.filter((each) => each === "done a" || each === "done sub")).toEqual(["done a", "done a", "done sub"]);
});

test("an event begins its sub-process, and stops the rest where it interrupts", () => {
  const start = (interrupts: boolean) => ({ id: "s2", kind: "start", level: "ev", trigger: "message", interrupts }) as const;
  const net = (interrupts: boolean) => aNet([START, task("a"), { id: "ev", kind: "level", byEvent: true }, start(interrupts), { ...task("b"), level: "ev" }, END], "s>a", "a>e", "s2>b");
  expect(new Played(net(true)).choose("s").act("enter", "a").choose("s2").places).toEqual(["s2>b"]);
  expect(new Played(net(false)).choose("s").act("enter", "a").choose("s2").places).toEqual(["a", "s2>b"]);
});

test("a join that waits in vain is found while others still go on, and says for what", () => {
  const net = aNet([START, { id: "x", kind: "exclusive" }, task("a"), task("b"), { id: "j", kind: "parallel" }, END], "s>x", "x>a", "x>b", "a>j", "b>j", "j>e");
  const game = new Played(net).choose("s").choose("x", "x>a");
  expect(stuckIn(net, game.state)).toEqual([]);
  game.run();
  expect(stuckIn(net, game.state)).toEqual([{ node: "j", scope: 1, missing: ["b>j"] }]);
});

test("conditions behind a step let some of its ways be chosen", () => {
  const game = new Played(aNet([START, { ...task("a"), conditional: true }, task("b"), task("c")], "s>a", "a>b", "a>c")).choose("s").run();
  expect(game.choose("a", "a>c").places).toEqual(["a>c"]);
});

test("a move leaves the state before it as it was", () => {
  const net = aNet([START, task("a")], "s>a");
  const game = new Played(net).choose("s");
  const before = game.state;
  const copy = structuredClone(before);
  game.run();
  expect(before).toEqual(copy);
});
