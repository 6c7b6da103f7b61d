/** Nets for tests: written as nodes and flows, with nothing said that is as usual. */
import { type Net, netOf, type Node } from "./net";

type Written = Partial<Node> & Pick<Node, "id" | "kind">;

/** Returns a net of one process `p`, of nodes and flows written as `from>to`. A flow's id is what is written. */
export function aNet(nodes: readonly Written[], ...flows: string[]): Net {
  const read = flows.map((id) => {
    const [source = "", target = ""] = id.split(">");
    return { id, name: "", source, target };
  });
  return connected(nodes, read);
}

/** Returns a net with the flows of each node filled in. */
export function connected(nodes: readonly Written[], flows: readonly { id: string; name: string; source: string; target: string }[]): Net {
  const whole = nodes.map((node): Node => ({
    name: node.id,
    level: "p",
    incoming: flows.filter((flow) => flow.target === node.id).map((flow) => flow.id),
    outgoing: flows.filter((flow) => flow.source === node.id).map((flow) => flow.id),
    trigger: "",
    ref: "",
    host: null,
    interrupts: true,
    repeat: null,
    byEvent: false,
    conditional: false,
    tells: [],
    ...node,
  }));
  return netOf(["p"], whole, flows);
}
