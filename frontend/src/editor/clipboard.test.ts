import { BpmnModdle } from "bpmn-moddle";
import { expect, test } from "vitest";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import interlock from "../bpmn/moddle/interlock.json";
import { plain, revive } from "./clipboard";

const XML = `<bpmn:serviceTask xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:interlock="urn:interlock:bpmn:1" xmlns:other="urn:other" id="write" name="Write it" other:mark="kept">
  <bpmn:extensionElements>
    <zeebe:taskDefinition type="http:1" />
    <zeebe:ioMapping><zeebe:input source="=a &lt; b" target="body" /></zeebe:ioMapping>
    <interlock:retry attempts="5" firstDelay="PT30S" />
    <other:note colour="red"><other:line>two words</other:line></other:note>
  </bpmn:extensionElements>
</bpmn:serviceTask>`;

function moddle() {
  return new BpmnModdle({ zeebe, interlock });
}

test("what is copied comes back in another drawing, other tools' parts included", async () => {
  const here = moddle();
  const { rootElement } = await here.fromXML(XML, "bpmn:ServiceTask");
  const written = await here.toXML(rootElement);

  const text = JSON.stringify(plain({ 0: [{ id: "write", x: 10, businessObject: rootElement }] }));
  const there = moddle();
  const tree = revive(JSON.parse(text) as never, there as never) as { 0: { x: number; businessObject: object }[] };

  expect(tree[0][0]?.x).toBe(10);
  const again = await there.toXML(tree[0][0]?.businessObject ?? {});
  expect(again.xml).toBe(written.xml);
  expect(again.xml).toContain('colour="red"');
  expect(again.xml).toContain('mark="kept"');
});

test("what refers back to the drawing stays there", () => {
  const di = { $type: "bpmndi:BPMNShape", $descriptor: {}, bpmnElement: { id: "write" }, isExpanded: true };

  expect(plain(di)).toEqual({ $type: "bpmndi:BPMNShape", isExpanded: true });
});
