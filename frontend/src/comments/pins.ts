/** How many comments are open about each element, on the element; a click leads to them. */
import type EventBus from "diagram-js/lib/core/EventBus";

import { Badges, type Sign } from "../bpmn/badges";
import type { Diagram } from "../bpmn/paper";
import { openWords } from "./panel";
import { openCounts, type Thread } from "./threads";

export class Pins {
  private readonly badges: Badges;
  private counts = new Map<string, number>();

  constructor(
    private readonly diagram: Diagram,
    host: HTMLElement,
    onPin: (element: string) => void,
  ) {
    this.badges = new Badges(diagram);
    diagram.get<EventBus>("eventBus").on(["shape.removed", "connection.removed", "shape.added", "connection.added", "import.done"], () => queueMicrotask(() => this.draw()));
    // In the capture phase, before the drawing takes the press for one on its paper.
    host.addEventListener("pointerdown", (event) => event.target instanceof Element && event.target.closest(".badge--comment") && event.stopPropagation(), true);
    host.addEventListener("click", (event) => {
      const pin = event.target instanceof Element ? event.target.closest(".badge--comment") : null;
      const element = pin?.closest<HTMLElement>("[data-container-id]")?.dataset["containerId"];
      if (element !== undefined) onPin(element);
    });
  }

  show(threads: readonly Thread[]): void {
    this.counts = openCounts(threads);
    this.draw();
  }

  private draw(): void {
    const signs = new Map<string, Sign>();
    for (const [element, count] of this.counts) {
      if (shapeOf(this.diagram, element)?.parent === undefined) continue;
      signs.set(element, { tone: "comment", icon: "msg", words: String(count), title: openWords(count), corner: "right" });
    }
    this.badges.show(signs);
  }
}

function shapeOf(diagram: Diagram, element: string): { parent?: unknown } | undefined {
  return diagram.get<{ get(id: string): { parent?: unknown } | undefined }>("elementRegistry").get(element);
}
