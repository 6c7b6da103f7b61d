/** What a service task calls, and how it is tried again. */
import { readSpan, sayIso, secondsOf } from "../../bpmn/durations";
import { isA } from "../../bpmn/elements";
import { h, s } from "../../ui/dom";
import { spanWords } from "../../ui/times";
import { gettext, ngettext } from "../../ui/words";
import { mappingsOf, writeMappings } from "./common";
import { readWhole } from "./fields";
import { attributeOf, type Section, type Subject } from "./section";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].map((value) => ({ value, label: value }));
const HTTP = "http:1";

export function connector(subject: Subject): Section | null {
  const { model, shape, edits, fields } = subject;
  if (!isA(model, "ServiceTask")) return null;
  const type = attributeOf(subject, "zeebe:TaskDefinition", "type");
  const isHttp = type === HTTP;
  const input = (name: string) => mappingsOf(model, "inputParameters").find((row) => row.target === name)?.source ?? "";
  const setInput = (name: string, source: string) => {
    const rows = mappingsOf(model, "inputParameters");
    const at = rows.findIndex((row) => row.target === name);
    if (at >= 0) writeMappings(subject, "inputParameters", source ? rows.with(at, { source, target: name }) : rows.toSpliced(at, 1));
    else if (source) writeMappings(subject, "inputParameters", [...rows, { source, target: name }]);
  };
  const choose = (next: string) => {
    if (next !== HTTP) return edits.setExtension(shape, "zeebe:TaskDefinition", { type: "" });
    edits.together(
      () => edits.setExtension(shape, "zeebe:TaskDefinition", { type: HTTP }),
      () => !input("method") && setInput("method", "GET"),
    );
  };
  const kinds = [
    { value: HTTP, label: gettext("HTTP request") },
    { value: "", label: type === "" ? gettext("Choose a connector") : gettext("None") },
  ];
  return {
    title: gettext("Connector"),
    value: isHttp ? ["HTTP", input("method") || "GET"].join(", ") : type || gettext("not chosen"),
    body: [
      fields.select("connector", gettext("Calls"), type, kinds, choose),
      ...(isHttp
        ? [
            fields.select("method", gettext("Method"), input("method") || "GET", METHODS, (value) => setInput("method", value)),
            fields.text({ key: "url", label: gettext("Address"), value: input("url"), mono: true, placeholder: "https://itsm.example/api/changes", hint: gettext("The unit must allow its host; or = and an expression."), commit: (value) => setInput("url", value) }),
            fields.text({ key: "headers", label: gettext("Headers"), value: input("headers"), mono: true, optional: true, placeholder: '={Accept: "text/plain"}', commit: (value) => setInput("headers", value) }),
            fields.text({ key: "body", label: gettext("Body"), value: input("body"), mono: true, optional: true, lines: 3, placeholder: "={title: title, priority: priority}", commit: (value) => setInput("body", value.trim()) }),
            h("p", { class: "hint" }, gettext("The answer is in response.status, response.headers and response.body; name what to keep under Inputs and outputs.")),
          ]
        : []),
    ],
  };
}

const FACTORS = [
  { value: "1", label: gettext("the same each time") },
  { value: "2", label: gettext("twice as long each time") },
  { value: "3", label: gettext("three times as long each time") },
];
/** What the engine does where nothing is written; engine/bpmn/elements.py says the same. */
const USUAL = { attempts: "3", firstDelay: "PT5S", factor: "2", cap: "PT5M" };

export function retry(subject: Subject): Section | null {
  const { model, shape, edits, fields } = subject;
  if (!isA(model, "ServiceTask")) return null;
  const written = (name: keyof typeof USUAL) => attributeOf(subject, "interlock:Retry", name);
  const set = (name: keyof typeof USUAL) => (value: string) => edits.setExtension(shape, "interlock:Retry", { [name]: value });
  const factor = String(Number(written("factor") || USUAL.factor));
  const attempts = written("attempts") || attributeOf(subject, "zeebe:TaskDefinition", "retries") || USUAL.attempts;
  return {
    title: gettext("Retry"),
    value: ngettext("%(count)s attempt", "%(count)s attempts", Number(attempts)),
    body: [
      h(
        "div",
        { class: "form-row" },
        fields.text({ key: "attempts", label: gettext("Attempts"), value: written("attempts"), placeholder: attempts, read: readWhole(1, 100), commit: set("attempts") }),
        fields.text({ key: "cap", label: gettext("Longest wait"), value: sayIso(written("cap")), placeholder: sayIso(USUAL.cap), read: readDelay, commit: set("cap") }),
      ),
      fields.text({ key: "first-delay", label: gettext("First delay"), value: sayIso(written("firstDelay")), placeholder: sayIso(USUAL.firstDelay), read: readDelay, commit: set("firstDelay") }),
      fields.select("factor", gettext("Then wait"), factor, FACTORS, set("factor")),
      plan(Number(attempts), written("firstDelay") || USUAL.firstDelay, Number(factor), written("cap") || USUAL.cap),
    ],
  };
}

/** A delay of a retry is written down; it has no variables to be computed from. */
function readDelay(text: string): ReturnType<typeof readSpan> {
  if (text.trim().startsWith("=")) return { ok: false, error: gettext("Write a number with a unit, for example 30 s or 2 min.") };
  return readSpan(text);
}

/** Draws when the attempts come if it keeps failing, on an axis that is not to scale beyond order. */
function plan(attempts: number, first: string, factor: number, cap: string): HTMLElement | null {
  const [start, most] = [secondsOf(first), secondsOf(cap)];
  if (start === null || most === null || !Number.isInteger(attempts) || attempts < 1 || attempts > 100) return null;
  const waits = Array.from({ length: attempts - 1 }, (_, n) => Math.min(most, start * factor ** n));
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  const times = waits.reduce<number[]>((at, wait) => [...at, (at.at(-1) ?? 0) + wait], [0]);
  const place = (at: number) => `${2 + (total ? Math.sqrt(at / total) * 96 : 0)}%`;
  return h(
    "div",
    { class: "plan" },
    attempts === 1 ? gettext("It is tried once.") : gettext("If it keeps failing it gives up after about %(span)s.", { span: spanWords(total) }),
    s("svg", { "aria-hidden": "true" }, s("line", { x1: "2%", x2: "98%", y1: 8, y2: 8 }), ...times.slice(0, 40).map((at) => s("circle", { cx: place(at), cy: 8, r: 4 }))),
  );
}
