/** Who else is at the draft: initials in the toolbar, and what each has in hand on the paper. */
import type EventBus from "diagram-js/lib/core/EventBus";

import type { Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import { h } from "../../ui/dom";
import { gettext } from "../../ui/words";
import type { Seat } from "./room";

interface Overlays {
  add(element: string, type: string, overlay: object): string;
  remove(filter: { type: string }): void;
}

const OVERLAY = "in-hand";

export class People {
  private readonly list = h("ul", { class: "people-here", "aria-label": gettext("Also here") });
  private readonly said = h("span", { class: "sr-only", role: "status" });
  private seats: Seat[] = [];
  /** What somebody wants to edit although another has it in hand. */
  private readonly overridden = new Set<string>();

  constructor(
    private readonly diagram: Diagram,
    tools: HTMLElement,
  ) {
    tools.querySelector(".tools-gap")?.after(this.list, this.said);
    const bus = diagram.get<EventBus>("eventBus");
    bus.on("import.done", () => this.mark());
    bus.on("elements.changed", (event: { elements: Shape[] }) => {
      if (event.elements.some((shape) => this.seats.some((seat) => seat.element === shape.id))) this.mark();
    });
  }

  show(seats: Seat[]): void {
    const [before, after] = [namesOf(this.seats), namesOf(seats)];
    const came = after.filter((name) => !before.includes(name));
    const left = before.filter((name) => !after.includes(name));
    if (came.length) this.said.textContent = gettext("%(names)s is here too.", { names: came.join(", ") });
    else if (left.length) this.said.textContent = gettext("%(names)s left.", { names: left.join(", ") });
    this.seats = seats;
    this.list.replaceChildren(...people(seats).map(badge));
    this.mark();
    document.dispatchEvent(new CustomEvent("interlock:panel"));
  }

  /** Returns what the panel says above an element that somebody else has in hand, or null. */
  noticeOf(element: string): HTMLElement | null {
    const holder = this.seats.find((seat) => seat.holds && seat.element === element);
    if (!holder || this.overridden.has(element)) return null;
    const over = () => {
      this.overridden.add(element);
      document.dispatchEvent(new CustomEvent("interlock:panel"));
    };
    return h(
      "div",
      { class: "in-hand-note", role: "status" },
      h("p", {}, h("b", {}, gettext("%(name)s is editing this.", { name: holder.name })), " ", gettext("What both change is shown to both, and nothing is lost.")),
      h("button", { type: "button", class: "btn btn--small", "data-field": "edit-anyway", onclick: over }, gettext("Edit it anyway")),
    );
  }

  private mark(): void {
    const overlays = this.diagram.get<Overlays>("overlays");
    const registry = this.diagram.get<{ get(id: string): Shape | undefined }>("elementRegistry");
    overlays.remove({ type: OVERLAY });
    for (const element of new Set(this.seats.map((seat) => seat.element))) {
      const shape = element === null ? undefined : registry.get(element);
      // The sheet itself is selected by whoever has selected nothing.
      if (!shape?.parent) continue;
      const names = namesOf(this.seats.filter((seat) => seat.element === element)).join(", ");
      overlays.add(shape.id, OVERLAY, { position: { top: -6, left: -6 }, show: { minZoom: 0.2 }, html: frame(shape, names) });
    }
  }
}

function frame(shape: Shape, names: string): HTMLElement {
  const host = h("div", { class: "in-hand", "data-in-hand": shape.id }, h("span", { class: "in-hand-name" }, names));
  const isLine = "waypoints" in shape;
  host.style.width = isLine ? "0" : `${shape.width + 12}px`;
  host.style.height = isLine ? "0" : `${shape.height + 12}px`;
  return host;
}

function badge(seat: Seat): HTMLElement {
  return h("li", {}, h("span", { class: "avatar avatar--24 avatar--me", "aria-hidden": "true", title: seat.name }, initials(seat.name)), h("span", { class: "people-name" }, seat.name));
}

/** Returns one seat for each person, whatever number of tabs they have open. */
function people(seats: Seat[]): Seat[] {
  return [...new Map(seats.map((seat) => [seat.person, seat])).values()];
}

function namesOf(seats: Seat[]): string[] {
  return people(seats).map((seat) => seat.name);
}

function initials(name: string): string {
  return name.split(/\s+/).map((word) => word.charAt(0)).slice(0, 2).join("").toUpperCase();
}
