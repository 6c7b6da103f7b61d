/** Makes a sub-process of a part of the drawing: one command, so one undo. */
import type Canvas from "diagram-js/lib/core/Canvas";

import type { Shape } from "../bpmn/elements";
import { nameOf } from "../bpmn/elements";
import type { Diagram } from "../bpmn/paper";
import { gettext } from "../ui/words";
import type { Edits } from "./edits";
import { type Level, type Obstacle, proposed, type Region, regionOf } from "./problem-regions";

interface Modeling {
  createShape(shape: unknown, at: { x: number; y: number }, parent: Shape): Shape;
  connect(source: Shape, target: Shape): Shape;
  moveElements(shapes: Shape[], delta: { x: number; y: number }, parent: Shape, hints?: object): void;
  reconnectEnd(flow: Shape, target: Shape, at: { x: number; y: number }): void;
  reconnectStart(flow: Shape, source: Shape, at: { x: number; y: number }): void;
  layoutConnection(flow: Shape, hints: object): void;
  updateProperties(shape: Shape, properties: Record<string, unknown>): void;
}

interface Linked extends Shape {
  host?: Shape;
  source?: Shape;
  target?: Shape;
  children?: Linked[];
}

const ROOM = 110;
const CHOSEN = "is-chosen";
const FIXED = ["bpmn:StartEvent", "bpmn:EndEvent"];
const WORDS: Record<Obstacle, string> = {
  few: gettext("Select at least two steps, or none and a part is proposed."),
  fixed: gettext("Where the level begins and ends stays where it is: leave it out of the selection."),
  "ways-in": gettext("The selection must be entered by exactly one flow. Select what lies between a split and its join."),
  "ways-out": gettext("The selection must be left by exactly one flow. Select what lies between a split and its join."),
};

export class Extraction {
  constructor(
    private readonly diagram: Diagram,
    private readonly edits: Edits,
  ) {}

  /** Returns what would be taken out: of the selection where several are selected, else the best. */
  choose(level: string): Region | string {
    const selected = this.diagram.get<{ get(): Linked[] }>("selection").get().filter((shape) => !shape.waypoints && !shape.labelTarget);
    const parent = selected.length > 1 ? selected[0]?.parent : this.parentOf(level);
    if (!parent) return WORDS.few;
    const drawn = levelOf(parent as Linked);
    if (selected.length > 1) {
      const found = regionOf(drawn, selected.map((shape) => shape.id));
      return typeof found === "string" ? WORDS[found] : found;
    }
    return proposed(drawn) ?? gettext("No part of this level has one way in and one way out.");
  }

  /** Shows what would be taken out; the answer ends the showing. */
  preview(region: Region): () => void {
    const canvas = this.diagram.get<Canvas>("canvas");
    const shown = [...region.inside].filter((id) => this.shape(id));
    for (const id of shown) canvas.addMarker(id, CHOSEN);
    return () => {
      for (const id of shown) if (this.shape(id)) canvas.removeMarker(id, CHOSEN);
    };
  }

  /** Makes the sub-process, and answers it. */
  extract(region: Region): Shape | null {
    const inside = [...region.inside].flatMap((id) => this.shape(id) ?? []).filter((shape) => !shape.host);
    const [entry, exit] = [this.shape(region.entry.id), this.shape(region.exit.id)];
    const first = this.shape(region.entry.target);
    const last = this.shape(region.exit.source);
    if (!entry || !exit || !first || !last) return null;
    let made: Shape | null = null;
    this.edits.together(() => {
      made = this.make(inside, entry, exit, first, last);
    });
    return made;
  }

  private make(inside: Linked[], entry: Linked, exit: Linked, first: Linked, last: Linked): Shape {
    const modeling = this.diagram.get<Modeling>("modeling");
    const factory = this.diagram.get<{ createShape(attributes: object): Shape }>("elementFactory");
    const box = boxOf(inside);
    const parent = inside[0]!.parent!;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const frame = factory.createShape({ type: "bpmn:SubProcess", isExpanded: true, width: box.width + 2 * ROOM, height: box.height + ROOM });
    const sub = modeling.createShape(frame, middle, parent);
    modeling.updateProperties(sub, { name: nameFor(inside) });
    modeling.reconnectEnd(entry, sub, middle);
    modeling.reconnectStart(exit, sub, middle);
    modeling.moveElements(inside, { x: 0, y: 0 }, sub, { autoResize: false });
    const start = modeling.createShape(factory.createShape({ type: "bpmn:StartEvent" }), { x: box.x - ROOM / 2, y: first.y + first.height / 2 }, sub);
    modeling.connect(start, first);
    const end = modeling.createShape(factory.createShape({ type: "bpmn:EndEvent" }), { x: box.x + box.width + ROOM / 2, y: last.y + last.height / 2 }, sub);
    modeling.connect(last, end);
    // Folded, it takes the room of one step: nothing around it has to move.
    const folded = this.diagram.get<{ replaceElement(shape: Shape, target: object): Shape }>("bpmnReplace").replaceElement(sub, { type: "bpmn:SubProcess", isExpanded: false });
    for (const flow of [entry, exit]) modeling.layoutConnection(flow, { waypoints: [flow.source!, flow.target!].map(middleOf) });
    return folded;
  }

  private parentOf(level: string): Shape | undefined {
    if (level !== "") {
      const registry = this.diagram.get<{ get(id: string): Shape | undefined }>("elementRegistry");
      return registry.get(`${level}_plane`) ?? registry.get(level);
    }
    return this.diagram.get<{ getRootElement(): Shape }>("canvas").getRootElement();
  }

  private shape(id: string): Linked | undefined {
    return this.diagram.get<{ get(id: string): Linked | undefined }>("elementRegistry").get(id);
  }
}

/** Reads the level that a shape or a plane shows; of a collaboration, its first pool. */
function levelOf(parent: Linked): Level {
  const pool = parent.children?.find((child) => child.type === "bpmn:Participant" && child.children?.length);
  const children = (pool ?? parent).children?.filter((child) => !child.labelTarget) ?? [];
  const flows = children.filter((child) => child.type === "bpmn:SequenceFlow" && child.source && child.target);
  const nodes = children.filter((child) => !child.waypoints && isNode(child));
  return {
    nodes: nodes.map((node) => node.id),
    flows: flows.map((flow) => ({ id: flow.id, source: flow.source!.id, target: flow.target!.id })),
    hosts: new Map(nodes.flatMap((node) => (node.host ? [[node.id, node.host.id] as const] : []))),
    fixed: new Set(nodes.filter((node) => FIXED.includes(node.type)).map((node) => node.id)),
  };
}

function isNode(shape: Shape): boolean {
  return shape.businessObject.$instanceOf?.("bpmn:FlowNode") ?? false;
}

/** Names a part by its first step, from left to right, that has a name. */
function nameFor(inside: readonly Shape[]): string {
  const named = inside.filter((shape) => shape.businessObject.get<string | undefined>("name"));
  const first = named.sort((one, other) => one.x - other.x)[0];
  return first ? gettext("%(first)s and more", { first: nameOf(first.businessObject) }) : gettext("Sub-process");
}

function middleOf(shape: Shape): { x: number; y: number } {
  return { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
}

function boxOf(shapes: readonly Shape[]): { x: number; y: number; width: number; height: number } {
  const x = Math.min(...shapes.map((shape) => shape.x));
  const y = Math.min(...shapes.map((shape) => shape.y));
  const width = Math.max(...shapes.map((shape) => shape.x + shape.width)) - x;
  const height = Math.max(...shapes.map((shape) => shape.y + shape.height)) - y;
  return { x, y, width, height };
}
