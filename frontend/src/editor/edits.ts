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
  changes: (() => void)[];
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

  together(...changes: (() => void)[]): void {
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
