/** The palette at the left of the canvas: words under signs, click or drag, keys work too. */
import type Canvas from "diagram-js/lib/core/Canvas";

import type { Model, Shape } from "../bpmn/elements";
import { type Diagram, reveal } from "../bpmn/paper";
import { h, icon } from "../ui/dom";
import { gettext } from "../ui/words";
import type { Edits } from "./edits";

interface Item {
  key: string;
  word: string;
  sign: string;
  title: string;
  type: string;
  trigger?: string;
  /** The name a new element gets: an element without one says nothing in a run. */
  named?: string;
}

/** What can be drawn is what can be run. */
export const ITEMS: readonly Item[] = [
  { key: "start", word: gettext("Start"), sign: "ring", title: gettext("Start: where a run begins"), type: "bpmn:StartEvent" },
  { key: "wait", word: gettext("Wait"), sign: "ring-clock", title: gettext("Wait for a time"), type: "bpmn:IntermediateCatchEvent", trigger: "bpmn:TimerEventDefinition" },
  { key: "message", word: gettext("Message"), sign: "ring-msg", title: gettext("Wait for a message"), type: "bpmn:IntermediateCatchEvent", trigger: "bpmn:MessageEventDefinition" },
  { key: "end", word: gettext("End"), sign: "thick", title: gettext("End: where a path ends"), type: "bpmn:EndEvent" },
  { key: "decide", word: gettext("Decide"), sign: "diax", title: gettext("Decide: one of several ways is taken"), type: "bpmn:ExclusiveGateway" },
  { key: "split", word: gettext("Split"), sign: "dia-plus", title: gettext("Split: all ways are taken, and joined again"), type: "bpmn:ParallelGateway" },
  { key: "person", word: gettext("Person"), sign: "box-user", title: gettext("Person: somebody does it"), type: "bpmn:UserTask" },
  { key: "gate", word: gettext("Gate"), sign: "box-gate", title: gettext("Gate: somebody approves or rejects"), type: "bpmn:UserTask", named: gettext("Approve") },
  { key: "service", word: gettext("Service"), sign: "box-gear", title: gettext("Service: a connector does it"), type: "bpmn:ServiceTask" },
  { key: "script", word: gettext("Script"), sign: "box-script", title: gettext("Script: an expression sets a variable"), type: "bpmn:ScriptTask" },
];

interface Create {
  start(event: Event, shape: Shape): void;
}

interface Tools {
  toggle?(): void;
  activateHand(event: Event): void;
  activateLasso?(event: Event): void;
}

interface Placer {
  append(source: Shape, shape: Shape): Shape;
}

export class Palette {
  constructor(
    private readonly diagram: Diagram,
    private readonly edits: Edits,
    host: HTMLElement,
  ) {
    host.setAttribute("role", "toolbar");
    host.setAttribute("aria-label", gettext("Parts"));
    host.setAttribute("aria-orientation", "vertical");
    const select = this.tool(gettext("Select"), "select", gettext("Select and move parts; drag on the paper to select several"), () => this.selectTool());
    const move = this.tool(gettext("Move"), "hand", gettext("Move the paper"), (event) => this.diagram.get<Tools>("handTool").activateHand(event));
    host.append(select, move, h("hr"), ...ITEMS.map((item) => this.part(item)));
    host.addEventListener("keydown", (event) => walk(host, event));
  }

  /** Makes a shape of an item, not yet on the paper. */
  make(item: Item): Shape {
    const attributes: Record<string, unknown> = { type: item.type };
    if (item.trigger !== undefined) attributes["eventDefinitionType"] = item.trigger;
    const shape = this.diagram.get<{ createShape(attributes: Record<string, unknown>): Shape }>("elementFactory").createShape(attributes);
    const model = shape.businessObject;
    if (item.named !== undefined) model.set("name", item.named);
    if (item.key === "gate") model.set("extensionElements", this.gateOf(model));
    return shape;
  }

  /** Places an item without a mouse: after what is selected, else in the middle of the view. */
  placeByKey(item: Item): void {
    const selection = this.diagram.get<{ get(): Shape[]; select(shape: Shape): void }>("selection");
    const source = selection.get()[0];
    const shape = this.make(item);
    const canAppend = source !== undefined && source.waypoints === undefined && source.type !== "label" && source.parent !== undefined && !/EndEvent|Participant|Lane/.test(source.type);
    if (canAppend) {
      selection.select(this.diagram.get<Placer>("autoPlace").append(source, shape));
      return;
    }
    const canvas = this.diagram.get<Canvas>("canvas");
    const { inner, x, y, width, height } = canvas.viewbox();
    // Below what is drawn, where nothing is covered; on bare paper in the middle.
    const at = inner.width ? { x: inner.x + inner.width / 2, y: inner.y + inner.height + 80 } : { x: x + width / 2, y: y + height / 2 };
    const modeling = this.diagram.get<{ createShape(shape: Shape, at: { x: number; y: number }, parent: unknown): Shape }>("modeling");
    const placed = modeling.createShape(shape, at, canvas.getRootElement());
    selection.select(placed);
    reveal(this.diagram, placed.id);
  }

  private gateOf(model: Model): Model {
    const extensions = this.edits.create("bpmn:ExtensionElements", {}, model);
    extensions.set("values", [this.edits.create("interlock:Gate", { quorum: "1" }, extensions)]);
    return extensions;
  }

  private selectTool(): void {
    this.diagram.get<{ cancel(): void }>("dragging").cancel();
    this.diagram.get<Canvas>("canvas").focus();
  }

  private tool(word: string, sign: string, title: string, act: (event: Event) => void): HTMLElement {
    return h("button", { type: "button", title, onclick: act }, icon(sign), word);
  }

  private part(item: Item): HTMLElement {
    const create = (event: Event) => this.diagram.get<Create>("create").start(event, this.make(item));
    const button = h("button", { type: "button", title: item.title, draggable: "true", "data-part": item.key }, icon(item.sign), item.word);
    button.addEventListener("click", (event) => {
      // A click made by a key has no place: the part goes where it makes sense.
      if (event.detail === 0) this.placeByKey(item);
      else create(event);
    });
    button.addEventListener("dragstart", (event) => {
      event.preventDefault();
      create(event);
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
