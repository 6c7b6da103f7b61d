/** Steps that send a message to whoever waits for it, and steps that wait for one. */
import { extensionOf } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import { declaredName, MESSAGE } from "../declared";
import type { Group, Subject } from "../group";
import { messageFields } from "../triggers/message";
import { connector } from "./connector";

const CONNECTOR = "zeebe:TaskDefinition";

const KINDS = [
  { value: "runs", label: gettext("To runs that wait for it") },
  { value: "connector", label: gettext("Outside, by a connector") },
] as const;

export function receive(subject: Subject): Omit<Group, "title"> {
  return { value: declaredName(subject.model, MESSAGE), body: messageFields(subject, subject.model, true) };
}

/** A message goes to runs of this installation, or outside by a connector. */
export function send(subject: Subject, holder = subject.model): Omit<Group, "title"> {
  const { model, shape, edits, fields } = subject;
  const isOutside = extensionOf(model, CONNECTOR) !== undefined;
  const choose = (kind: string) =>
    kind === "connector"
      ? edits.together(
          () => edits.setPart(shape, holder, { messageRef: undefined }),
          () => edits.putExtension(shape, CONNECTOR, { type: "http:1" }),
        )
      : edits.putExtension(shape, CONNECTOR, null);
  const kind = fields.select("sent", gettext("Sent"), isOutside ? "connector" : "runs", KINDS, choose);
  if (!isOutside) return { value: declaredName(holder, MESSAGE), body: [kind, ...messageFields(subject, holder, true)] };
  const { value, body } = connector(subject);
  return { value, body: [kind, ...body] };
}
