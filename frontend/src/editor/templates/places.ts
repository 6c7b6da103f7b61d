/** Reading and writing the places of a step that templates name. Every write goes through a pen, so that it is undone with its command. */
import { eventOf, extensionOf, isA, type Model } from "../../bpmn/elements";
import { type Declaration, MESSAGE, SIGNAL } from "../panel/declared";
import { type Field, nameOf, placeOf, type Said, type Template } from "./shapes";

/** What writes a model: the editor's commands, or plain values in a test. */
export interface Pen {
  create(type: string, attributes: Record<string, unknown>, parent?: Model): Model;
  set(part: Model, properties: Record<string, unknown>): void;
  /** Tells whether no other part refers to a declaration. */
  isAlone(declaration: Model, reference: string): boolean;
}

interface List {
  holder: string;
  rows: string;
  type: string;
  key: string;
  value: string;
}

const LISTS: Record<string, List> = {
  "zeebe:input": { holder: "zeebe:IoMapping", rows: "inputParameters", type: "zeebe:Input", key: "target", value: "source" },
  "zeebe:output": { holder: "zeebe:IoMapping", rows: "outputParameters", type: "zeebe:Output", key: "source", value: "target" },
  "zeebe:taskHeader": { holder: "zeebe:TaskHeaders", rows: "values", type: "zeebe:Header", key: "key", value: "value" },
  "zeebe:property": { holder: "zeebe:Properties", rows: "properties", type: "zeebe:Property", key: "name", value: "value" },
};
const MARK = "zeebe:userTask";
const TIMER = "bpmn:TimerEventDefinition#property";
const HEARD = "bpmn:Signal#property";
const KEY = "bpmn:Message#zeebe:subscription#property";

/** Returns what a step says at the places of some fields. */
export function saidAt(model: Model, fields: readonly Field[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const { binding } of fields) {
    const value = valueAt(model, binding.type, nameOf(binding));
    if (value !== undefined && value !== "") found.set(placeOf(binding), value);
  }
  return found;
}

/**
 * Writes a template into a step that is of its kind: the values, and which template they are of. What an earlier version
 * wrote and this one does not is taken away; what nobody's template names stays.
 */
export function write(pen: Pen, definitions: Model, model: Model, template: Template, values: Said, earlier: readonly Field[]): void {
  const fields = new Map([...earlier, ...template.properties].map((field) => [placeOf(field.binding), field.binding]));
  const cells = [...fields].map(([place, { type, name, key, source, property }]) => ({ type: type === "zeebe:taskDefinition:type" ? "zeebe:taskDefinition" : type, name: type === "zeebe:taskDefinition:type" ? "type" : (name ?? key ?? source ?? property ?? ""), value: values.get(place) }));
  // In the order of the template: an input may read those before it.
  const order = new Map(template.properties.map((field, at) => [placeOf(field.binding), at]));
  cells.sort((one, other) => (order.get(`${one.type} ${one.name}`) ?? 0) - (order.get(`${other.type} ${other.name}`) ?? 0));
  const own = cells.filter(({ type }) => type === "property");
  const attributes = Object.fromEntries(own.map(({ name, value }) => [name, name === "name" ? value : value === undefined ? undefined : value === "true"]));
  pen.set(model, { ...attributes, "zeebe:modelerTemplate": template.id, "zeebe:modelerTemplateVersion": template.version ?? 1, extensionElements: extensions(pen, model, cells) });
  trigger(pen, definitions, model, cells);
}

/** Takes the mark of its template off a step; what it says stays. */
export function unlink(pen: Pen, model: Model): void {
  pen.set(model, { "zeebe:modelerTemplate": undefined, "zeebe:modelerTemplateVersion": undefined, "zeebe:modelerTemplateIcon": undefined });
}

interface Cell {
  type: string;
  name: string;
  value: string | undefined;
}

function valueAt(model: Model, type: string, name: string): string | undefined {
  if (type === "property") return textOf(model.get(name));
  if (type.startsWith("bpmn:")) return ofTrigger(model, type, name);
  const list = LISTS[type];
  if (list) return rowsOf(model, list).find((row) => row.get(list.key) === name)?.get<string | undefined>(list.value);
  if (type === MARK) return undefined;
  if (type === "zeebe:taskDefinition:type") return textOf(extensionOf(model, "zeebe:TaskDefinition")?.get("type"));
  return textOf(extensionOf(model, typeOf(type))?.get(name));
}

function ofTrigger(model: Model, type: string, name: string): string | undefined {
  if (type === TIMER) return textOf(eventOf(model)?.get<Model | undefined>(name)?.get("body"));
  const declared = holderOf(model)?.get<Model | undefined>(referenceOf(type));
  if (type === KEY) return declared && textOf(extensionOf(declared, "zeebe:Subscription")?.get(name));
  return textOf(declared?.get(name));
}

