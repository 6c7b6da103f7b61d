/** A step template as its JSON says it: the open schema of Camunda 8, as far as the server takes it. */

export interface Binding {
  type: string;
  name?: string;
  key?: string;
  source?: string;
  property?: string;
}

export interface Requirement {
  property: string;
  equals?: Value;
  oneOf?: Value[];
  isActive?: boolean;
}

export type Condition = Requirement | { allMatch: Requirement[] };
export type Value = string | number | boolean | null;

interface Rule {
  value: string | boolean;
  message?: string;
}

export interface Field {
  type?: "String" | "Text" | "Hidden" | "Dropdown" | "Boolean" | "Number";
  id?: string;
  label?: string;
  description?: string;
  value?: Value;
  group?: string;
  binding: Binding;
  choices?: { name: string; value: string; condition?: Condition }[];
  optional?: boolean;
  editable?: boolean;
  feel?: "optional" | "required" | "static" | null;
  constraints?: { notEmpty?: boolean | Rule; minLength?: number; maxLength?: number; pattern?: string | Rule };
  condition?: Condition;
  generatedValue?: { type: string };
}

export interface Template {
  id: string;
  name: string;
  version?: number;
  description?: string;
  appliesTo: string[];
  elementType?: { value: string; eventDefinition?: string };
  groups?: { id: string; label: string }[];
  properties: Field[];
}

/** A row of the catalogue, as the server answers it. */
export interface Row {
  id: string;
  name: string;
  purpose: string;
  category: string;
  keywords: string[];
  version: number;
  element: string;
  retired: string;
  template: Template;
}

/** One thing that a newer version changes. */
export interface Effect {
  op: "lost" | "asked" | "changed" | "removed" | "added";
  sentence: string;
}

/** What is said at the places of a step, by place. */
export type Said = ReadonlyMap<string, string>;

/** Returns the name of a place: equal for fields that are written at the same one. */
export function placeOf(binding: Binding): string {
  return `${binding.type} ${nameOf(binding)}`;
}

/** Returns what the schema calls name, key, source or property, whichever a binding has. */
export function nameOf({ name, key, source, property }: Binding): string {
  return name ?? key ?? source ?? property ?? "";
}

/** Returns what a step becomes, and what triggers it where it is an event. */
export function elementOf(template: Template): { type: string; event: string } {
  return { type: template.elementType?.value ?? template.appliesTo[0] ?? "bpmn:Task", event: template.elementType?.eventDefinition ?? "" };
}

/** Tells whether the template decides a value, and the process owner does not. */
export function isFixed(field: Field): boolean {
  return (field.type === "Hidden" || field.editable === false) && !field.generatedValue;
}
