/** A form-js schema as the builder changes it: pure functions over a tree of components. */
import { gettext } from "../ui/words";

export interface Component {
  type: string;
  id?: string;
  key?: string;
  path?: string;
  label?: string;
  text?: string;
  components?: Component[];
  [other: string]: unknown;
}

export interface Schema {
  id?: string;
  components: Component[];
  [other: string]: unknown;
}

/** Positions in the lists of components, from the outermost. */
export type Place = readonly number[];

export interface Kind {
  type: string;
  label: string;
  sign: string;
}

export const KINDS: readonly Kind[] = [
  { type: "textfield", label: gettext("Text"), sign: "edit" },
  { type: "textarea", label: gettext("Long text"), sign: "doc" },
  { type: "number", label: gettext("Number"), sign: "hist" },
  { type: "datetime", label: gettext("Day or time"), sign: "cal" },
  { type: "checkbox", label: gettext("Yes or no"), sign: "check" },
  { type: "select", label: gettext("Choice from a list"), sign: "down" },
  { type: "radio", label: gettext("Choice, all shown"), sign: "ring" },
  { type: "checklist", label: gettext("Several choices"), sign: "task" },
  { type: "text", label: gettext("Words"), sign: "info" },
  { type: "table", label: gettext("Table to look at"), sign: "table" },
  { type: "group", label: gettext("Group"), sign: "box" },
  { type: "dynamiclist", label: gettext("List of rows"), sign: "layers" },
  { type: "expression", label: gettext("Computed value"), sign: "bolt" },
  { type: "separator", label: gettext("Line"), sign: "minus" },
];

export const CHOOSING = new Set(["select", "radio", "checklist", "taglist"]);
export const HOLDING = new Set(["group", "dynamiclist"]);

