/** A drawing that is shown and not edited: every rule says no, and the pad stays away. */
import type EventBus from "diagram-js/lib/core/EventBus";

import type { Diagram } from "../bpmn/paper";

const FIRST = 10_000;
const BEGINNINGS = ["element.dblclick", "shape.move.start", "connectionSegment.move.start", "bendpoint.move.start", "resize.start", "contextPad.open", "create.start", "connect.start", "spaceTool.selection.start"];

/** Locks a drawing until what is returned is called. An edit from anywhere else fails with these words. */
export function lock(diagram: Diagram, root: HTMLElement, words: string): () => void {
  const bus = diagram.get<EventBus>("eventBus");
  const before = root.dataset["locked"];
  const refuse = (): never => {
    throw new Error(words);
  };
  const no = (): boolean => false;
  bus.on("commandStack.execute", FIRST, refuse);
  bus.on(BEGINNINGS, FIRST, no);
  root.dataset["locked"] = "true";
  return () => {
    bus.off("commandStack.execute", refuse);
    bus.off(BEGINNINGS, no);
    if (before === undefined) delete root.dataset["locked"];
  };
}
