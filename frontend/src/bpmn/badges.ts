/** Small signs on shapes, kept in step with what should be shown. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type Overlays from "diagram-js/lib/features/overlays/Overlays";

import { h, icon } from "../ui/dom";
import type { Diagram } from "./paper";

export interface Sign {
  /** The class behind `badge--`. */
  tone: string;
  icon: string | null;
  words: string;
  /** Spoken and shown on hover. */
  title: string;
  corner: "left" | "right";
}

interface Signed {
  type: string;
  width?: number;
  waypoints?: { x: number; y: number }[];
}

/** Keeps signs and markers of elements: what changed is redrawn, the rest is left alone. */
export class Badges {
  private readonly shown = new Map<string, { key: string; overlay: string }>();
  private readonly marked = new Map<string, string>();

  constructor(private readonly diagram: Diagram) {}

  /** Shows exactly these signs; those that are new appear with a short fade. */
  show(signs: ReadonlyMap<string, Sign>): void {
    const overlays = this.diagram.get<Overlays>("overlays");
    this.forgetGone();
    for (const [element, { overlay }] of this.shown) {
      if (signs.has(element)) continue;
      overlays.remove(overlay);
      this.shown.delete(element);
    }
    this.outOfLayout(() => {
      for (const [element, sign] of signs) this.put(overlays, element, sign);
    });
  }

  /** Each sign asks the canvas for its size, which would have all that came before laid out every time. */
  private outOfLayout(act: () => void): void {
    const layer = this.diagram.get<Canvas>("canvas").getContainer().querySelector<HTMLElement>(".djs-overlay-container");
    const before = layer?.style.display ?? "";
    if (layer) layer.style.display = "none";
    act();
    if (layer) layer.style.display = before;
  }

  /** Marks exactly these elements with one class each. */
  mark(markers: ReadonlyMap<string, string>): void {
    const canvas = this.diagram.get<Canvas>("canvas");
    this.forgetGone();
    for (const [element, marker] of this.marked) {
      if (markers.get(element) === marker) continue;
      canvas.removeMarker(element, marker);
      this.marked.delete(element);
    }
    for (const [element, marker] of markers) {
      if (this.marked.has(element) || !this.has(element)) continue;
      canvas.addMarker(element, marker);
      this.marked.set(element, marker);
    }
  }

  private put(overlays: Overlays, element: string, sign: Sign): void {
    const key = JSON.stringify(sign);
    const before = this.shown.get(element);
    if (before?.key === key || !this.has(element)) return;
    if (before) overlays.remove(before.overlay);
    const badge = h(
      "span",
      { class: `badge badge--${sign.tone}${before ? "" : " is-new"}`, title: sign.title, role: "img", "aria-label": sign.title },
      sign.icon !== null && icon(sign.icon),
      sign.words,
    );
    const position = positionOn(this.shape(element) as Signed, sign.corner);
    const overlay = overlays.add(element, "sign", { position, html: badge, scale: { min: 0.6, max: 1.1 } });
    this.shown.set(element, { key, overlay });
  }

  /** What was deleted took its signs along; an undo brings it back without them. */
  private forgetGone(): void {
    for (const element of this.shown.keys()) if (!this.has(element)) this.shown.delete(element);
    for (const element of this.marked.keys()) if (!this.has(element)) this.marked.delete(element);
  }

  private has(element: string): boolean {
    return this.shape(element) !== undefined;
  }

  private shape(element: string): unknown {
    return this.diagram.get<{ get(id: string): unknown }>("elementRegistry").get(element);
  }
}

/** Returns where a sign stands, from the upper left corner of what it is on; on a flow, in its middle. */
function positionOn({ type, width = 0, waypoints }: Signed, corner: Sign["corner"]): { top: number; left: number } {
  if (waypoints?.length) {
    const half = Math.floor((waypoints.length - 1) / 2);
    const middle = (axis: "x" | "y") => ((waypoints[half]?.[axis] ?? 0) + (waypoints[half + 1]?.[axis] ?? 0)) / 2;
    const least = (axis: "x" | "y") => Math.min(...waypoints.map((point) => point[axis]));
    return { top: middle("y") - least("y") - 10, left: middle("x") - least("x") - 10 };
  }
  // What is at an edge has its name at the left.
  const isLeft = corner === "left" && !type.endsWith("BoundaryEvent");
  // The corner of a gateway is empty, and what stands above it is its question.
  return { top: type.endsWith("Gateway") ? 0 : -10, left: isLeft ? -10 : width - 14 };
}
