/** What a step says for the fields of its template: which are shown, and what is wrong. Pure; the server judges the same. */
import { gettext } from "../../ui/words";
import { type Condition, type Field, isFixed, placeOf, type Requirement, type Said, type Template, type Value } from "./shapes";

/** Returns the fields whose conditions hold, in their order. */
export function shown(template: Template, said: Said): Field[] {
  const known = new Map<Field, boolean>();
  const isShown = (field: Field): boolean => {
    const found = known.get(field);
    if (found !== undefined) return found;
    // Fields that wait for each other in a circle are not shown.
    known.set(field, false);
    const holds = requirements(field.condition).every((each) => isMet(each));
    known.set(field, holds);
    return holds;
  };
  const isMet = ({ property, equals, oneOf, isActive }: Requirement): boolean => {
    const named = template.properties.filter((field) => field.id === property && isShown(field));
    if (isActive !== undefined) return named.length > 0 === isActive;
    const wanted = oneOf ?? [equals ?? null];
    return named.some((field) => wanted.includes(meaning(field, said.get(placeOf(field.binding)))));
  };
  return template.properties.filter(isShown);
}

/** Returns the choices of a dropdown that can be taken now. */
export function choicesOf(template: Template, field: Field, said: Said): { name: string; value: string }[] {
  const all = field.choices ?? [];
  return all.filter((choice) => choice.condition === undefined || shown({ ...template, properties: [...template.properties, { ...field, id: "", condition: choice.condition }] }, said).some((each) => each.id === "" && each.condition === choice.condition));
}

/** Returns the values a step begins with: what it says already where it fits, else what the template says. */
export function begun(template: Template, said: Said): Map<string, string> {
  const values = new Map(said);
  for (const field of template.properties) {
    const place = placeOf(field.binding);
    if (isFixed(field)) continue;
    const now = values.get(place) ?? "";
    if (now !== "" && field.type === "Dropdown" && !(field.choices ?? []).some((choice) => choice.value === now)) values.delete(place);
    if ((values.get(place) ?? "") === "") values.set(place, field.generatedValue ? crypto.randomUUID() : written(field));
  }
  return settled(template, values);
}

/** Returns the values with what the template decides, for the fields that are shown: nothing else is written. */
export function settled(template: Template, said: Said): Map<string, string> {
  let values = new Map(said);
  // What the template decides may itself be asked for by a condition: a few rounds settle that.
  for (let round = 0; round < template.properties.length; round += 1) {
    const next = new Map(values);
    for (const field of shown(template, values)) if (isFixed(field)) next.set(placeOf(field.binding), written(field));
    if (equal(next, values)) break;
    values = next;
  }
  const kept = shown(template, values).map((field) => [placeOf(field.binding), values.get(placeOf(field.binding)) || written(field)] as const);
  return new Map(kept.filter(([place, value]) => value !== "" || place === "zeebe:userTask "));
}

/** Returns how the value that a field begins with is written into a model. */
export function written({ type, value, feel }: Field): string {
  if (value === undefined || value === null) return "";
  return (type === "Boolean" || type === "Number") && feel ? `=${value}` : String(value);
}

/** Returns why a text does not fit a field, as a sentence; empty where it does. */
export function fault(field: Field, text: string): string {
  const { constraints = {}, feel, type } = field;
  const isExpression = text.startsWith("=");
  if (text === "") return constraints.notEmpty && !field.optional ? gettext("Fill this in.") : "";
  if (feel === "required" || (feel === "optional" && isExpression)) return isExpression ? "" : gettext("Write an expression, which begins with =.");
  if (type === "Number") return Number.isFinite(Number(text.replace(/^=/, ""))) ? "" : gettext("Write a number.");
  if (type === "Boolean" || type === "Dropdown") return "";
  if (text.length < (constraints.minLength ?? 0)) return gettext("Write at least %(least)s characters.", { least: constraints.minLength ?? 0 });
  if (text.length > (constraints.maxLength ?? Infinity)) return gettext("Write at most %(most)s characters.", { most: constraints.maxLength ?? 0 });
  return ofPattern(constraints.pattern, text);
}

function ofPattern(rule: string | { value: string | boolean; message?: string } | undefined, text: string): string {
  const pattern = typeof rule === "string" ? rule : String(rule?.value ?? "");
  try {
    if (pattern === "" || new RegExp(pattern, "u").test(text)) return "";
  } catch {
    // What only the server's dialect reads is left to the server.
    return "";
  }
  const own = typeof rule === "string" ? "" : rule?.message;
  return own || gettext("It does not have the form %(pattern)s.", { pattern });
}

function requirements(condition: Condition | undefined): Requirement[] {
  if (condition === undefined) return [];
  return "allMatch" in condition ? condition.allMatch : [condition];
}

/** Returns the value that a text stands for in a field, as conditions compare it. */
function meaning(field: Field, text: string | undefined): Value {
  if (text === undefined) return null;
  const plain = text.replace(/^=/, "").trim();
  const isTruth = field.type === "Boolean" || (field.type === "Hidden" && typeof field.value === "boolean");
  if (isTruth && (plain === "true" || plain === "false")) return plain === "true";
  if (field.type === "Number" && plain !== "" && Number.isFinite(Number(plain))) return Number(plain);
  return text;
}

function equal(one: Said, other: Said): boolean {
  return one.size === other.size && [...one].every(([place, value]) => other.get(place) === value);
}
