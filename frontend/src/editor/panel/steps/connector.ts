/** What a step calls outside. */
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import { attributeOf, type Group, type Subject } from "../group";
import { mappingsOf, writeMappings } from "../groups/mappings";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].map((value) => ({ value, label: value }));
const HTTP = "http:1";
const CONNECTOR = "zeebe:TaskDefinition";

export function connector(subject: Subject): Omit<Group, "title"> {
  const { shape, edits, fields } = subject;
  const type = attributeOf(subject, CONNECTOR, "type");
  const isHttp = type === HTTP;
  const method = inputOf(subject, "method");
  const choose = (next: string) =>
    edits.together(
      () => edits.setExtension(shape, CONNECTOR, { type: next }),
      () => next === HTTP && !method && setInput(subject, "method", "GET"),
    );
  const kinds = [
    { value: HTTP, label: gettext("HTTP request") },
    { value: "", label: type === "" ? gettext("Choose a connector") : gettext("None") },
  ];
  return {
    value: isHttp ? ["HTTP", method || "GET"].join(", ") : type || gettext("not chosen"),
    body: [fields.select("connector", gettext("Calls"), type, kinds, choose), ...(isHttp ? httpFields(subject) : [])],
  };
}

function httpFields(subject: Subject): (HTMLElement | null)[] {
  const { fields } = subject;
  const input = (name: string) => ({ value: inputOf(subject, name), commit: (value: string) => setInput(subject, name, value.trim()), mono: true, feel: "marked" as const });
  return [
    fields.select("method", gettext("Method"), inputOf(subject, "method") || "GET", METHODS, (value) => setInput(subject, "method", value)),
    fields.text({ key: "url", label: gettext("Address"), ...input("url"), placeholder: "https://itsm.example/api/changes", hint: gettext("The unit must allow its host; or = and an expression.") }),
    fields.text({ key: "headers", label: gettext("Headers"), ...input("headers"), optional: true, placeholder: '={Accept: "text/plain"}' }),
    fields.text({ key: "body", label: gettext("Body"), ...input("body"), optional: true, lines: 3, placeholder: "={title: title, priority: priority}" }),
    fields.text({ key: "errors", label: gettext("Answers that are no failure"), ...input("errors"), optional: true, placeholder: '={"404": "NOT_FOUND"}', hint: gettext("Statuses with a name of their own: an error event at the edge of the step takes them.") }),
    h("p", { class: "hint" }, gettext("The answer is in response.status, response.headers and response.body; name what to keep under Inputs and outputs.")),
  ];
}

function inputOf({ model }: Subject, name: string): string {
  return mappingsOf(model, "inputParameters").find((row) => row.target === name)?.source ?? "";
}

function setInput(subject: Subject, name: string, source: string): void {
  const rows = mappingsOf(subject.model, "inputParameters");
  const at = rows.findIndex((row) => row.target === name);
  if (at >= 0) writeMappings(subject, "inputParameters", source ? rows.with(at, { source, target: name }) : rows.toSpliced(at, 1));
  else if (source) writeMappings(subject, "inputParameters", [...rows, { source, target: name }]);
}
