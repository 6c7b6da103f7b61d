/** What a group of the panel is: one line with its value at the right, so a closed one informs. */
import { eventOf, extensionOf, isA, type Model, type Shape } from "../../bpmn/elements";
import type { Edits } from "../edits";
import type { Fields } from "./fields";

export interface Subject {
  shape: Shape;
  model: Model;
  edits: Edits;
  fields: Fields;
  definitions: Model;
}

export interface Section {
  title: string;
  /** What it says in a few words; empty where there is nothing to say. */
  value: string;
  body: (HTMLElement | null)[];
}

export type SectionMaker = (subject: Subject) => Section | null;

/** Returns an attribute of an extension element as text. */
export function attributeOf(subject: Subject, type: string, name: string): string {
  return extensionOf(subject.model, type)?.get<string | undefined>(name) ?? "";
}

/** Returns the trigger of the event that is shown, where it is of this kind. */
export function triggerOf(subject: Subject, kind: string): Model | null {
  const trigger = eventOf(subject.model);
  return trigger?.$type === `bpmn:${kind}EventDefinition` ? trigger : null;
}

/** Returns the process an element lies in. */
export function processOf(model: Model): Model | null {
  for (let each: Model | undefined = model; each; each = each.$parent) {
    if (isA(each, "Process")) return each;
    if (isA(each, "Participant")) return each.get<Model | undefined>("processRef") ?? null;
  }
  return null;
}

/** Returns the text of an expression part such as a timer's duration. */
export function bodyOf(part: Model | undefined): string {
  return part?.get<string | undefined>("body") ?? "";
}
