/** Every step of the product, filled in as a person would, is written as the files that the engine's tests run. */
import { BpmnModdle } from "bpmn-moddle";
import { describe, expect, it } from "vitest";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import interlock from "../../bpmn/moddle/interlock.json";
import type { Model } from "../../bpmn/elements";
import { begun, settled, shown } from "./filling";
import { type Pen, saidAt, unlink, write } from "./places";
import { elementOf, type Template } from "./shapes";

const shipped = import.meta.glob<Template>("../../../../designer/library/*.json", { eager: true, import: "default" });
const FILES = "../../../../tests/support/steps";

const input = (name: string) => `zeebe:input ${name}`;

/** What the stand-in's check says of itself. */
const DOCUMENT = {
  openapi: "3.0.3",
  info: { title: "Desk", version: "1" },
  paths: {
    "/api/checks": {
      post: {
        operationId: "check",
        requestBody: { required: true, content: { "application/json": { schema: { type: "object", required: ["service"], properties: { service: { type: "string", minLength: 1 } } } } } },
        responses: { "200": { description: "How it is", content: { "application/json": { schema: { $ref: "#/components/schemas/Check" } } } } },
      },
    },
  },
  components: { schemas: { Check: { type: "object", required: ["healthy"], properties: { healthy: { type: "boolean" }, note: { type: "string", nullable: true } } } } },
};

/** What a person fills in, by template; the rest is what the template begins with. */
const FILLED: Record<string, Record<string, string>> = {
  "interlock.http-request": { [input("method")]: "POST", [input("url")]: '=desk + "/api/checks"', [input("body")]: '={service: "mail"}', "zeebe:output =response.body": "answer", "zeebe:output =response.status": "status" },
  "interlock.ticket-create": { [input("server")]: "=desk", [input("ticketKind")]: "incident", [input("ticketTitle")]: '="Disk of " + host' },
  "interlock.ticket-update": { [input("server")]: "=desk", [input("ticketId")]: "=ticket", [input("change")]: "close", [input("ticketResolution")]: "Cleaned up" },
  "interlock.ticket-wait": { [input("server")]: "=desk", [input("ticketId")]: "=ticket", [input("every")]: "PT1S", "zeebe:output =response.body": "closed" },
  "interlock.chat-message": { [input("url")]: '=desk + "/api/chat/operations"', [input("message")]: '="Disk of " + host + " is full"' },
  "interlock.email": { [input("url")]: "=mail", [input("from")]: "desk@acme.example", [input("to")]: "=owner", [input("subject")]: '="Disk of " + host', [input("text")]: "It is full.", "zeebe:output =email.id": "message_id" },
  "interlock.openapi-operation": { [input("url")]: "=desk", "zeebe:taskHeader document": JSON.stringify(DOCUMENT), "zeebe:taskHeader operation": "check", "zeebe:output =response.body": "answer", [input("body")]: '={service: "mail"}' },
  "interlock.approval-gate": { "zeebe:assignmentDefinition candidateGroups": "cab", "interlock:gate quorum": "2" },
  "interlock.script": { "zeebe:script expression": "=amount * 2", "zeebe:script resultVariable": "doubled" },
  "interlock.decision": { "zeebe:calledDecision decisionId": "route", "zeebe:calledDecision resultVariable": "team" },
  "interlock.call-process": { "zeebe:calledElement processId": "called", "zeebe:calledElement bindingType": "latest" },
  "interlock.wait-for-event": { "bpmn:Message#property name": "window.opened", "bpmn:Message#zeebe:subscription#property correlationKey": "=change" },
  "interlock.publish-event": { "bpmn:Message#property name": "window.opened", "bpmn:Message#zeebe:subscription#property correlationKey": "=change", [input("payload")]: "={by: host}" },
};

