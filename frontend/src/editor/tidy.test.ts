import { expect, test } from "vitest";

import type { Model } from "../bpmn/elements";
import { layOut } from "./layout";
import { obstacleIn } from "./tidy";

const SPACES = 'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"';

function drawing(...parts: string[]): string {
  return `<bpmn:definitions ${SPACES} id="all" targetNamespace="x"><bpmn:process id="p">${parts.join("")}</bpmn:process></bpmn:definitions>`;
}

function kinds(...names: string[]) {
  return names.map((name) => ({
    businessObject: { $type: `bpmn:${name}`, $instanceOf: (type: string) => `bpmn:${name}` === type || (type === "bpmn:FlowNode" && name.endsWith("Task")), get: () => undefined } as unknown as Model,
  }));
}

test("flows are followed where only the flows themselves say what they join", async () => {
  const { shapes, flows } = await layOut(
    drawing('<bpmn:startEvent id="a"/>', '<bpmn:userTask id="b"/>', '<bpmn:endEvent id="c"/>', '<bpmn:sequenceFlow id="ab" sourceRef="a" targetRef="b"/>', '<bpmn:sequenceFlow id="bc" sourceRef="b" targetRef="c"/>'),
  );

  expect([...shapes.keys()].sort()).toEqual(["a", "b", "c"]);
  expect([...flows.keys()].sort()).toEqual(["ab", "bc"]);
  const x = (id: string) => shapes.get(id)?.x ?? Number.NaN;
  expect(x("a")).toBeLessThan(x("b"));
  expect(x("b")).toBeLessThan(x("c"));
});

test("pools, lanes and notes would be lost, and are named", () => {
  expect(obstacleIn(kinds("UserTask", "SequenceFlow"))).toBeNull();
  expect(obstacleIn(kinds("UserTask", "Lane"))).toBe("Lane");
  expect(obstacleIn(kinds("Participant"))).toBe("Pool");
  expect(obstacleIn(kinds("UserTask", "TextAnnotation"))).toBe("Note");
});
