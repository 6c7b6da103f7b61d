/** Comments in the flow of a page, under a drawing that is only looked at. */
import type EventBus from "diagram-js/lib/core/EventBus";

import { ring } from "../bpmn/paper";
import { type Around, Drawing, type Opened } from "./drawing";
import { CommentsPanel } from "./panel";
import { Pins } from "./pins";

/** Puts the comments into a host, and what is chosen by a click first. */
export async function mountBeside(host: HTMLElement, canvas: HTMLElement, diagram: Opened): Promise<void> {
  let chosen: string | null = null;
  const select = (element: string): void => {
    ring(diagram, chosen, element);
    chosen = element;
    panel.follow();
  };
  const around: Around = { canvas, diagram, url: host.dataset["url"] ?? "", isDraft: false, opensItself: true, chosen: () => chosen, select, settle: () => Promise.resolve() };
  const pins = new Pins(diagram, canvas, (element) => {
    select(element);
    host.scrollIntoView({ block: "nearest" });
  });
  const panel = new CommentsPanel(host, around.url, new Drawing(around), (talk) => pins.show(talk.threads));
  diagram.get<EventBus>("eventBus").on("element.click", (event: { element: { id: string; labelTarget?: { id: string } } }) => select(event.element.labelTarget?.id ?? event.element.id));
  await panel.open();
}
