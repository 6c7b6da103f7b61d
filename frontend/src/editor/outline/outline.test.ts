import { BpmnModdle } from "bpmn-moddle";
import { describe, expect, test } from "vitest";

import type { Model } from "../../bpmn/elements";
import { type Item, outlineOf } from "./order";
import { moveOf, neighbours, pathTo, rowsOf, typedTo } from "./walk";
import { lineOf, spokenOf } from "./words";

const SPACES = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"';

async function told(inside: string, isDrawn: (id: string) => boolean = () => true): Promise<Item[]> {
  const xml = `<definitions ${SPACES} id="all" targetNamespace="x">${inside.includes("<process") ? inside : `<process id="p">${inside}</process>`}</definitions>`;
  const { rootElement, warnings } = await new BpmnModdle().fromXML(xml);
  expect(warnings).toEqual([]);
  return outlineOf(rootElement as Model, isDrawn);
}

const flow = (from: string, to: string, more = "") => `<sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}" ${more}/>`;

/** Writes a tree as indented ids; `>` marks where a way leads that is told elsewhere. */
function drawn(items: readonly Item[], indent = ""): string[] {
  return items.flatMap((item) => [`${indent}${item.id}${item.elsewhere ? ` > ${item.elsewhere.id}` : ""}`, ...drawn(item.children, `${indent}  `)]);
}

const FORK = ["<endEvent id='e'/><task id='b'/>", "<startEvent id='s'/><exclusiveGateway id='g'/><task id='a'/><task id='join'/>", flow("s", "g"), flow("g", "a", "name='yes'"), flow("g", "b"), flow("a", "join"), flow("b", "join"), flow("join", "e")].join("");

describe("the order", () => {
  test("follows the flows and not the file; ways lie under what splits, what they share after it", async () => {
    expect(drawn(await told(FORK))).toEqual(["s", "g", "  g-a", "    a", "  g-b", "    b", "join", "e"]);
  });

  test("a way back, and a way straight to where the others meet, say where they lead", async () => {
    const items = await told(`<startEvent id='s'/><task id='ask'/><exclusiveGateway id='g'/><task id='a'/><endEvent id='e'/>${flow("s", "ask")}${flow("ask", "g")}${flow("g", "a")}${flow("g", "e")}${flow("g", "ask")}${flow("a", "e")}`);
    expect(drawn(items)).toEqual(["s", "ask", "g", "  g-a", "    a", "  g-e > e", "  g-ask > ask", "e"]);
  });

  test("a way past the nearest meeting says so", async () => {
    const items = await told(
      `<startEvent id='s'/><parallelGateway id='o'/><exclusiveGateway id='i'/><exclusiveGateway id='b'/>${["a", "c", "m", "x", "z"].map((id) => `<task id='${id}'/>`).join("")}
       ${flow("s", "o")}${flow("o", "i")}${flow("o", "c")}${flow("c", "z")}${flow("i", "a")}${flow("i", "b")}${flow("a", "m")}${flow("b", "m")}${flow("b", "x")}${flow("x", "z")}${flow("m", "z")}`,
    );
    expect(drawn(items)).toEqual(["s", "o", "  o-i", "    i", "      i-a", "        a", "      i-b", "        b", "          b-m > m", "          b-x", "            x", "              x-z > z", "    m", "  o-c", "    c", "z"]);
  });

  test("what waits at the edge lies under its step; what it shares with the way past it does not", async () => {
    const items = await told(`<startEvent id='s'/><task id='a'/><boundaryEvent id='late' attachedToRef='a'><timerEventDefinition/></boundaryEvent><task id='mend'/><task id='b'/>${flow("late", "mend")}${flow("mend", "b")}${flow("s", "a")}${flow("a", "b")}`);
    expect(drawn(items)).toEqual(["s", "a", "  late", "    mend", "      mend-b > b", "b"]);
  });

  test("a sub-process holds its own; one that an event begins, and an undoing, are reached without a flow", async () => {
    const inner = (id: string, more = "") => `<subProcess id='${id}' ${more}><startEvent id='${id}s'/><task id='${id}t'/>${flow(`${id}s`, `${id}t`)}</subProcess>`;
    const items = await told(`${inner("alarm", "triggeredByEvent='true'")}<task id='undo' isForCompensation='true'/><startEvent id='s'/>${inner("sub")}${flow("s", "sub")}`);
    expect(drawn(items)).toEqual(["s", "sub", "  subs", "  subt", "alarm", "  alarms", "  alarmt", "undo"]);
    expect(items.every((item) => item.reached)).toBe(true);
  });

  test("what no run can come to stands at the end and says so, even where it goes in a circle", async () => {
    const items = await told(`<task id='lost'/><task id='x'/><task id='y'/><startEvent id='s'/>${flow("x", "y")}${flow("y", "x")}`);
    expect(drawn(items)).toEqual(["s", "lost", "x", "y", "  y-x > x"]);
    expect(items.map((item) => item.reached)).toEqual([true, false, false, false]);
    expect(spokenOf(items[1] as Item)).toBe("Step, not reached from the start");
  });

  test("without a start event a run begins where nothing leads", async () => {
    const items = await told(`<task id='b'/><task id='a'/>${flow("a", "b")}`);
    expect(drawn(items)).toEqual(["a", "b"]);
    expect(items[0]?.reached).toBe(true);
  });

  test("pools hold their processes, lanes and notes come after the flow, messages after the pools", async () => {
    const items = await told(
      `<collaboration id='c'><participant id='us' processRef='p'/><participant id='them'/><messageFlow id='m' sourceRef='them' targetRef='a'/></collaboration>
       <process id='p'><laneSet id='ls'><lane id='l' name='Desk'><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef></lane></laneSet><task id='a'/><startEvent id='s'/><dataObject id='d'/><dataObjectReference id='dr' dataObjectRef='d'/>${flow("s", "a")}<textAnnotation id='n'><text>Why</text></textAnnotation></process>`,
      (id) => id !== "d",
    );
    expect(drawn(items)).toEqual(["us", "  s", "  a", "  dr", "  l", "  n", "them", "m"]);
    expect(items[0]?.children.slice(2).map(lineOf)).toEqual(["Data", "Desk", "Why"]);
    expect(spokenOf(items[0]?.children[3] as Item)).toBe("Lane Desk, 2 parts");
    expect(spokenOf(items[2] as Item)).toBe("Message flow, from Pool to Step");
  });

  test("every part is told exactly once, however the flows run", async () => {
    const count = 40;
    const at = (seed: number) => (seed * 7919 + 13) % count;
    const flows = Array.from({ length: 90 }, (_, index) => `<sequenceFlow id='f${index}' sourceRef='n${at(index)}' targetRef='n${at(index * index + 5)}'/>`);
    const nodes = Array.from({ length: count }, (_, index) => `<${index ? "task" : "startEvent"} id='n${index}'/>`);
    const ids = rowsOf(await told([...nodes, ...flows].join("")), new Set()).map((row) => row.item.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith("n")).length).toBe(count);
  });
});