/** Returns the extension elements of a step with the cells written, and the others as they are. */
function extensions(pen: Pen, model: Model, cells: readonly Cell[]): Model | undefined {
  const made = pen.create("bpmn:ExtensionElements", {}, model);
  const before = model.get<Model | undefined>("extensionElements")?.get<Model[] | undefined>("values") ?? [];
  const types = [...new Set([...before.map((each) => each.$type), ...cells.filter(({ type }) => type.includes(":") && !type.startsWith("bpmn:")).map(({ type }) => LISTS[type]?.holder ?? typeOf(type))])];
  const values = types.flatMap((type) => {
    const old = before.filter((each) => each.$type === type);
    const mine = cells.filter((cell) => (LISTS[cell.type]?.holder ?? typeOf(cell.type)) === type);
    if (mine.length === 0) return old;
    const next = Object.values(LISTS).some(({ holder }) => holder === type) ? listed(pen, made, type, old[0], mine) : single(pen, made, type, old[0], mine);
    return next ? [next, ...old.slice(1)] : old.slice(1);
  });
  made.set("values", values);
  return values.length ? made : undefined;
}

function listed(pen: Pen, parent: Model, type: string, old: Model | undefined, mine: readonly Cell[]): Model | null {
  const made = pen.create(type, {}, parent);
  let count = 0;
  for (const [kind, list] of Object.entries(LISTS)) {
    if (list.holder !== type) continue;
    const cells = mine.filter((cell) => cell.type === kind);
    const named = new Set(cells.map((cell) => cell.name));
    const written = cells.flatMap(({ name, value }) => (value === undefined ? [] : [pen.create(list.type, { [list.key]: name, [list.value]: value }, made)]));
    const others = (old?.get<Model[] | undefined>(list.rows) ?? []).filter((row) => !named.has(row.get<string>(list.key) ?? ""));
    made.set(list.rows, [...written, ...others]);
    count += written.length + others.length;
  }
  return count ? made : null;
}

function single(pen: Pen, parent: Model, type: string, old: Model | undefined, mine: readonly Cell[]): Model | null {
  if (mine.some((cell) => cell.type === MARK)) return mine.some((cell) => cell.value !== undefined) ? (old ?? pen.create(type, {}, parent)) : null;
  const kept = old ? attributesOf(old) : {};
  for (const { name, value } of mine) {
    if (value === undefined) delete kept[name];
    else kept[name] = /^propagateAll/.test(name) ? value === "true" : value;
  }
  return Object.keys(kept).length ? pen.create(type, kept, parent) : null;
}

/** Writes what an event or a message task waits for or sends. */
function trigger(pen: Pen, definitions: Model, model: Model, cells: readonly Cell[]): void {
  const event = eventOf(model);
  const times = cells.filter(({ type }) => type === TIMER);
  if (event && times.length) pen.set(event, Object.fromEntries(times.map(({ name, value }) => [name, value === undefined ? undefined : pen.create("bpmn:FormalExpression", { body: value }, event)])));
  const signal = cells.find(({ type }) => type === HEARD);
  if (signal) declare(pen, definitions, model, SIGNAL, { name: signal.value });
  const message = cells.find(({ type }) => type === "bpmn:Message#property");
  const key = cells.find(({ type }) => type === KEY);
  if (!message && !key) return;
  const declared = declare(pen, definitions, model, MESSAGE, message ? { name: message.value } : {});
  if (!declared || !key) return;
  const holder = pen.create("bpmn:ExtensionElements", {}, declared);
  const others = (declared.get<Model | undefined>("extensionElements")?.get<Model[] | undefined>("values") ?? []).filter((each) => each.$type !== "zeebe:Subscription");
  holder.set("values", key.value === undefined ? others : [...others, pen.create("zeebe:Subscription", { [key.name]: key.value }, holder)]);
  pen.set(declared, { extensionElements: holder.get<Model[]>("values").length ? holder : undefined });
}

/** Returns the declaration that a step refers to with these properties: its own, or one made for it. */
function declare(pen: Pen, definitions: Model, model: Model, { type, reference }: Declaration, properties: Record<string, unknown>): Model | null {
  const holder = holderOf(model);
  if (!holder) return null;
  const found = holder.get<Model | undefined>(reference);
  if (found && pen.isAlone(found, reference)) {
    pen.set(found, properties);
    return found;
  }
  const made = pen.create(`bpmn:${type}`, properties, definitions);
  pen.set(definitions, { rootElements: [...definitions.get<Model[]>("rootElements"), made] });
  pen.set(holder, { [reference]: made });
  return made;
}

/** Returns what refers to a message or signal: the task itself, or the event's definition. */
function holderOf(model: Model): Model | undefined {
  return isA(model, "SendTask", "ReceiveTask") ? model : eventOf(model);
}

function referenceOf(type: string): string {
  return (type === HEARD ? SIGNAL : MESSAGE).reference;
}

function rowsOf(model: Model, { holder, rows }: List): Model[] {
  return extensionOf(model, holder)?.get<Model[] | undefined>(rows) ?? [];
}

function typeOf(binding: string): string {
  return binding.replace(/:(.)/, (_, first: string) => `:${first.toUpperCase()}`);
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

/** Returns the attributes of an extension element, foreign ones included. */
function attributesOf(model: Model): Record<string, unknown> {
  const { $descriptor, $attrs } = model as unknown as { $descriptor: { properties: { name: string; ns: { localName: string } }[] }; $attrs: Record<string, unknown> };
  const own = $descriptor.properties.map(({ name, ns }) => [ns.localName, model.get<unknown>(name)] as const);
  return { ...Object.fromEntries(own.filter(([, value]) => value !== undefined)), ...$attrs };
}
