/** What a group of the panel is: one line with its value at the right, so a closed one informs. */
import { eventOf, extensionOf, isA, type Model, type Shape } from "../../bpmn/elements";
import type { Edits } from "../edits";
import type { Library } from "../templates/library";
import type { Fields, TextField } from "./fields";

export interface Subject {
  shape: Shape;
  model: Model;
  edits: Edits;
  fields: Fields;
  definitions: Model;
  /** What the page was told about the process, such as its data class. */
  facts: Facts;
}

/** What the register of processes says, which no file holds. */
export interface Facts {
  processKey: string;
  dataClass: string;
  riskClass: string;
  /** The step library; null where there is none, as in a drawing that is only shown. */
  library: Library | null;
}

export interface Group {
  title: string;
  /** What it says in a few words; empty where there is nothing to say. */
  value: string;
  body: (HTMLElement | null)[];
  /** Open until a person folds it. */
  open?: boolean;
}

export type GroupMaker = (subject: Subject) => Group | Group[] | null;

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

/** Returns which executable work a part is handed out as: a connector's step, or a script's. */
export function isWork(model: Model): boolean {
  if (isA(model, "ServiceTask")) return true;
  if (isA(model, "ScriptTask")) return /starlark/i.test(model.get<string | undefined>("scriptFormat") ?? "") || extensionOf(model, "zeebe:TaskDefinition") !== undefined;
  const calls = extensionOf(model, "zeebe:TaskDefinition") !== undefined;
  return calls && (isA(model, "SendTask", "BusinessRuleTask") || isA(model, "ThrowEvent"));
}

/** Returns the text of an expression part such as a timer's duration. */
export function bodyOf(part: Model | undefined): string {
  return part?.get<string | undefined>("body") ?? "";
}

/** Returns what a text field needs that shows and sets an attribute of an extension element. */
export function attributeField(subject: Subject, type: string, name: string): Pick<TextField, "value" | "commit"> {
  return {
    value: attributeOf(subject, type, name),
    commit: (value) => subject.edits.setExtension(subject.shape, type, { [name]: value.trim() }),
  };
}

/** Returns what a text field needs that shows and sets an expression held in a part of its own. */
export function expressionField({ shape, edits }: Subject, holder: Model, name: string): Pick<TextField, "value" | "commit"> {
  const made = (body: string) => (body.trim() ? edits.create("bpmn:FormalExpression", { body: body.trim() }, holder) : undefined);
  return {
    value: bodyOf(holder.get<Model | undefined>(name)),
    commit: (body) => edits.setPart(shape, holder, { [name]: made(body) }),
  };
}
