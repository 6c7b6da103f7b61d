/** How a diagram is drawn in this product: our colours, our type, our zoom. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type EventBus from "diagram-js/lib/core/EventBus";

import { h, icon } from "../ui/dom";
import { gettext } from "../ui/words";

/* The real family and size, never `inherit`: labels are measured with it. */
const FONT = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

/** What bpmn-js is given, so that a theme change needs no redraw. */
export const PAPER = {
  bpmnRenderer: {
    defaultFillColor: "var(--node)",
    defaultStrokeColor: "var(--ink)",
    defaultLabelColor: "var(--ink)",
  },
  textRenderer: {
    defaultStyle: { fontFamily: FONT, fontSize: 13, lineHeight: 1.25 },
    externalStyle: { fontFamily: FONT, fontSize: 12, lineHeight: 1.25 },
  },
};

export interface Diagram {
  get<T>(name: string): T;
  on(event: string, callback: (event: never) => void): void;
}

/** What lies over the canvas and must not be drawn under: the mark and the zoom, at the bottom. */
const PADDING = { top: 32, right: 32, bottom: 48, left: 32 };

/** Returns the scale at which all of the diagram is in sight with room around it, at most 1. */
export function fitting(diagram: Diagram): number {
  const canvas = diagram.get<Canvas>("canvas");
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  const room = { width: outer.width - PADDING.left - PADDING.right, height: outer.height - PADDING.top - PADDING.bottom };
  return Math.min(1, room.width / inner.width, room.height / inner.height);
}

/** Fits the diagram with room around it; never larger than drawn. */
export function fit(diagram: Diagram, least = 0): void {
  const scale = Math.max(least, fitting(diagram));
  const canvas = diagram.get<Canvas>("canvas");
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width || !outer.height) return;
  const left = (outer.width - PADDING.left - PADDING.right - inner.width * scale) / 2 + PADDING.left;
  const top = (outer.height - PADDING.top - PADDING.bottom - inner.height * scale) / 2 + PADDING.top;
  canvas.viewbox({
    x: inner.x - Math.max(PADDING.left, left) / scale,
    y: inner.y - Math.max(PADDING.top, top) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

/** Puts the zoom at the lower left; the lower right belongs to the mark. */
export function addZoom(host: HTMLElement, diagram: Diagram): void {
  const canvas = diagram.get<Canvas>("canvas");
  const level = h("button", { type: "button", class: "zoom-level", title: gettext("Actual size") });
  const by = (factor: number) => () => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
  level.addEventListener("click", () => canvas.zoom(1));
  host.append(
    h(
      "div",
      { class: "zoom", role: "group", "aria-label": gettext("Zoom") },
      h("button", { type: "button", "aria-label": gettext("Smaller"), onclick: by(1 / 1.2) }, icon("minus")),
      level,
      h("button", { type: "button", "aria-label": gettext("Larger"), onclick: by(1.2) }, icon("plus")),
      h("button", { type: "button", onclick: () => fit(diagram) }, gettext("Fit")),
    ),
  );
  const show = () => {
    level.textContent = `${Math.round(canvas.zoom() * 100)} %`;
  };
  diagram.get<EventBus>("eventBus").on("canvas.viewbox.changed", show);
  show();
}

interface Painted {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

interface Plane {
  diagrams?: { plane?: { planeElement?: Painted[] } }[];
}

const COLOURS = ["bioc:fill", "bioc:stroke", "color:background-color", "color:border-color"];

/** Returns every drawn part of a model that brings colours of its own. */
function painted(definitions: Plane): Painted[] {
  return (definitions.diagrams ?? [])
    .flatMap((diagram) => diagram.plane?.planeElement ?? [])
    .filter(colourOf);
}

/** Returns the first colour that a drawn part brings along, or undefined. */
export function colourOf(part: Painted): unknown {
  return COLOURS.map((name) => part.get(name)).find(Boolean);
}

/** Draws elements neutral: a file's green and red would read as states. */
export function forgetColours(diagram: Diagram): void {
  diagram.get<EventBus>("eventBus").on("import.render.start", (event: { definitions: Plane }) => {
    for (const part of painted(event.definitions)) {
      for (const name of COLOURS) part.set(name, undefined);
    }
  });
}

/** Tells whether a model has colours of its own, which were chosen for light paper. */
export function hasColours(definitions: Plane): boolean {
  return painted(definitions).length > 0;
}

/** Scrolls an element into the middle where it is not in sight. */
export function reveal(diagram: Diagram, id: string): void {
  const canvas = diagram.get<Canvas>("canvas");
  const found = diagram.get<{ get(id: string): Parameters<Canvas["scrollToElement"]>[0] | undefined }>("elementRegistry").get(id);
  if (found !== undefined) canvas.scrollToElement(found, { top: 64, right: 96, bottom: 80, left: 96 });
}

interface Outline {
  createOutline(element: unknown): void;
}

/** Puts the ring of the one selection around an element, and takes it from the one before. */
export function ring(diagram: Diagram, before: string | null, after: string | null): void {
  const canvas = diagram.get<Canvas>("canvas");
  const registry = diagram.get<{ get(id: string): unknown }>("elementRegistry");
  if (before !== null && registry.get(before)) canvas.removeMarker(before, "is-chosen");
  const shape = after === null ? undefined : registry.get(after);
  if (after === null || shape === undefined) return;
  diagram.get<Outline>("outline").createOutline(shape);
  canvas.addMarker(after, "is-chosen");
}
