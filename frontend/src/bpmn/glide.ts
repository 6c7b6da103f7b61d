/** A token that glides along a flow, once. Nothing moves where movement is unwelcome. */
import type Canvas from "diagram-js/lib/core/Canvas";

import { isStill, s } from "../ui/dom";
import type { Diagram } from "./paper";

/** Lets a token glide along each flow that is drawn, for so many milliseconds. */
export function glide(diagram: Diagram, flows: readonly string[], milliseconds: number): void {
  if (isStill() || document.hidden) return;
  for (const flow of flows) glideAlong(diagram, flow, milliseconds);
}

function glideAlong(diagram: Diagram, flow: string, milliseconds: number): void {
  const canvas = diagram.get<Canvas>("canvas");
  if (!diagram.get<{ get(id: string): unknown }>("elementRegistry").get(flow)) return;
  const path = canvas.getGraphics(flow).querySelector<SVGGeometryElement>(".djs-visual > path");
  if (!path) return;
  const token = s("circle", { class: "glide", r: 7 });
  canvas.getDefaultLayer().append(token);
  const length = path.getTotalLength();
  const began = performance.now();
  const step = (now: number) => {
    const share = Math.min(1, Math.max(0, now - began) / milliseconds);
    const point = path.getPointAtLength(length * share);
    token.setAttribute("cx", String(point.x));
    token.setAttribute("cy", String(point.y));
    if (share < 1) requestAnimationFrame(step);
    else token.remove();
  };
  requestAnimationFrame(step);
}
