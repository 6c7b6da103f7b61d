/** Computes a layout of a model. Loaded only when somebody tidies up. */
import { layoutProcess } from "bpmn-auto-layout";
import { BpmnModdle } from "bpmn-moddle";

import type { Bounds, Layout, Point } from "./tidy";

interface Drawn {
  $type: string;
  bpmnElement?: { id: string };
  bounds?: Bounds;
  waypoint?: Point[];
}

interface Node {
  $type: string;
  incoming?: unknown[];
  outgoing?: unknown[];
  sourceRef?: Node;
  targetRef?: Node;
  get(name: string): unknown[];
}

/** Returns where each element would go. */
export async function layOut(xml: string): Promise<Layout> {
  const moddle = new BpmnModdle();
  const read = await moddle.fromXML(xml);
  join(Object.values(read.elementsById) as Node[]);
  const { xml: joined } = await moddle.toXML(read.rootElement);
  const laid = await moddle.fromXML(await layoutProcess(joined));
  const drawn = (Object.values(laid.elementsById) as Drawn[]).filter((each) => each.bpmnElement);
  return {
    shapes: new Map(drawn.flatMap((each) => (each.bounds && each.bpmnElement ? [[each.bpmnElement.id, plainBounds(each.bounds)]] : []))),
    flows: new Map(drawn.flatMap((each) => (each.waypoint?.length && each.bpmnElement ? [[each.bpmnElement.id, each.waypoint.map(({ x, y }) => ({ x, y }))]] : []))),
  };
}

/** Lists the flows at the nodes they join, which files need not do and the layout asks for. */
function join(elements: readonly Node[]): void {
  for (const flow of elements.filter((each) => each.$type === "bpmn:SequenceFlow")) {
    for (const [node, side] of [[flow.sourceRef, "outgoing"], [flow.targetRef, "incoming"]] as const) {
      const listed = node?.get(side);
      if (listed && !listed.includes(flow)) listed.push(flow);
    }
  }
}

function plainBounds({ x, y, width, height }: Bounds): Bounds {
  return { x, y, width, height };
}
