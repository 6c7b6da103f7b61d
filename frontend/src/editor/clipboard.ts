/** What is copied can be pasted into another process: it lies in this browser, as plain data. */
import type EventBus from "diagram-js/lib/core/EventBus";

import { extensionOf, type Model } from "../bpmn/elements";

const KEPT = "interlock.clipboard";
/** What refers back to the drawing it was copied from. */
const LEFT_OUT = new Set(["bpmnElement"]);
/** What elements of other tools hold. */
const FOREIGN_CONTENT = new Set(["$body", "$children"]);

interface Moddle {
  create(type: string, attributes?: Record<string, unknown>): Model;
  createAny(type: string, uri: string, attributes: Record<string, unknown>): Model;
}

interface Described {
  $descriptor: { isGeneric?: boolean; ns?: { uri?: string } };
  $attrs?: Record<string, unknown>;
}

type Plain = null | string | number | boolean | Plain[] | { [name: string]: Plain };

/** Returns a value without any model object in it, ready to be written as JSON. */
export function plain(value: unknown): Plain {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return (value ?? null) as Plain;
  const entries = Object.entries(value).filter(([name, each]) => (!name.startsWith("$") || FOREIGN_CONTENT.has(name)) && !LEFT_OUT.has(name) && each !== undefined);
  const made: { [name: string]: Plain } = Object.fromEntries(entries.map(([name, each]) => [name, plain(each)]));
  if (!("$type" in value)) return made;
  const { $descriptor, $attrs } = value as unknown as Described;
  made["$type"] = (value as Model).$type;
  if ($descriptor.isGeneric) made["$uri"] = $descriptor.ns?.uri ?? "";
  if ($attrs && Object.keys($attrs).length) made["$attrs"] = plain($attrs);
  return made;
}

/** Makes model objects of what `plain` returned; an attribute of another tool where its prefix is known. */
export function revive(value: Plain, moddle: Moddle, isKnown: (prefix: string) => boolean = () => true): unknown {
  if (Array.isArray(value)) return value.map((each) => revive(each, moddle, isKnown));
  if (value === null || typeof value !== "object") return value;
  const { $type, $uri, $attrs, ...rest } = value;
  const parts = Object.fromEntries(Object.entries(rest).map(([name, each]) => [name, revive(each, moddle, isKnown)]));
  if (typeof $type !== "string") return parts;
  const made = typeof $uri === "string" ? moddle.createAny($type, $uri, parts) : moddle.create($type, parts);
  const foreign = Object.entries(($attrs as Record<string, string> | undefined) ?? {}).filter(([name]) => isKnown(name.split(":")[0] ?? ""));
  Object.assign(attributesOf(made), Object.fromEntries(foreign));
  for (const part of Object.values(parts).flat()) {
    if (typeof part === "object" && part !== null && "$type" in part) (part as { $parent?: Model }).$parent = made;
  }
  return made;
}

interface Copied {
  descriptor: { businessObject?: Model; referencedRootElement?: Model; form?: string; labelTarget?: unknown };
  element: { businessObject: Model; labelTarget?: unknown };
}

/** The clipboard of the drawing, shared by all editors of this browser. */
export class SharedClipboard {
  static readonly $inject = ["moddle", "eventBus", "bpmnjs"];

  private own: { text: string; tree: unknown } | null = null;

  constructor(
    private readonly moddle: Moddle,
    bus: EventBus,
    private readonly drawing: { getDefinitions(): Model },
  ) {
    // Before the vendor's own listener, which takes whatever has the same id here.
    bus.on("copyPaste.pasteElement", 1500, ({ descriptor }: Copied) => this.meet(descriptor));
  }

  get(): unknown {
    const text = localStorage.getItem(KEPT);
    if (text === null || text === this.own?.text) return this.own?.tree;
    const { spaces, tree } = JSON.parse(text) as { spaces: Record<string, string>; tree: Plain };
    return revive(tree, this.moddle, (prefix) => this.knows(prefix, spaces));
  }

  /** Tells whether a prefix means here what it meant there; one that means nothing yet is taken over. */
  private knows(prefix: string, spaces: Record<string, string>): boolean {
    const here = attributesOf(this.drawing.getDefinitions());
    const name = `xmlns:${prefix}`;
    if (spaces[name] === undefined) return prefix === "xmlns";
    here[name] ??= spaces[name];
    return here[name] === spaces[name];
  }

  set(tree: unknown): void {
    const spaces = Object.fromEntries(Object.entries(attributesOf(this.drawing.getDefinitions())).filter(([name]) => name.startsWith("xmlns:")));
    const text = JSON.stringify({ spaces, tree: plain(tree) });
    this.own = { text, tree };
    try {
      localStorage.setItem(KEPT, text);
    } catch {
      // No room, or storage is off: within this process it can be pasted all the same.
      localStorage.removeItem(KEPT);
    }
  }

  clear(): unknown {
    const tree = this.get();
    this.own = null;
    localStorage.removeItem(KEPT);
    return tree;
  }

