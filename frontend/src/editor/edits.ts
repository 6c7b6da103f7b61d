/** Edits of a model: each is one command, so each is one undo. */
import type CommandStack from "diagram-js/lib/command/CommandStack";

import type { Diagram } from "../bpmn/paper";
import { extensionOf, type Model, type Shape } from "../bpmn/elements";

interface Modeling {
  updateProperties(shape: Shape, properties: Record<string, unknown>): void;
  updateModdleProperties(shape: Shape, model: Model, properties: Record<string, unknown>): void;
}

interface Factory {
  create(type: string, attributes?: Record<string, unknown>): Model;
}

interface Together {
  changes: (() => unknown)[];
}

/** Runs several changes as one command: what they do is undone together. */
class TogetherHandler {
  preExecute(context: Together): void {
    for (const change of context.changes) change();
  }
}

export class Edits {
  constructor(private readonly diagram: Diagram) {
    this.stack().registerHandler("interlock.together", TogetherHandler);
  }

  /** Sets properties of an element itself, such as its name. */
  set(shape: Shape, properties: Record<string, unknown>): void {
    this.modeling().updateProperties(shape, properties);
  }

  /** Sets properties of a part that belongs to an element, such as its event definition. */
  setPart(shape: Shape, part: Model, properties: Record<string, unknown>): void {
    this.modeling().updateModdleProperties(shape, part, properties);
  }

  together(...changes: (() => unknown)[]): void {
    this.stack().execute("interlock.together", { changes });
  }

  create(type: string, attributes: Record<string, unknown> = {}, parent?: Model): Model {
    const made = this.diagram.get<Factory>("bpmnFactory").create(type, attributes);
    if (parent) (made as { $parent?: Model }).$parent = parent;
    return made;
  }

  /**
   * Sets attributes of an extension element, makes it where it is missing, and takes it away where
   * nothing is left in it. Foreign extension elements keep their place.
   */
  setExtension(shape: Shape, type: string, attributes: Record<string, unknown>, owner: Model = shape.businessObject): void {
    const before = extensionOf(owner, type);
    const merged = { ...attributesOf(before), ...attributes };
    const left = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value !== ""));
    const kept = Object.values(left).some((value) => !Array.isArray(value) || value.length > 0);
    this.putExtension(shape, type, kept || attributes["keep"] === true ? without(left, "keep") : null, owner);
  }

  /** Replaces an extension element as a whole; null takes it away. */
  putExtension(shape: Shape, type: string, attributes: Record<string, unknown> | null, owner: Model = shape.businessObject): void {
    const extensions = this.create("bpmn:ExtensionElements", {}, owner);
    const old = owner.get<Model | undefined>("extensionElements")?.get<Model[] | undefined>("values") ?? [];
    const made = attributes === null ? null : this.create(type, attributes, extensions);
    const at = old.findIndex((each) => each.$type === type);
    const values = old.flatMap((each) => (each.$type !== type ? [each] : made && old[at] === each ? [made] : []));
    if (made && at < 0) values.push(made);
    extensions.set("values", values);
    for (const part of Object.values(attributes ?? {}).flat()) adopt(part, made);
    const next = values.length ? extensions : undefined;
    if (owner === shape.businessObject) this.set(shape, { extensionElements: next });
    else this.setPart(shape, owner, { extensionElements: next });
  }

  /** Returns the event definitions and steps that refer to a declaration of the file's root. */
  holdersOf(declaration: Model, reference: string): Model[] {
    const registry = this.diagram.get<{ getAll(): Shape[] }>("elementRegistry");
    const models = new Set(registry.getAll().flatMap((each) => (each.businessObject ? [each.businessObject] : [])));
    const holders = [...models].flatMap((model) => [model, ...(read<Model[]>(model, "eventDefinitions") ?? [])]);
    return holders.filter((each) => read(each, reference) === declaration);
  }

  /** Puts a time limit at the edge of a step, with a path for a person to go on. One undo. */
  attachTimer(shape: Shape, after: string, name: string): void {
    this.attachWithPath(shape, this.edgeEvent(name, "bpmn:TimerEventDefinition", (trigger) => trigger.set("timeDuration", this.create("bpmn:FormalExpression", { body: after }, trigger))));
  }

  /** Puts an error event at the edge of a step, with a path for a person to go on. One undo. */
  attachError(definitions: Model, shape: Shape, code: string, name: string): void {
    const roots = definitions.get<Model[]>("rootElements");
    const known = roots.find((each) => each.$type === "bpmn:Error" && each.get("errorCode") === code);
    const error = known ?? this.create("bpmn:Error", { name: code, errorCode: code }, definitions);
    this.together(
      () => known === undefined && this.setPart(shape, definitions, { rootElements: [...roots, error] }),
      () => this.attachWithPath(shape, this.edgeEvent(name, "bpmn:ErrorEventDefinition", (trigger) => trigger.set("errorRef", error))),
    );
  }

  /** Puts an event at the lower edge of a step, beside those that are there. */
  attach(host: Shape, event: Shape): Shape {
    const taken = (host.attachers ?? []).length;
    const at = { x: host.x + Math.max(20, host.width - 24 - taken * 40), y: host.y + host.height };
    const modeling = this.diagram.get<{ createShape(shape: Shape, at: { x: number; y: number }, parent: Shape, hints: { attach: boolean }): Shape }>("modeling");
    return modeling.createShape(event, at, host, { attach: true });
  }

  private attachWithPath(host: Shape, event: Shape): void {
    const step = this.factory().createShape({ type: "bpmn:UserTask" });
    const placer = this.diagram.get<{ append(source: Shape, shape: Shape): Shape }>("autoPlace");
    this.together(
      () => this.attach(host, event),
      () => placer.append(event, step),
    );
  }

  private edgeEvent(name: string, eventDefinitionType: string, prepare: (trigger: Model) => void): Shape {
    const event = this.factory().createShape({ type: "bpmn:BoundaryEvent", eventDefinitionType });
    event.businessObject.set("name", name);
    for (const trigger of event.businessObject.get<Model[]>("eventDefinitions")) prepare(trigger);
    return event;
  }

  private factory(): { createShape(attributes: Record<string, unknown>): Shape } {
    return this.diagram.get("elementFactory");
  }

  undo(): void {
    this.stack().undo();
  }

  redo(): void {
    this.stack().redo();
  }

  private stack(): CommandStack {
    return this.diagram.get<CommandStack>("commandStack");
  }

  private modeling(): Modeling {
    return this.diagram.get<Modeling>("modeling");
  }
}

function adopt(part: unknown, parent: Model | null): void {
  if (parent && typeof part === "object" && part !== null && "$type" in part) (part as { $parent?: Model }).$parent = parent;
}

function without(record: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** Returns what an extension element says, foreign attributes included. */
function attributesOf(model: Model | undefined): Record<string, unknown> {
  if (!model) return {};
  const described = (model as unknown as { $descriptor: { properties: { name: string; ns: { localName: string } }[] } }).$descriptor;
  const own = described.properties.map((property) => [property.ns.localName, model.get<unknown>(property.name)] as const);
  const foreign = (model as unknown as { $attrs: Record<string, unknown> }).$attrs;
  return { ...Object.fromEntries(own.filter(([, value]) => value !== undefined && !(Array.isArray(value) && !value.length))), ...foreign };
}

/** Reads a property that not every kind of part has. */
function read<T>(model: Model, name: string): T | undefined {
  return "$descriptor" in model && name in (model as unknown as { $descriptor: { propertiesByName: object } }).$descriptor.propertiesByName ? model.get<T>(name) : undefined;
}
