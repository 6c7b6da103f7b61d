/** The run that shows a problem: tokens where they wait, and the path by which they came there. */
import type Canvas from "diagram-js/lib/core/Canvas";

import type { Shape } from "../bpmn/elements";
import type { Diagram } from "../bpmn/paper";
import { s } from "../ui/dom";
import { gettext } from "../ui/words";

const LAYER = "counter-example";
const PATH = "on-path";

export class TokenTrail {
  private marked: string[] = [];

  constructor(private readonly diagram: Diagram) {}

  /** Shows tokens and a path; none of both clears the paper. */
  show(tokens: readonly string[], path: readonly string[]): void {
    const canvas = this.diagram.get<Canvas>("canvas");
    const layer = canvas.getLayer(LAYER, 2) as unknown as SVGGElement;
    layer.replaceChildren();
    for (const id of this.marked) if (this.shape(id)) canvas.removeMarker(id, PATH);
    this.marked = path.filter((id) => this.shape(id)?.parent);
    for (const id of this.marked) canvas.addMarker(id, PATH);
    for (const [id, count] of counted(tokens)) {
      const shape = this.shape(id);
      if (shape?.parent) layer.append(token(placeOf(shape), count));
    }
  }

  private shape(id: string): Shape | undefined {
    return this.diagram.get<{ get(id: string): Shape | undefined }>("elementRegistry").get(id);
  }
}

function counted(tokens: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of tokens) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** A token on a flow waits before its end; one at a step stands at its upper edge. */
function placeOf(shape: Shape): { x: number; y: number } {
  const points = shape.waypoints;
  const [before, end] = points?.slice(-2) ?? [];
  if (!before || !end) return { x: shape.x + shape.width / 2, y: shape.y };
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const part = Math.min(22, length / 2) / length;
  return { x: end.x - (end.x - before.x) * part, y: end.y - (end.y - before.y) * part };
}

function token(at: { x: number; y: number }, count: number): SVGGElement {
  const words = count > 1 ? gettext("%(count)s tokens", { count }) : gettext("A token");
  return s(
    "g",
    { class: "shown-token", transform: `translate(${at.x} ${at.y})`, role: "img", "aria-label": words },
    s("circle", { r: count > 1 ? 10 : 8 }),
    count > 1 && s("text", { "text-anchor": "middle", dy: "0.36em" }, String(count)),
  );
}
