/** Makes parts and puts them where they make sense: after a part, at its edge, or where there is room. */
import type Canvas from "diagram-js/lib/core/Canvas";

import { isA, type Model, type Shape } from "../bpmn/elements";
import { type Diagram, reveal } from "../bpmn/paper";
import type { Edits } from "./edits";
import type { Part } from "./parts";

interface Factory {
  createShape(attributes: Record<string, unknown>): Shape;
  createParticipantShape(attributes: Record<string, unknown>): Shape;
}

interface Selection {
  get(): Shape[];
  select(shape: Shape): void;
}

interface Point {
  x: number;
  y: number;
}

export class Making {
  constructor(
    private readonly diagram: Diagram,
    private readonly edits: Edits,
  ) {}

  /** Makes a shape of a part, not yet on the paper. */
  make(part: Part): Shape {
    const factory = this.diagram.get<Factory>("elementFactory");
    if (part.type === "bpmn:Participant") return factory.createParticipantShape({ type: part.type });
    const shape = factory.createShape({ type: part.type, ...part.attributes, ...(part.trigger === undefined ? {} : { eventDefinitionType: part.trigger }) });
    const model = shape.businessObject;
    if (part.named !== undefined) model.set("name", part.named);
    if (part.key === "gate") model.set("extensionElements", this.gateOf(model));
    return shape;
  }

  /** Takes a part to the pointer, which puts it down. */
  carry(part: Part, event: Event): void {
    this.diagram.get<{ start(event: Event, shape: Shape): void }>("create").start(event, this.make(part));
  }

  /** Returns the one selected part that something can follow, or null. */
  source(): Shape | null {
    const [source, ...others] = this.diagram.get<Selection>("selection").get();
    if (!source || others.length || source.waypoints !== undefined || source.type === "label" || source.parent === undefined) return null;
    return isA(source.businessObject, "FlowNode") && !isA(source.businessObject, "EndEvent") ? source : null;
  }

  /** Places a part without a mouse: after what is selected, or where there is room. */
  place(part: Part): void {
    const source = this.source();
    if (source && part.family !== "start" && part.family !== "frame") this.append(part, source);
    else this.put(part);
  }

  /** Puts a part behind another one, joined to it; or at its edge where that is its place. */
  append(part: Part, source: Shape): void {
    const placed = part.family === "edge" ? this.edits.attach(source, this.make(part)) : this.diagram.get<{ append(source: Shape, shape: Shape): Shape }>("autoPlace").append(source, this.make(part));
    this.show(placed);
  }

  /** Pastes into the middle of what is seen, selected. */
  paste(): void {
    const canvas = this.diagram.get<Canvas>("canvas");
    const { x, y, width, height } = canvas.viewbox();
    const copyPaste = this.diagram.get<{ paste(context: { element: unknown; point: Point }): Shape[] | undefined }>("copyPaste");
    const pasted = copyPaste.paste({ element: canvas.getRootElement(), point: { x: Math.round(x + width / 2), y: Math.round(y + height / 2) } });
    this.diagram.get<{ select(shapes: Shape[]): void }>("selection").select(pasted?.filter((each) => each.labelTarget === undefined) ?? []);
  }

  private put(part: Part): void {
    const canvas = this.diagram.get<Canvas>("canvas");
    const { inner, x, y, width, height } = canvas.viewbox();
    const shape = this.make(part);
    // Below what is drawn, where nothing is covered; on bare paper in the middle.
    const at = inner.width ? { x: inner.x + inner.width / 2, y: inner.y + inner.height + shape.height / 2 + 40 } : { x: x + width / 2, y: y + height / 2 };
    const modeling = this.diagram.get<{ createShape(shape: Shape, at: Point, parent: unknown): Shape }>("modeling");
    this.show(modeling.createShape(shape, at, canvas.getRootElement()));
  }

  private show(placed: Shape): void {
    this.diagram.get<Selection>("selection").select(placed);
    reveal(this.diagram, placed.id);
  }

  private gateOf(model: Model): Model {
    const extensions = this.edits.create("bpmn:ExtensionElements", {}, model);
    extensions.set("values", [this.edits.create("interlock:Gate", { quorum: "1" }, extensions)]);
    return extensions;
  }
}
