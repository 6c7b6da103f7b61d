/** The menus of all parts: N makes one, A puts one after what is selected. Typing searches. */
import type Canvas from "diagram-js/lib/core/Canvas";

import { isA, type Shape } from "../bpmn/elements";
import type { Diagram } from "../bpmn/paper";
import { isTyping } from "../ui/dom";
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";
import type { Making } from "./making";
import { FAMILIES, type Family, type Part, PARTS } from "./parts";

/** Others may register providers for these, such as the step library its templates. */
export const CREATE_MENU = "interlock-create";
export const APPEND_MENU = "interlock-append";

const WIDTH = 320;

interface Entry {
  label: string;
  description: string;
  search: string;
  className: string;
  group: { id: string; name: string };
  action: (event: Event) => void;
}

interface PopupMenu {
  registerProvider(id: string, provider: { getPopupMenuEntries(target: Shape): Record<string, Entry> }): void;
  open(target: unknown, id: string, position: { x: number; y: number }, options: { title: string; width: number; search: boolean }): void;
}

export class Menus {
  constructor(
    private readonly diagram: Diagram,
    private readonly making: Making,
    mayEdit: boolean,
  ) {
    if (!mayEdit) return;
    const menu = this.menu();
    menu.registerProvider(CREATE_MENU, { getPopupMenuEntries: () => this.entries(creatable(), (part, event) => this.createOne(part, event)) });
    menu.registerProvider(APPEND_MENU, { getPopupMenuEntries: (source) => this.entries(appendable(source), (part) => this.making.append(part, source)) });
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** Opens the menu of all parts, near what is selected or in the middle of the paper. */
  create(): void {
    const root = this.diagram.get<Canvas>("canvas").getRootElement();
    this.menu().open(root, CREATE_MENU, this.place(), { title: gettext("Make a part"), width: WIDTH, search: true });
  }

  /** Opens the menu of what can follow the selected part. */
  append(): void {
    const source = this.making.source();
    if (!source) return toast(gettext("Select one part that something can follow."), "warning");
    this.menu().open(source, APPEND_MENU, this.place(source), { title: gettext("Then, or at its edge"), width: WIDTH, search: true });
  }

  private key(event: KeyboardEvent): void {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const inDialog = event.target instanceof Element && event.target.closest("dialog, .djs-popup") !== null;
    if (!plain || inDialog || isTyping(event.target)) return;
    if (event.key === "n") this.create();
    else if (event.key === "a") this.append();
    else return;
    event.preventDefault();
  }

  private entries(parts: readonly Part[], act: (part: Part, event: Event) => void): Record<string, Entry> {
    const entry = (part: Part): Entry => ({
      label: part.label,
      description: part.title,
      search: `${part.label} ${part.search}`,
      className: `bpmn-icon-${part.glyph}`,
      group: { id: part.family, name: FAMILIES[part.family] },
      action: (event) => {
        this.diagram.get<{ close(): void }>("popupMenu").close();
        act(part, event);
      },
    });
    return Object.fromEntries(parts.map((part) => [part.key, entry(part)]));
  }

  /** By mouse it hangs at the pointer; by key it goes where it makes sense. */
  private createOne(part: Part, event: Event): void {
    if (event instanceof MouseEvent && event.detail > 0) this.making.carry(part, event);
    else this.making.place(part);
  }

  private place(near?: Shape): { x: number; y: number } {
    const canvas = this.diagram.get<Canvas>("canvas");
    const { left, top, width, height } = canvas.getContainer().getBoundingClientRect();
    if (!near) return { x: left + width / 2 - WIDTH / 2, y: top + Math.min(80, height / 8) };
    const { x, y, scale } = canvas.viewbox();
    return { x: left + (near.x + near.width - x) * scale + 12, y: top + (near.y - y) * scale };
  }

  private menu(): PopupMenu {
    return this.diagram.get<PopupMenu>("popupMenu");
  }
}

function inOrder(parts: readonly Part[]): Part[] {
  const order = Object.keys(FAMILIES) as Family[];
  return [...parts].sort((one, other) => order.indexOf(one.family) - order.indexOf(other.family));
}

export function creatable(): Part[] {
  return inOrder(PARTS.filter((part) => part.family !== "edge"));
}

export function appendable(source: Shape): Part[] {
  const model = source.businessObject;
  // What comes first can only be an event, or a step that waits for a message.
  if (isA(model, "EventBasedGateway")) return PARTS.filter((part) => part.family === "wait" || part.key === "receive");
  const isEdged = isA(model, "Activity");
  return inOrder(PARTS.filter((part) => part.family !== "start" && part.family !== "frame" && (part.family !== "edge" || isEdged)));
}
