/** What can be done about a problem at once: a word for the button, and one undoable act. */
import type { ModelProblem } from "../api/shapes";
import { extensionOf, type Model, type Shape } from "../bpmn/elements";
import type { Diagram } from "../bpmn/paper";
import { gettext } from "../ui/words";
import type { Edits } from "./edits";

export interface Mend {
  label: string;
  act: () => void;
}

interface Modeling {
  createShape(shape: object, at: { x: number; y: number }, parent: Shape, hints?: object): Shape;
  appendShape(source: Shape, shape: object, at: { x: number; y: number }, parent: Shape): Shape;
  reconnectEnd(flow: Shape, target: Shape, at: { x: number; y: number }): void;
  removeElements(shapes: Shape[]): void;
}

/** How an event at an edge is made, and what it leads to. */
interface Edge {
  definition: string;
  name: string;
  interrupts: boolean;
  next: { type: string; name: string };
}

const GATEWAYS: Record<string, string> = {
  parallel: gettext("Wait for all: make it a parallel gateway"),
  exclusive: gettext("Wait for one: make it an exclusive gateway"),
  inclusive: gettext("Wait for what can come: make it an inclusive gateway"),
};
const REMOVED = new Set(["unreachable", "step_never_reached", "flow_into_start", "flow_into_boundary", "flow_out_of_end"]);
const UNCONDITIONAL = new Set(["condition_ignored", "default_with_condition"]);
const LATE = "P1D";

export class Mends {
  constructor(
    private readonly diagram: Diagram,
    private readonly edits: Edits,
    /** Opens the entry of the process. */
    private readonly openEntry: () => void,
    /** Proposes a part of a level for a sub-process. */
    private readonly extract: (level: string) => void,
  ) {}

  /** Returns what can be done about a problem, null where a person must decide. */
  of(problem: ModelProblem): Mend | null {
    if (problem.mend["do"] === "entry") return { label: gettext("Open the entry"), act: this.openEntry };
    if (problem.mend["do"] === "extract") return { label: gettext("Extract a sub-process"), act: () => this.extract(problem.mend["level"] ?? "") };
    const shape = problem.element === null ? undefined : this.shape(problem.element);
    if (!shape?.parent) return null;
    return this.told(problem, shape) ?? this.known(problem, shape);
  }

  /** What the server says can be done. */
  private told({ mend }: ModelProblem, shape: Shape): Mend | null {
    switch (mend["do"]) {
      case "name":
        return { label: gettext("Name it"), act: () => this.rename(shape) };
      case "gateway":
        return { label: GATEWAYS[mend["kind"] ?? ""] ?? "", act: () => this.replace(shape, mend["kind"] ?? "") };
      case "quorum":
        return { label: gettext("Lower the quorum to %(count)s", { count: mend["to"] ?? "" }), act: () => this.edits.setExtension(shape, "interlock:Gate", { quorum: Number(mend["to"]) }) };
      case "reconnect":
        return { label: gettext("Lead it to the rejection"), act: () => this.reconnect(mend["flow"] ?? "", mend["to"] ?? "") };
      case "error_event":
        return { label: gettext("Add an error event"), act: () => this.addEdge(shape, ERROR) };
      case "escalation":
        return { label: gettext("Add a time limit"), act: () => this.addEdge(shape, ESCALATION) };
      default:
        return null;
    }
  }

  /** What follows from the problem alone. */
  private known({ code }: ModelProblem, shape: Shape): Mend | null {
    if (REMOVED.has(code) && (shape.waypoints || code === "unreachable" || code === "step_never_reached")) {
      return { label: gettext("Remove it"), act: () => this.modeling().removeElements([shape]) };
    }
    if (UNCONDITIONAL.has(code)) return { label: gettext("Remove the condition"), act: () => this.edits.set(shape, { conditionExpression: undefined }) };
    if (code === "conditions_missing") return { label: gettext("Make the last way the default"), act: () => this.makeDefault(shape) };
    return null;
  }

  private rename(shape: Shape): void {
    this.diagram.get<{ activate(shape: Shape): void }>("directEditing").activate(shape);
  }

  private replace(shape: Shape, kind: string): void {
    const type = `bpmn:${kind.charAt(0).toUpperCase()}${kind.slice(1)}Gateway`;
    this.diagram.get<{ replaceElement(shape: Shape, target: object): Shape }>("bpmnReplace").replaceElement(shape, { type });
  }

  private reconnect(flow: string, to: string): void {
    const [line, target] = [this.shape(flow), this.shape(to)];
    if (line && target) this.modeling().reconnectEnd(line, target, { x: target.x + target.width / 2, y: target.y + target.height / 2 });
  }

  private makeDefault(gateway: Shape): void {
    const flows = gateway.businessObject.get<Model[]>("outgoing").filter((flow) => !flow.get("conditionExpression"));
    const last = flows.at(-1);
    if (last) this.edits.set(gateway, { default: last });
  }

  /** Puts an event at the lower edge of a step, and what it leads to below. */
  private addEdge(host: Shape, edge: Edge): void {
    const factory = this.diagram.get<{ createShape(attributes: object): Shape }>("elementFactory");
    this.edits.together(() => {
      const event = factory.createShape({ type: "bpmn:BoundaryEvent", eventDefinitionType: edge.definition, cancelActivity: edge.interrupts });
      event.businessObject.set("name", edge.name);
      const corner = { x: host.x + host.width * 0.75, y: host.y + host.height };
      const placed = this.modeling().createShape(event, corner, host, { attach: true });
      if (edge === ESCALATION) this.timeOf(placed);
      const next = factory.createShape({ type: edge.next.type });
      next.businessObject.set("name", edge.next.name);
      const made = this.modeling().appendShape(placed, next, { x: corner.x + 40, y: corner.y + 110 }, host.parent!);
      if (edge === ESCALATION) this.offerTo(made, host);
    });
  }

  private timeOf(event: Shape): void {
    const definition = event.businessObject.get<Model[]>("eventDefinitions")[0]!;
    const timeDuration = this.edits.create("bpmn:FormalExpression", { body: LATE }, definition);
    this.edits.setPart(event, definition, { timeDuration });
  }

  /** Offers the work to those who are asked to decide: they are who must know. */
  private offerTo(step: Shape, gate: Shape): void {
    const asked = extensionOf(gate.businessObject, "zeebe:AssignmentDefinition");
    const names = ["assignee", "candidateGroups", "candidateUsers"].flatMap((name) => {
      const value = asked?.get<string | undefined>(name);
      return value ? [[name, value] as const] : [];
    });
    if (names.length) this.edits.setExtension(step, "zeebe:AssignmentDefinition", Object.fromEntries(names));
  }

  private modeling(): Modeling {
    return this.diagram.get<Modeling>("modeling");
  }

  private shape(id: string): Shape | undefined {
    return this.diagram.get<{ get(id: string): Shape | undefined }>("elementRegistry").get(id);
  }
}

const ERROR: Edge = {
  definition: "bpmn:ErrorEventDefinition",
  name: gettext("Failed"),
  interrupts: true,
  next: { type: "bpmn:EndEvent", name: gettext("Not done") },
};
const ESCALATION: Edge = {
  definition: "bpmn:TimerEventDefinition",
  name: gettext("Late after 1 day"),
  interrupts: false,
  next: { type: "bpmn:UserTask", name: gettext("Ask for the decision") },
};
