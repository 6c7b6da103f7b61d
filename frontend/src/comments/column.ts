/** The column of comments beside a drawing: shown by its button, by M, by a pin, or by the address. */
import type EventBus from "diagram-js/lib/core/EventBus";

import { h, icon, isTyping } from "../ui/dom";
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";
import { type Around, Drawing } from "./drawing";
import { CommentsPanel, openWords } from "./panel";
import { Pins } from "./pins";
import { openCounts, type Talk } from "./threads";

export class Column {
  readonly button: HTMLButtonElement;
  private readonly count = h("span", { class: "count", hidden: true });
  private readonly panel: CommentsPanel;
  private readonly pins: Pins;
  private isFirst: boolean;

  constructor(
    private readonly host: HTMLElement,
    private readonly around: Around,
    /** The room of the drawing has changed. */
    private readonly onTurn: () => void,
  ) {
    const close = h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": gettext("Close the comments"), onclick: () => this.leave() }, icon("x"));
    host.id = "comments";
    host.hidden = true;
    host.classList.add("comments");
    host.setAttribute("aria-label", gettext("Comments"));
    host.append(h("div", { class: "comments-head" }, h("h2", {}, gettext("Comments")), h("kbd", { "aria-hidden": "true" }, "M"), close));
    this.button = h("button", { type: "button", class: "btn btn--quiet", "aria-expanded": "false", "aria-controls": host.id, title: gettext("What is said about the parts of the drawing; M writes about the selected one"), onclick: () => this.turn(host.hidden === true) }, icon("msg"), gettext("Comments"), this.count);
    this.isFirst = around.opensItself;
    this.panel = new CommentsPanel(host, around.url, new Drawing(around), (talk) => this.show(talk));
    this.pins = new Pins(around.diagram, around.canvas, (element) => this.lead(element));
    document.addEventListener("keydown", (event) => this.summon(event));
    host.addEventListener("keydown", (event) => event.key === "Escape" && this.leave());
    const bus = around.diagram.get<EventBus>("eventBus");
    // Names change and parts come and go, also by undo.
    bus.on(["commandStack.changed", "import.done"], () => queueMicrotask(() => this.panel.follow()));
    bus.on("selection.changed", () => this.panel.follow());
    this.panel.open().catch((reason: unknown) => toast(reason instanceof Error ? reason.message : String(reason), "warning"));
    if (this.panel.isAskedFor) this.turn(true);
  }

  /** Puts what is chosen now first. */
  follow(): void {
    this.panel.follow();
  }

  turn(open: boolean): void {
    this.host.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    this.onTurn();
  }

  private show(talk: Talk): void {
    const open = [...openCounts(talk.threads).values()].reduce((sum, count) => sum + count, 0);
    this.count.textContent = String(open);
    this.count.title = openWords(open);
    this.count.hidden = open === 0;
    this.pins.show(talk.threads);
    if (this.isFirst && open > 0) this.turn(true);
    this.isFirst = false;
  }

  private lead(element: string): void {
    this.around.select(element);
    this.turn(true);
    this.panel.follow();
  }

  private leave(): void {
    this.turn(false);
    this.button.focus();
  }

  /** M leads to the field for the chosen part from wherever nobody is typing. */
  private summon(event: KeyboardEvent): void {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key !== "m" || !isPlain || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    this.turn(true);
    this.panel.compose();
    event.preventDefault();
  }
}