describe("the words", () => {
  test("say what it is, what it is called, and where it stands", async () => {
    const [start, gateway, join] = await told(FORK.replace("id='g'", "id='g' name='Agreed?' default='g-b'").replace("<task id='a'", "<userTask id='a' name='Approve change'").replaceAll("></task>", "/>"));
    expect(spokenOf(start as Item)).toBe("Start");
    expect(spokenOf(gateway as Item)).toBe("Decision Agreed?, after Start");
    expect(gateway?.children.map(spokenOf)).toEqual(["Way yes, 1 of 2 after Decision Agreed?", "Way Otherwise, 2 of 2 after Decision Agreed?"]);
    expect(gateway?.children[0]?.children.map(spokenOf)).toEqual(["User task Approve change, after Decision Agreed?"]);
    expect(spokenOf(join as Item)).toBe("Step, after Decision Agreed?");
  });
});

describe("the keys", () => {
  test("down and up, in and out, to both ends", async () => {
    const items = await told(FORK);
    const all = rowsOf(items, new Set());
    const folded = new Set(["g"]);
    const some = rowsOf(items, folded);
    expect(moveOf("ArrowDown", all, "g", new Set())).toEqual({ go: "g-a" });
    expect(moveOf("ArrowDown", some, "g", folded)).toEqual({ go: "join" });
    expect(moveOf("ArrowUp", all, "s", new Set())).toBeNull();
    expect(moveOf("ArrowRight", some, "g", folded)).toEqual({ unfold: "g" });
    expect(moveOf("ArrowRight", all, "g", new Set())).toEqual({ go: "g-a" });
    expect(moveOf("ArrowLeft", all, "a", new Set())).toEqual({ go: "g-a" });
    expect(moveOf("ArrowLeft", all, "g", new Set())).toEqual({ fold: "g" });
    expect(moveOf("End", all, "s", new Set())).toEqual({ go: "e" });
    expect(moveOf("Home", all, "e", new Set())).toEqual({ go: "s" });
    expect(some.map((row) => [row.level, row.position, row.size])).toEqual([[1, 1, 4], [1, 2, 4], [1, 3, 4], [1, 4, 4]]);
  });

  test("a letter goes on to the next that begins with it, around the end; a word stays where it fits", async () => {
    const rows = rowsOf(await told(FORK), new Set());
    const textOf = (item: Item) => item.id;
    expect(typedTo("g", rows, "g", textOf)).toBe("g-a");
    expect(typedTo("G-", rows, "g-b", textOf)).toBe("g-b");
    expect(typedTo("s", rows, "e", textOf)).toBe("s");
    expect(typedTo("q", rows, "e", textOf)).toBeNull();
  });

  test("after a deletion one stands on what followed, else on what was before", async () => {
    const items = await told(FORK);
    const rows = rowsOf(items, new Set());
    expect(neighbours(rows, "g")[0]).toBe("join");
    expect(neighbours(rows, "g-b")[0]).toBe("g-a");
    expect(neighbours(rows, "b")[0]).toBe("g-b");
    expect(neighbours(rows, "e")[0]).toBe("join");
    expect(pathTo(items, "b")).toEqual(["g", "g-b"]);
    expect(pathTo(items, "nowhere")).toBeNull();
  });
});
