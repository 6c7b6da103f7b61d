/** Lays a drawing out anew, where that loses nothing; shown before it is kept, and one undo. */
import type CommandStack from "diagram-js/lib/command/CommandStack";

import { isA, kindOf, type Model, type Shape } from "../bpmn/elements";
import { type Diagram, fit } from "../bpmn/paper";
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";
import type { Edits } from "./edits";

export interface Point {
  x: number;
  y: number;
}

export interface Bounds extends Point {
  width: number;
  height: number;
}

/** Where each element goes, by its id. */
export interface Layout {
  shapes: Map<string, Bounds>;
  flows: Map<string, Point[]>;
}

interface Placed {
  shape: Shape;
  before: { bounds: Bounds; waypoints: Point[] | undefined };
  after: { bounds: Bounds; waypoints: Point[] | undefined };
}

interface Updater {
  updateBounds(shape: Shape): void;
  updateConnectionWaypoints(connection: Shape): void;
}

/** Puts shapes and flows elsewhere, all of them as one command. */
class PlaceHandler {
  static readonly $inject = ["bpmnUpdater"];

  constructor(private readonly updater: Updater) {}

  execute({ placed }: { placed: readonly Placed[] }): Shape[] {
    return placed.map(({ shape, after }) => this.put(shape, after));
  }

  revert({ placed }: { placed: readonly Placed[] }): Shape[] {
    return placed.map(({ shape, before }) => this.put(shape, before));
  }

  private put(shape: Shape, to: Placed["after"]): Shape {
    if (to.waypoints) {
      shape.waypoints = to.waypoints.map(({ x, y }) => ({ x, y }));
      this.updater.updateConnectionWaypoints(shape);
    } else {
      Object.assign(shape, to.bounds);
      this.updater.updateBounds(shape);
    }
    return shape;
  }
}

export interface Preview {
  words: string;
  keep: () => void;
  back: () => void;
}

export class Tidy {
  constructor(
    private readonly diagram: Diagram,
    private readonly edits: Edits,
    private readonly write: () => Promise<string>,
    private readonly show: (preview: Preview) => void,
  ) {
    this.stack().registerHandler("interlock.place", PlaceHandler as never);
  }

  /** Lays out, shows it and asks; says why where it would lose something. */
  async begin(): Promise<void> {
    const obstacle = obstacleIn(this.all());
    if (obstacle) return toast(gettext("Tidy leaves nothing out, and it cannot place this: %(what)s.", { what: obstacle }), "warning");
    const { layOut } = await import("./layout");
    const layout = await layOut(await this.write());
    const left = this.all().find((each) => !isLabel(each) && each.parent && !layout.shapes.has(each.id) && !layout.flows.has(each.id));
    if (left) return toast(gettext("Tidy leaves nothing out, and it cannot place this: %(what)s.", { what: kindOf(left.businessObject) }), "warning");
    this.stack().execute("interlock.place", { placed: placements(this.all(), layout) });
    fit(this.diagram, 0.4);
    this.show({ words: gettext("This is how it would look. Nothing but places changed."), keep: () => undefined, back: () => this.edits.undo() });
  }

  private all(): Shape[] {
    return this.diagram.get<{ getAll(): Shape[] }>("elementRegistry").getAll().filter((each) => each.parent !== undefined);
  }

  private stack(): CommandStack {
    return this.diagram.get<CommandStack>("commandStack");
  }
}

/** Returns the kind of the first element that a layout would lose or tear from its place, or null. */
export function obstacleIn(shapes: readonly { businessObject: Model }[]): string | null {
  const found = shapes.find(({ businessObject }) => !isA(businessObject, "FlowNode", "SequenceFlow"));
  return found ? kindOf(found.businessObject) : null;
}

function isLabel(shape: Shape): boolean {
  return shape.labelTarget !== undefined;
}

/** Returns what goes where. Labels go with what they name. */
function placements(shapes: readonly Shape[], layout: Layout): Placed[] {
  return shapes.flatMap((shape) => {
    const before = { bounds: boundsOf(shape), waypoints: shape.waypoints?.map(({ x, y }) => ({ x, y })) };
    const after = isLabel(shape) ? labelAfter(shape, layout) : { bounds: layout.shapes.get(shape.id) ?? before.bounds, waypoints: layout.flows.get(shape.id) ?? before.waypoints };
    return [{ shape, before, after }];
  });
}

function labelAfter(label: Shape, layout: Layout): Placed["after"] {
  const bounds = boundsOf(label);
  const named = label.labelTarget;
  const points = named && layout.flows.get(named.id);
  if (points) {
    // A flow's answer stands at its beginning, where the question is.
    const [from = { x: 0, y: 0 }, to = from] = points;
    return { bounds: { ...bounds, x: from.x + (to.x > from.x ? 8 : 6), y: from.y + (to.y > from.y ? 8 : -bounds.height - 4) }, waypoints: undefined };
  }
  const to = named && layout.shapes.get(named.id);
  if (!named || !to) return { bounds, waypoints: undefined };
  return { bounds: { ...bounds, x: bounds.x + to.x - named.x, y: bounds.y + to.y - named.y }, waypoints: undefined };
}

function boundsOf({ x, y, width, height }: Shape): Bounds {
  return { x, y, width, height };
}