  isEmpty(): boolean {
    return this.own === null && localStorage.getItem(KEPT) === null;
  }

  /** What the root declares is known by its name here, not by an id that means something else. */
  private meet(descriptor: Copied["descriptor"]): void {
    const declared = descriptor.referencedRootElement;
    if (!declared) return;
    const here = this.drawing.getDefinitions().get<Model[]>("rootElements");
    if (here.includes(declared)) return;
    const known = here.find((each) => each.$type === declared.$type && nameOf(each) === nameOf(declared));
    if (known) descriptor.referencedRootElement = known;
    else if (here.some((each) => each.id === declared.id)) declared.set("id", undefined);
  }
}

function nameOf(declared: Model): string {
  return ["errorCode", "escalationCode", "name"].map((name) => ("$descriptor" in declared ? declared.get<string | undefined>(name) : undefined)).find(Boolean) ?? "";
}

/** Carries along what the vendor's copy leaves behind: other tools' attributes and elements, and forms. */
export class Belongings {
  static readonly $inject = ["eventBus", "moddle", "bpmnFactory", "modeling"];

  constructor(bus: EventBus, moddle: Moddle, factory: Moddle, modeling: { updateModdleProperties(shape: unknown, model: Model, properties: Record<string, unknown>): void }) {
    bus.on("moddleCopy.canCopyProperty", 1500, ({ property }: { property: unknown }) => (isForeign(property) ? revive(plain(property), moddle) : undefined));
    bus.on("copyPaste.copyElement", 500, ({ descriptor, element }: Copied) => {
      if (element.labelTarget || !descriptor.businessObject) return;
      Object.assign(attributesOf(descriptor.businessObject), attributesOf(element.businessObject));
      const form = formOf(element.businessObject);
      if (form) descriptor.form = form;
    });
    const forms = new Map<Model, string>();
    bus.on("copyPaste.pasteElement", 2000, ({ descriptor }: Copied) => {
      if (descriptor.businessObject && !descriptor.labelTarget) (descriptor as { foreign?: unknown }).foreign = { ...attributesOf(descriptor.businessObject) };
    });
    bus.on("copyPaste.pasteElement", 500, ({ descriptor }: Copied) => {
      const { foreign } = descriptor as { foreign?: Record<string, unknown> };
      if (descriptor.businessObject) Object.assign(attributesOf(descriptor.businessObject), foreign);
      if (descriptor.businessObject && descriptor.form) forms.set(descriptor.businessObject, descriptor.form);
      delete (descriptor as { foreign?: unknown }).foreign;
      delete descriptor.form;
    });
    // A copied task gets a form of its own: to change one must not change the other.
    bus.on("commandStack.shape.create.postExecute", ({ context }: { context: { shape: { businessObject: Model } } }) => {
      const model = context.shape.businessObject;
      const body = forms.get(model);
      const process = body === undefined ? null : processOf(model);
      if (body === undefined || !process) return;
      forms.delete(model);
      const id = `form_${model.id ?? ""}`;
      const before = process.get<Model | undefined>("extensionElements");
      const extensions = factory.create("bpmn:ExtensionElements");
      const form = factory.create("zeebe:UserTaskForm", { id, body: withId(body, id) });
      extensions.set("values", [...(before?.get<Model[]>("values") ?? []), form]);
      modeling.updateModdleProperties(context.shape, process, { extensionElements: extensions });
      const named = extensionOf(model, "zeebe:FormDefinition");
      if (named) modeling.updateModdleProperties(context.shape, named, { formKey: `camunda-forms:bpmn:${id}` });
    });
  }
}

function isForeign(property: unknown): boolean {
  return typeof property === "object" && property !== null && "$descriptor" in property && (property as Described).$descriptor.isGeneric === true;
}

function attributesOf(model: Model): Record<string, unknown> {
  return (model as unknown as Described).$attrs ?? {};
}

/** Returns the JSON of the form that a task names, where it lies in the process. */
function formOf(model: Model): string | undefined {
  const id = extensionOf(model, "zeebe:FormDefinition")?.get<string | undefined>("formKey")?.replace(/^camunda-forms:bpmn:/, "");
  const all = processOf(model)?.get<Model | undefined>("extensionElements")?.get<Model[] | undefined>("values") ?? [];
  return id ? all.find((each) => each.$type === "zeebe:UserTaskForm" && each.id === id)?.get<string | undefined>("body") : undefined;
}

/** A form says its own id too, where it is one that we can read. */
function withId(body: string, id: string): string {
  try {
    return JSON.stringify({ ...(JSON.parse(body) as object), id }, null, 2);
  } catch {
    return body;
  }
}

function processOf(model: Model): Model | null {
  for (let each: Model | undefined = model.$parent; each; each = each.$parent) if (each.$type === "bpmn:Process") return each;
  return null;
}

export const COPYING = {
  __init__: ["belongings"],
  belongings: ["type", Belongings],
  clipboard: ["type", SharedClipboard],
};
