/** The game on the paper: tokens where they are, how often each flow was taken, and what can be clicked. */
import type Canvas from "diagram-js/lib/core/Canvas";

import { Badges } from "../../bpmn/badges";
import type { Shape } from "../../bpmn/elements";
import { glide } from "../../bpmn/glide";
import type { Diagram } from "../../bpmn/paper";
import { countedTokens, tokenOn } from "../../bpmn/tokens";
import { s } from "../../ui/dom";
import { ngettext } from "../../ui/words";
import type { Move } from "./moves";
import type { State } from "./state";
import type { Stuck } from "./waiting";

const LAYER = "token-game";
const BESIDE = 14;

export class Stage {
  private readonly marks: Badges;

  constructor(private readonly diagram: Diagram) {
    this.marks = new Badges(diagram);
  }

  show(state: State, choices: readonly Move[], stuck: readonly Stuck[]): void {
    const marked = new Map(choices.flatMap(clickable).map((id) => [id, "can-go"]));
    for (const { node } of stuck) marked.set(node, "is-stuck");
    this.marks.mark(new Map([...marked].filter(([id]) => this.seen(id))));
    const counts = [...state.taken].flatMap(([flow, count]) => this.drawn(flow, (shape) => countOn(shape, count)));
    const tokens = [...countedTokens(state.tokens.map((token) => token.at))].flatMap(([place, count]) => this.drawn(place, (shape) => tokenOn(shape, count)));
    this.layer.replaceChildren(...counts, ...tokens);
  }

  /** Lets tokens glide along flows; where they come to, they are drawn when they are there. */
  move(flows: readonly string[], milliseconds: number): void {
    glide(this.diagram, flows.filter((flow) => this.seen(flow)), milliseconds);
  }

  clear(): void {
    this.layer.replaceChildren();
    this.marks.mark(new Map());
  }

  private drawn(id: string, draw: (shape: Shape) => SVGGElement): SVGGElement[] {
    const shape = this.seen(id);
    return shape ? [draw(shape)] : [];
  }

  /** Returns a shape of the level that is on the paper now. */
  private seen(id: string): Shape | undefined {
    const shape = this.diagram.get<{ get(id: string): Shape | undefined }>("elementRegistry").get(id);
    const canvas = this.diagram.get<Canvas>("canvas");
    return shape?.parent && canvas.findRoot(shape as never) === canvas.getRootElement() ? shape : undefined;
  }

  private get layer(): SVGElement {
    return this.diagram.get<Canvas>("canvas").getLayer(LAYER, 2) as unknown as SVGElement;
  }
}

/** What is clicked to make a choice: the way, the event that happens, or the node itself. */
export function clickable(move: Move): string[] {
  if (move.act === "pass" && move.event === null) return [...move.ways];
  return [move.event ?? move.node];
}

/** It stands below its flow, or left of it: the names of ways stand above, or at the right. */
function countOn(flow: Shape, count: number): SVGGElement {
  const { x, y } = besideMiddleOf(flow.waypoints ?? []);
  const words = ngettext("taken once", "taken %(count)s times", count);
  const text = String(count);
  const width = 10 + 7 * text.length;
  return s("g", { class: "flow-count", transform: `translate(${x} ${y})`, role: "img", "aria-label": words }, s("rect", { x: -width / 2, y: -8, width, height: 16, rx: 8 }), s("text", { "text-anchor": "middle", dy: "0.34em" }, text));
}

/** Returns what is beside the middle of a line by its length. */
function besideMiddleOf(points: readonly { x: number; y: number }[]): { x: number; y: number } {
  const parts = points.slice(1).map((to, at) => ({ from: points[at] ?? to, to }));
  const lengths = parts.map(({ from, to }) => Math.hypot(to.x - from.x, to.y - from.y));
  let rest = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [at, { from, to }] of parts.entries()) {
    const length = lengths[at] ?? 0;
    const isSteep = Math.abs(to.y - from.y) > Math.abs(to.x - from.x);
    const beside = isSteep ? { x: -BESIDE, y: 0 } : { x: 0, y: BESIDE };
    if (rest <= length && length > 0) return { x: from.x + ((to.x - from.x) * rest) / length + beside.x, y: from.y + ((to.y - from.y) * rest) / length + beside.y };
    rest -= length;
  }
  return points[0] ?? { x: 0, y: 0 };
}
