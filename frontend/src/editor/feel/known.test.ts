import { BpmnModdle } from "bpmn-moddle";
import { beforeAll, expect, test } from "vitest";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import type { Model } from "../../bpmn/elements";
import interlock from "../../bpmn/moddle/interlock.json";
import { knownAfter, knownBefore } from "./known";

const XML = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:interlock="urn:interlock:bpmn:1" id="d" targetNamespace="x">
<bpmn:process id="p"><bpmn:extensionElements><zeebe:userTaskForm id="f">{"components":[{"type":"number","key":"impact"},{"type":"text","text":"Hello"},{"type":"textfield","key":"told","readonly":true}]}</zeebe:userTaskForm></bpmn:extensionElements>
<bpmn:startEvent id="start"><bpmn:extensionElements><zeebe:formDefinition formKey="camunda-forms:bpmn:f"/></bpmn:extensionElements></bpmn:startEvent>
<bpmn:serviceTask id="write"><bpmn:extensionElements><zeebe:taskDefinition type="http:1"/><zeebe:ioMapping><zeebe:output source="=response.body.id" target="ticket"/></zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:userTask id="gate"><bpmn:extensionElements><interlock:gate quorum="1"/></bpmn:extensionElements></bpmn:userTask>
<bpmn:subProcess id="each"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=hosts" inputElement="host" outputCollection="all"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>
  <bpmn:scriptTask id="inner"><bpmn:extensionElements><zeebe:script expression="=1" resultVariable="one"/></bpmn:extensionElements></bpmn:scriptTask>
</bpmn:subProcess>
<bpmn:boundaryEvent id="failed" attachedToRef="each"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>
<bpmn:endEvent id="end"/><bpmn:userTask id="mend"/>
<bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="write"/><bpmn:sequenceFlow id="f2" sourceRef="write" targetRef="gate"/><bpmn:sequenceFlow id="f3" sourceRef="gate" targetRef="each"/>
<bpmn:sequenceFlow id="f4" sourceRef="each" targetRef="end"/><bpmn:sequenceFlow id="f5" sourceRef="failed" targetRef="mend"/>
</bpmn:process></bpmn:definitions>`;

let parts: Record<string, Model>;

beforeAll(async () => {
  parts = (await new BpmnModdle({ zeebe, interlock }).fromXML(XML)).elementsById as unknown as Record<string, Model>;
});

function before(id: string): string[] {
  return knownBefore(parts[id] as Model).map((each) => each.name).sort();
}

test("what forms ask for and steps keep is known behind them, in flow order", () => {
  expect(before("start")).toEqual([]);
  expect(before("write")).toEqual(["impact"]);
  expect(before("gate")).toEqual(["impact", "ticket"]);
  expect(before("f3")).toEqual(["decision", "impact", "ticket"]);
});

test("a step's own results are known to what it keeps, and hidden behind what it chooses", () => {
  expect(knownAfter(parts["write"] as Model).map((each) => each.name)).toContain("response");
  expect(before("gate")).not.toContain("response");
});

test("inside of a loop its item and its counter are known, outside what it collects", () => {
  expect(before("inner")).toEqual(expect.arrayContaining(["host", "loopCounter", "decision", "impact"]));
  expect(before("end")).toEqual(["all", "decision", "impact", "one", "ticket"]);
});

test("behind a failure the failure is known", () => {
  expect(before("mend")).toContain("failure");
});
