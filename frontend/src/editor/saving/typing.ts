/** What is being typed, taken into the model without taking the field from whoever types. */
import type { Diagram } from "../../bpmn/paper";
import type { Shape } from "../../bpmn/elements";
import { isText } from "../panel/focus";

interface DirectEditing {
  _active: { element: Shape; context: { text: string } } | null;
  getValue(): string;
  complete(): void;
  activate(shape: Shape): void;
}

/** How long somebody pauses before an unfinished text is taken, in milliseconds. */
const PAUSE = 3_000;

/** Takes the text of the focused field of the panel, and the label that is written on the paper. */
export function takeTyped(diagram: Diagram, panel: HTMLElement): void {
  const field = document.activeElement;
  if (isText(field) && panel.contains(field)) takeField(field);
  takeLabel(diagram);
}

/** Calls when whoever types in the panel or on the paper pauses. */
export function onPause(hosts: HTMLElement[], act: () => void): void {
  let timer = 0;
  for (const host of hosts) {
    host.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(act, PAUSE);
    });
  }
}

function takeField(field: HTMLInputElement | HTMLTextAreaElement): void {
  if (field.value === field.defaultValue) return;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  // A space at the end is taken off what is kept, and is still wanted by whoever goes on typing: the
  // panel puts a text back that differs from its beginning.
  if (field.value !== field.value.trim()) field.defaultValue = field.value.trim();
}

function takeLabel(diagram: Diagram): void {
  const editing = diagram.get<DirectEditing>("directEditing");
  const active = editing._active;
  if (active === null || editing.getValue() === active.context.text) return;
  editing.complete();
  resumeLabel(diagram, active.element);
}

/** Returns the id of the element whose label is being written, or null. */
export function labelInHand(diagram: Diagram): string | null {
  return diagram.get<DirectEditing>("directEditing")._active?.element.id ?? null;
}

/** Opens a label again, with the caret behind what is there. */
export function resumeLabel(diagram: Diagram, shape: Shape): void {
  diagram.get<DirectEditing>("directEditing").activate(shape);
  const selection = getSelection();
  const box = document.activeElement;
  if (selection === null || box === null) return;
  selection.selectAllChildren(box);
  selection.collapseToEnd();
}