/** Returns what a component is called in the list of the builder. */
export function called(component: Component): string {
  const words = component.label ?? component.text?.split("\n")[0]?.replace(/^#+\s*/, "") ?? component.key ?? component.path;
  return words?.trim() || kindOf(component.type).label;
}

export function kindOf(type: string): Kind {
  return KINDS.find((kind) => kind.type === type) ?? { type, label: type, sign: "more" };
}

export function at(schema: Schema, place: Place): Component | undefined {
  return place.reduce<Component | undefined>((found, index) => found?.components?.[index], schema as unknown as Component);
}

/** Returns every place in the order in which the form is shown. */
export function places(components: readonly Component[], above: Place = []): Place[] {
  return components.flatMap((each, index) => [[...above, index], ...places(each.components ?? [], [...above, index])]);
}

export function change(schema: Schema, place: Place, edit: (component: Component) => Component): Schema {
  return within(schema, place.slice(0, -1), (list) => list.map((each, index) => (index === place.at(-1) ? edit(each) : each)));
}

export function insert(schema: Schema, place: Place, component: Component): Schema {
  return within(schema, place.slice(0, -1), (list) => list.toSpliced(place.at(-1) ?? list.length, 0, component));
}

export function remove(schema: Schema, place: Place): Schema {
  return within(schema, place.slice(0, -1), (list) => list.filter((_, index) => index !== place.at(-1)));
}

/** Moves a component; `to` is a place as it is before the move. Into itself nothing moves. */
export function move(schema: Schema, from: Place, to: Place): { schema: Schema; place: Place } {
  const moved = at(schema, from);
  if (!moved || startsWith(to, from)) return { schema, place: from };
  const depth = from.length - 1;
  const shifts = startsWith(to, from.slice(0, -1)) && (to[depth] ?? 0) > (from[depth] ?? 0);
  const place = shifts ? to.map((index, level) => (level === depth ? index - 1 : index)) : to;
  return { schema: insert(remove(schema, from), place, moved), place };
}

/** Returns where a component goes with a key: among its neighbours, into the group above, or out. */
export function neighbour(schema: Schema, from: Place, towards: "up" | "down" | "in" | "out"): Place | null {
  const above = from.slice(0, -1);
  const index = from.at(-1) ?? 0;
  const siblings = above.length ? (at(schema, above)?.components ?? []) : schema.components;
  if (towards === "up") return index > 0 ? [...above, index - 1] : null;
  if (towards === "down") return index < siblings.length - 1 ? [...above, index + 2] : null;
  if (towards === "out") return above.length ? [...above.slice(0, -1), (above.at(-1) ?? 0) + 1] : null;
  const before = siblings[index - 1];
  return before && HOLDING.has(before.type) ? [...above, index - 1, before.components?.length ?? 0] : null;
}

/** Makes a component of a kind, with a key that no other has. */
export function make(type: string, schema: Schema): Component {
  const label = kindOf(type).label;
  const id = `Field_${Math.random().toString(36).slice(2, 9)}`;
  if (type === "separator" || type === "spacer") return { type, id };
  if (type === "text") return { type, id, text: gettext("Words to read") };
  if (type === "group") return { type, id, label, components: [] };
  const key = freeKey(slug(label), schema);
  if (type === "dynamiclist") return { type, id, label, path: key, allowAddRemove: true, defaultRepetitions: 1, components: [] };
  if (type === "table") return { type, id, label, dataSource: `=${key}`, columns: [{ label: gettext("Name"), key: "name" }] };
  if (type === "expression") return { type, id, key, expression: "=null" };
  const made: Component = { type, id, key, label };
  if (CHOOSING.has(type)) made["values"] = [gettext("Yes"), gettext("No")].map((each) => ({ label: each, value: slug(each) }));
  if (type === "datetime") made["subtype"] = "date";
  return made;
}

/** The variable follows the label for as long as nobody named it otherwise. */
export function renamed(component: Component, label: string, schema: Schema): Component {
  const name = component.type === "dynamiclist" ? "path" : "key";
  const others = without(schema, component);
  const follows = component[name] !== undefined && component[name] === freeKey(slug(component.label ?? ""), others);
  return { ...component, label, ...(follows ? { [name]: freeKey(slug(label), others) } : {}) };
}

/** Returns a component with one of its properties set; nothing said takes the property away. */
export function put(component: Component, path: readonly string[], value: unknown): Component {
  const [name, ...rest] = path as [string, ...string[]];
  const before = component[name];
  const inner = rest.length ? put((typeof before === "object" && before !== null ? before : {}) as Component, rest, value) : value;
  const { [name]: _, ...others } = component;
  const empty = inner === undefined || inner === "" || inner === false || (rest.length > 0 && Object.keys(inner as object).length === 0);
  return (empty ? others : { ...component, [name]: inner }) as Component;
}

export function slug(label: string): string {
  const text = label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^\d/.test(text) ? `_${text}` : text;
}

function freeKey(wanted: string, schema: Schema): string {
  const taken = new Set(places(schema.components).map((place) => at(schema, place)).flatMap((each) => [each?.key, each?.path]));
  let key = wanted || "field";
  for (let n = 2; taken.has(key); n += 1) key = `${wanted || "field"}_${n}`;
  return key;
}

function without(schema: Schema, component: Component): Schema {
  const pruned = (list: Component[]): Component[] =>
    list.filter((each) => each !== component).map((each) => (each.components ? { ...each, components: pruned(each.components) } : each));
  return { ...schema, components: pruned(schema.components) };
}

function within(schema: Schema, above: Place, edit: (list: Component[]) => Component[]): Schema {
  const [index, ...rest] = above;
  if (index === undefined) return { ...schema, components: edit(schema.components) };
  return { ...schema, components: schema.components.map((each, n) => (n === index ? (within({ ...each, components: each.components ?? [] } as unknown as Schema, rest, edit) as unknown as Component) : each)) };
}

function startsWith(place: Place, prefix: Place): boolean {
  return prefix.every((index, level) => place[level] === index);
}