async function frame(template: Template): Promise<{ definitions: Model; step: Model; xml: () => Promise<string> }> {
  const { type, event } = elementOf(template);
  const tag = type.replace(/:(.)/, (_, first: string) => `:${first.toLowerCase()}`);
  const trigger = event ? `<${event.replace(/:(.)/, (_, first: string) => `:${first.toLowerCase()}`)} id="trigger"/>` : "";
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:interlock="urn:interlock:bpmn:1" id="definitions" targetNamespace="urn:test">
<bpmn:process id="change" name="Change" isExecutable="true"><bpmn:startEvent id="start"/><${tag} id="step" name="The step">${trigger}</${tag}><bpmn:endEvent id="end"/><bpmn:sequenceFlow id="to_step" sourceRef="start" targetRef="step"/><bpmn:sequenceFlow id="to_end" sourceRef="step" targetRef="end"/></bpmn:process></bpmn:definitions>`;
  const moddle = new BpmnModdle({ zeebe, interlock });
  const { rootElement, elementsById } = await moddle.fromXML(text);
  return { definitions: rootElement as unknown as Model, step: elementsById["step"] as unknown as Model, xml: async () => (await moddle.toXML(rootElement, { format: true })).xml };
}

function pen(definitions: Model): Pen {
  const moddle = (definitions as unknown as { $model: { create(type: string, attributes: object): Model } }).$model;
  let made = 0;
  return {
    create: (type, attributes, parent) => {
      const id = /^bpmn:(Message|Signal)$/.test(type) ? { id: `${type.slice(5)}_${(made += 1)}` } : {};
      const part = moddle.create(type, { ...id, ...attributes });
      if (parent) (part as { $parent?: Model }).$parent = parent;
      return part;
    },
    set: (part, properties) => {
      for (const [name, value] of Object.entries(properties)) part.set(name, value);
    },
    isAlone: () => true,
  };
}

describe("the steps of the product", () => {
  for (const template of Object.values(shipped)) {
    it(`writes ${template.name}`, async () => {
      const { definitions, step, xml } = await frame(template);
      const values = begun(template, new Map(Object.entries(FILLED[template.id] ?? {})));

      write(pen(definitions), definitions, step, template, values, []);

      await expect(await xml()).toMatchFileSnapshot(`${FILES}/${template.id.replace("interlock.", "")}.bpmn`);
      const read = saidAt(step, template.properties);
      const seen = shown(template, read).filter((field) => field.binding.type !== "zeebe:userTask");
      expect(settled(template, read)).toEqual(settled(template, values));
      expect(seen.length).toBeGreaterThan(0);
    });
  }
});

const OLD: Template = {
  id: "acme.restart",
  name: "Restart",
  version: 1,
  appliesTo: ["bpmn:ServiceTask"],
  properties: [
    { type: "Hidden", value: "http:1", binding: { type: "zeebe:taskDefinition:type" } },
    { type: "Dropdown", id: "how", value: "soft", choices: [{ name: "Softly", value: "soft" }, { name: "Hard", value: "hard" }], binding: { type: "zeebe:input", name: "how" } },
    { id: "why", condition: { property: "how", equals: "hard" }, binding: { type: "zeebe:input", name: "why" } },
    { type: "Hidden", value: "=how", binding: { type: "zeebe:input", name: "last" } },
    { id: "note", binding: { type: "zeebe:taskHeader", key: "note" } },
  ],
};

async function made(values: Record<string, string> = {}): Promise<{ definitions: Model; step: Model; xml: () => Promise<string> }> {
  const found = await frame(OLD);
  write(pen(found.definitions), found.definitions, found.step, OLD, begun(OLD, new Map(Object.entries(values))), []);
  return found;
}

describe("a step", () => {
  it("is written in the order of the template, so that an input may read those before it", async () => {
    const { xml } = await made({ [input("how")]: "hard", [input("why")]: "stuck" });
    const targets = [...(await xml()).matchAll(/target="(\w+)"/g)].map(([, name]) => name);
    expect(targets).toEqual(["how", "why", "last"]);
  });

  it("says nothing for fields that are not shown", async () => {
    const { step } = await made({ [input("why")]: "stuck" });
    expect(saidAt(step, OLD.properties).has(input("why"))).toBe(false);
  });

  it("keeps what no template names, and loses what only the earlier version wrote", async () => {
    const { definitions, step } = await made({ "zeebe:taskHeader note": "old", [input("how")]: "hard" });
    const mapping = step.get<Model>("extensionElements").get<Model[]>("values").find((each) => each.$type === "zeebe:IoMapping");
    mapping?.get<Model[]>("inputParameters").push(pen(definitions).create("zeebe:Input", { target: "mine", source: "=own" }, mapping));
    const next: Template = { ...OLD, version: 2, properties: OLD.properties.filter(({ id }) => id !== "note") };

    write(pen(definitions), definitions, step, next, begun(next, saidAt(step, next.properties)), OLD.properties);

    const said = saidAt(step, [...OLD.properties, { binding: { type: "zeebe:input", name: "mine" } }]);
    expect(said.get(input("mine"))).toBe("=own");
    expect(said.get(input("how"))).toBe("hard");
    expect(said.has("zeebe:taskHeader note")).toBe(false);
    expect(step.get("zeebe:modelerTemplateVersion")).toBe(2);
  });

  it("keeps its values when it is unlinked", async () => {
    const { definitions, step } = await made({ [input("how")]: "hard" });
    unlink(pen(definitions), step);
    expect(step.get("zeebe:modelerTemplate")).toBeUndefined();
    expect(saidAt(step, OLD.properties).get(input("how"))).toBe("hard");
  });
});
