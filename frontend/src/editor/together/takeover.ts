/** Another state of the draft on the paper, with everything in hand left where it is. */
import type Canvas from "diagram-js/lib/core/Canvas";

import type { Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import type { Modeler } from "../modeler";
import { isText } from "../panel/focus";
import { labelInHand, resumeLabel } from "../saving/typing";

interface Registry {
  get(id: string): Shape | undefined;
}

interface Hand {
  plane: string;
  view: { x: number; y: number; width: number; height: number };
  selected: string[];
  label: string | null;
  field: { name: string; start: number | null } | null;
}

/** Tells whether somebody is in the middle of something that another state would tear away. */
export function isBusy(diagram: Diagram): boolean {
  const dragging = diagram.get<{ context(): unknown }>("dragging").context();
  const menu = diagram.get<{ isOpen(): boolean }>("popupMenu").isOpen();
  return Boolean(dragging) || menu || document.querySelector("dialog[open]") !== null;
}

/** Opens a model in the place of the one that is open. What is selected stays so, where it is still there. */
export async function takeOver(modeler: Modeler, xml: string): Promise<void> {
  const hand = inHand(modeler);
  await modeler.importXML(xml);
  const canvas = modeler.get<Canvas>("canvas");
  const registry = modeler.get<Registry>("elementRegistry");
  const plane = canvas.getRootElements().find((root) => root.id === hand.plane);
  if (plane) canvas.setRootElement(plane);
  canvas.viewbox(hand.view);
  const selected = hand.selected.flatMap((id) => registry.get(id) ?? []);
  if (selected.length) modeler.get<{ select(shapes: Shape[]): void }>("selection").select(selected);
  const labelled = hand.label === null ? undefined : registry.get(hand.label);
  if (labelled) resumeLabel(modeler, labelled);
  else if (hand.field) backTo(hand.field);
}

/** Lays the way of flows anew whose ends two people moved. */
export function layAnew(diagram: Diagram, flows: string[]): void {
  const registry = diagram.get<Registry>("elementRegistry");
  const modeling = diagram.get<{ layoutConnection(flow: Shape): void }>("modeling");
  for (const flow of flows.flatMap((id) => registry.get(id) ?? [])) modeling.layoutConnection(flow);
}

function inHand(diagram: Diagram): Hand {
  const canvas = diagram.get<Canvas>("canvas");
  const { x, y, width, height } = canvas.viewbox();
  const selected = diagram.get<{ get(): Shape[] }>("selection").get().map((shape) => shape.id);
  const active = document.activeElement;
  const name = active instanceof HTMLElement ? active.dataset["field"] : undefined;
  const field = name === undefined ? null : { name, start: isText(active) ? active.selectionStart : null };
  return { plane: canvas.getRootElement().id, view: { x, y, width, height }, selected, label: labelInHand(diagram), field };
}

function backTo({ name, start }: { name: string; start: number | null }): void {
  const field = document.querySelector<HTMLElement>(`.editor-panel [data-field="${CSS.escape(name)}"]`);
  field?.focus({ preventScroll: true });
  if (isText(field) && start !== null) field.setSelectionRange(start, start);
}
