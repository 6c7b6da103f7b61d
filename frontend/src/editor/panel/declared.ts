/** What the root of a file declares once for all its parts: messages, signals, errors, escalations. */
import { isA, type Model } from "../../bpmn/elements";
import type { Subject } from "./group";

export interface Declaration {
  type: string;
  /** The property by which a part refers to it. */
  reference: string;
  /** What it is known by. */
  known: string;
}

export const MESSAGE: Declaration = { type: "Message", reference: "messageRef", known: "name" };
export const SIGNAL: Declaration = { type: "Signal", reference: "signalRef", known: "name" };
export const ERROR: Declaration = { type: "Error", reference: "errorRef", known: "errorCode" };
export const ESCALATION: Declaration = { type: "Escalation", reference: "escalationRef", known: "escalationCode" };

/** Returns what the declaration is known by that a part refers to, or an empty text. */
export function declaredName(holder: Model, { reference, known }: Declaration): string {
  const found = holder.get<Model | undefined>(reference);
  return found?.get<string | undefined>(known) ?? found?.get<string | undefined>("name") ?? "";
}

/** Returns what all declarations of a kind are known by, for suggestions. */
export function declaredNames({ definitions }: Subject, { type, known }: Declaration): string[] {
  const names = definitions.get<Model[]>("rootElements").filter((each) => isA(each, type)).map((each) => each.get<string | undefined>(known) ?? "");
  return [...new Set(names.filter(Boolean))].sort();
}

/** Makes a part refer to the declaration of this name, which is made where there is none. One undo. */
export function refer(subject: Subject, holder: Model, declaration: Declaration, name: string): void {
  const { shape, edits } = subject;
  const written = name.trim();
  if (!written) return edits.setPart(shape, holder, { [declaration.reference]: undefined });
  edits.together(() => edits.setPart(shape, holder, { [declaration.reference]: declared(subject, declaration, written, holder) }));
}

/** Returns the declaration that a part refers to, made without a name where it has none yet. */
export function ensure(subject: Subject, holder: Model, declaration: Declaration): Model {
  const found = holder.get<Model | undefined>(declaration.reference);
  if (found) return found;
  const made = add(subject, declaration, {});
  subject.edits.setPart(subject.shape, holder, { [declaration.reference]: made });
  return made;
}

function declared(subject: Subject, declaration: Declaration, name: string, holder: Model): Model {
  const { definitions, edits, shape } = subject;
  const all = definitions.get<Model[]>("rootElements").filter((each) => isA(each, declaration.type));
  const known = all.find((each) => each.get(declaration.known) === name);
  if (known) return known;
  const mine = holder.get<Model | undefined>(declaration.reference);
  // One that nobody else refers to is given the new name; another one keeps its own.
  if (mine && edits.holdersOf(mine, declaration.reference).length === 1) {
    edits.setPart(shape, mine, named(declaration, name));
    return mine;
  }
  return add(subject, declaration, named(declaration, name));
}

function add({ definitions, edits, shape }: Subject, { type }: Declaration, attributes: Record<string, unknown>): Model {
  const made = edits.create(`bpmn:${type}`, attributes, definitions);
  edits.setPart(shape, definitions, { rootElements: [...definitions.get<Model[]>("rootElements"), made] });
  return made;
}

function named({ known }: Declaration, name: string): Record<string, unknown> {
  return { name, [known]: name };
}
