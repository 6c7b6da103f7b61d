/** The palette at the left of the canvas: words under signs, click or drag, keys work too. */
import type Canvas from "diagram-js/lib/core/Canvas";

import type { Diagram } from "../bpmn/paper";
import { h, icon } from "../ui/dom";
import { gettext } from "../ui/words";
import type { Making } from "./making";
import type { Menus } from "./menus";
import { type Part, PALETTE } from "./parts";

export class Palette {
  constructor(
    private readonly diagram: Diagram,
    private readonly making: Making,
    menus: Menus,
    host: HTMLElement,
  ) {
    host.setAttribute("role", "toolbar");
    host.setAttribute("aria-label", gettext("Parts"));
    host.setAttribute("aria-orientation", "vertical");
    const select = this.tool(gettext("Select"), "select", gettext("Select and move parts; drag on the paper to select several"), () => this.selectTool());
    const move = this.tool(gettext("Move"), "hand", gettext("Move the paper"), (event) => this.diagram.get<{ activateHand(event: Event): void }>("handTool").activateHand(event));
    const more = this.tool(gettext("All"), "search", gettext("Every part, by what it does (N)"), () => menus.create());
    host.append(select, move, h("hr"), ...PALETTE.map((part) => this.part(part)), h("hr"), more);
    host.addEventListener("keydown", (event) => walk(host, event));
  }

  private selectTool(): void {
    this.diagram.get<{ cancel(): void }>("dragging").cancel();
    this.diagram.get<Canvas>("canvas").focus();
  }

  private tool(word: string, sign: string, title: string, act: (event: Event) => void): HTMLElement {
    return h("button", { type: "button", title, onclick: act }, icon(sign), word);
  }

  private part(part: Part & { word: string; sign: string }): HTMLElement {
    const button = h("button", { type: "button", title: `${part.word}: ${part.title}`, draggable: "true", "data-part": part.key }, icon(part.sign), part.word);
    button.addEventListener("click", (event) => {
      // A click made by a key has no place: the part goes where it makes sense.
      if (event.detail === 0) this.making.place(part);
      else this.making.carry(part, event);
    });
    button.addEventListener("dragstart", (event) => {
      event.preventDefault();
      this.making.carry(part, event);
    });
    return button;
  }
}

/** Arrow keys move through the palette. */
function walk(host: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const buttons = [...host.querySelectorAll<HTMLElement>("button")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  buttons[(at + (event.key === "ArrowDown" ? 1 : -1) + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
