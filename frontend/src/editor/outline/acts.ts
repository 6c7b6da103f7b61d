/** What is done to a model without a pointer: each act is one command, so one undo. */
import type Canvas from "diagram-js/lib/core/Canvas";

import { isA, type Shape } from "../../bpmn/elements";
import { type Diagram, reveal } from "../../bpmn/paper";
import type { Edits } from "../edits";
import type { Making } from "../making";
import { appendable } from "../menus";
import type { Part } from "../parts";

interface Flow extends Shape {
  source: Shape;
  target: Shape;
  waypoints: { x: number; y: number }[];
}

interface Point {
  x: number;
  y: number;
}

interface Modeling {
  connect(source: Shape, target: Shape, attributes: Record<string, unknown>): Shape;
  createShape(shape: Shape, at: Point, parent: Shape): Shape;
  moveElements(shapes: Shape[], by: Point): void;
  removeElements(shapes: Shape[]): void;
  updateLabel(shape: Shape, text: string): void;
}

interface Rules {
  canConnect(source: Shape, target: Shape): Record<string, unknown> | false | null;
  canInsert(shape: Shape, flow: Shape): boolean;
}

interface Registry {
  get(id: string): Shape | undefined;
  filter(holds: (shape: Shape) => boolean): Shape[];
}

/** Between two parts in a row, in pixels. */
const GAP = 50;

export class Acts {
  constructor(
    private readonly diagram: Diagram,
    private readonly edits: Edits,
    private readonly making: Making,
  ) {}

  shape(id: string): Shape | undefined {
    return this.registry().get(id);
  }

  select(shape: Shape): void {
    // First: another plane comes with a selection of its own.
    reveal(this.diagram, shape.id);
    this.diagram.get<{ select(shape: Shape): void }>("selection").select(shape);
  }

  /** Returns the parts that can be put after a part, or onto a way. */
  parts(after: Shape): Part[] {
    if (isFlow(after)) return appendable(after.source).filter((part) => part.family !== "edge");
    return isA(after.businessObject, "FlowNode") && !isA(after.businessObject, "EndEvent") ? appendable(after) : [];
  }

  /** Puts a part onto a way; behind a part with one way on, between the two; else at the end of a new way. */
  add(part: Part, after: Shape): void {
    const flow = isFlow(after) ? after : onlyWay(after);
    if (flow && part.family !== "edge" && this.rules().canInsert(this.making.make(part), flow)) this.insert(part, flow);
    else this.making.append(part, isFlow(after) ? after.source : after);
  }

  /** Tells whether parts can be put into it: a sub-process, a pool or a lane. */
  isPlace(shape: Shape): boolean {
    return isA(shape.businessObject, "SubProcess", "Participant", "Lane");
  }

  /** Puts a part into a place, to the right of what is in it; the place grows where it must. */
  put(part: Part, place: Shape): void {
    const plane = this.shape(`${place.id}_plane`);
    const shape = this.making.make(part);
    const at = plane ? this.roomOn(plane, shape) : this.roomIn(place, shape);
    this.select(this.modeling().createShape(shape, at, plane ?? place));
  }

  private roomIn(place: Shape, shape: Shape): Point {
    const bottom = place.y + place.height;
    const root = this.rootOf(place);
    const inside = this.standing((each) => this.rootOf(each) === root && each.x > place.x && each.y >= place.y && each.y < bottom && each.x < place.x + place.width);
    const right = Math.max(place.x + 2 * GAP - shape.width / 2, ...inside.map((each) => each.x + each.width + GAP));
    return { x: right + shape.width / 2, y: place.y + place.height / 2 };
  }

  /** What is inside a folded sub-process is drawn on a paper of its own. */
  private roomOn(plane: Shape, shape: Shape): Point {
    const inside = this.standing((each) => each.parent === plane);
    const right = Math.max(180, ...inside.map((each) => each.x + each.width + GAP));
    return { x: right + shape.width / 2, y: 160 };
  }

  private rootOf(shape: Shape): unknown {
    return this.diagram.get<Canvas>("canvas").findRoot(shape as never);
  }

  private standing(holds: (shape: Shape) => boolean): Shape[] {
    return this.registry().filter((each) => each.waypoints === undefined && each.labelTarget === undefined && isA(each.businessObject, "FlowNode") && holds(each));
  }

  /** Returns what a way, or a message, can lead to from a part. */
  targets(source: Shape): Shape[] {
    if (!isA(source.businessObject, "FlowNode", "Participant")) return [];
    const reached = new Set((source.outgoing ?? []).map((flow) => (flow as Flow).target));
    const other = this.registry().filter((shape) => shape !== source && shape.waypoints === undefined && shape.labelTarget === undefined && !reached.has(shape));
    return other.filter((target) => this.link(source, target) !== null);
  }

  connect(source: Shape, target: Shape): void {
    const link = this.link(source, target);
    if (link) this.select(this.modeling().connect(source, target, link));
  }

  rename(shape: Shape, name: string): void {
    this.modeling().updateLabel(shape, name);
  }

  remove(shape: Shape): void {
    this.modeling().removeElements([shape]);
  }

  private link(source: Shape, target: Shape): Record<string, unknown> | null {
    const link = this.rules().canConnect(source, target);
    return link && ["bpmn:SequenceFlow", "bpmn:MessageFlow"].includes(String(link["type"])) ? link : null;
  }

  private insert(part: Part, flow: Flow): void {
    const shape = this.making.make(part);
    const { source, target } = flow;
    const right = source.x + source.width;
    const isAhead = target.x >= right;
    const half = Math.floor(flow.waypoints.length / 2);
    const turn = flow.waypoints[half] ?? target;
    const at = isAhead ? { x: right + GAP + shape.width / 2, y: source.y + source.height / 2 } : { x: turn.x, y: turn.y };
    this.edits.together(
      () => isAhead && this.makeRoom(source, target, shape.width + 2 * GAP),
      () => this.modeling().createShape(shape, at, flow),
    );
    this.select(shape);
  }

  /** Moves what stands to the right of a part, where the next one is nearer than that. */
  private makeRoom(source: Shape, target: Shape, room: number): void {
    const right = source.x + source.width;
    const missing = room - (target.x - right);
    if (missing <= 0) return;
    const moved = this.registry().filter((shape) => shape.parent === source.parent && shape.x >= right && shape.waypoints === undefined && shape.labelTarget === undefined && !("host" in shape && shape.host));
    this.modeling().moveElements(moved, { x: missing, y: 0 });
  }

  private modeling(): Modeling {
    return this.diagram.get<Modeling>("modeling");
  }

  private rules(): Rules {
    return this.diagram.get<Rules>("bpmnRules");
  }

  private registry(): Registry {
    return this.diagram.get<Registry>("elementRegistry");
  }
}

function isFlow(shape: Shape): shape is Flow {
  return shape.waypoints !== undefined && isA(shape.businessObject, "SequenceFlow");
}

function onlyWay(shape: Shape): Flow | null {
  if (isA(shape.businessObject, "Gateway")) return null;
  const [way, ...others] = (shape.outgoing ?? []).filter(isFlow);
  return way && !others.length ? way : null;
}
