/** The right side: where the trial stands, and what can be done next. */
import { h, icon } from "../ui/dom";
import { clockWords, spanWords } from "../ui/times";
import { gettext } from "../ui/words";
import { readObject, until } from "./answers";
import type { Deed, Report, Typed, Wait } from "./shapes";
import { taskCard } from "./tasks";

export interface Acts {
  person: string;
  preview: string;
  /** Does one thing more, and plays the whole again. */
  go: (deed: Deed, typed: Typed | null) => void;
  /** Lets the call that is held be answered. */
  answer: () => void;
}

/** Draws what waits: a call, people, messages, time, help. */
export function drawNow(report: Report, acts: Acts): HTMLElement[] {
  const parts = [
    report.refused ? note("fail", "x", report.refused.words) : null,
    ...report.incidents.map((one) => incident(one, acts)),
    held(report, acts),
    ...report.tasks.map((task) => taskCard(task, acts.person, acts.preview, acts.go)),
    ...report.waits.filter((wait) => wait.kind !== "timer").map((wait) => message(wait, acts)),
    clock(report, acts),
  ];
  const waiting = parts.filter((part) => part !== null);
  const ended = report.state === "completed" || report.state === "cancelled";
  return [...(ended ? [note("ok", "check", gettext("The run has ended. Nothing left the sandbox."))] : []), ...waiting, variables(report)];
}

function note(tone: "fail" | "ok", sign: string, words: string): HTMLElement {
  return h("div", { class: "panel-section" }, h("div", { class: `note note--${tone}`, role: "status" }, icon(sign), h("p", {}, words)));
}

function incident(one: Report["incidents"][number], acts: Acts): HTMLElement {
  const again = h("button", { type: "button", class: "btn", onclick: () => acts.go({ retry: one.element }, null) }, icon("retry"), gettext("Retry"));
  return h(
    "section",
    { class: "panel-section", "aria-label": gettext("Needs help") },
    h("div", { class: "note note--fail" }, icon("x"), h("p", {}, h("b", {}, one.name), " ", one.cause)),
    h("div", { class: "act-row" }, h("span", {}, gettext("An operator would see this, and could try it again."), h("small", { class: "mono" }, one.code)), again),
  );
}

function held(report: Report, acts: Acts): HTMLElement | null {
  const next = report.next_job;
  if (!next) return null;
  return h(
    "section",
    { class: "panel-section", "aria-label": gettext("Next call") },
    h("div", { class: "section-head" }, h("h3", {}, gettext("%(name)s would call now", { name: next.name })), h("code", { class: "key" }, next.job_type)),
    h("pre", { class: "sandbox-json" }, JSON.stringify(next.inputs, null, 2)),
    h("div", { class: "form-acts" }, h("button", { type: "button", class: "btn btn--primary", onclick: acts.answer }, gettext("Answer it"))),
  );
}

function message(wait: Wait, acts: Acts): HTMLElement {
  const id = `message-${wait.element.replaceAll(/\W+/g, "-")}`;
  const values = h("textarea", { id, class: "input input--mono", rows: 3, spellcheck: "false" }, "{}");
  const wrong = h("p", { class: "error", hidden: true }, gettext("This is no JSON object."));
  const send = (): void => {
    try {
      const variables = readObject(values.value);
      acts.go(wait.kind === "signal" ? { signal: wait.message, variables } : { message: wait.message, key: wait.key ?? null, variables }, null);
    } catch {
      wrong.hidden = false;
    }
  };
  const words = wait.key ? gettext("Waits for the message %(message)s with the key %(key)s.", { message: wait.message ?? "", key: wait.key }) : gettext("Waits for %(message)s.", { message: wait.message ?? "" });
  return h(
    "section",
    { class: "panel-section", "aria-label": wait.name },
    h("div", { class: "section-head" }, h("h3", { class: "row" }, icon("msg"), wait.name)),
    h("p", { class: "hint" }, words),
    h("div", { class: "field" }, h("label", { for: id }, gettext("Variables, as JSON")), values),
    wrong,
    h("div", { class: "form-acts" }, h("button", { type: "button", class: "btn", onclick: send }, icon("send"), gettext("Send it"))),
  );
}

/** Offers to let time pass until something happens by itself. */
function clock(report: Report, acts: Acts): HTMLElement | null {
  const at = report.next_at;
  if (at === null) return null;
  const due = report.waits.find((wait) => wait.due_at === at)?.name ?? gettext("the next attempt");
  const seconds = Math.ceil((Date.parse(at) - Date.parse(report.now)) / 1000);
  // Twelve hours less a moment are twelve hours.
  const span = spanWords(seconds > 60 ? Math.ceil(seconds / 60) * 60 : seconds);
  const pass = (): void => acts.go({ advance: until(report.now, at) }, null);
  return h(
    "section",
    { class: "panel-section", "aria-label": gettext("Time") },
    h("div", { class: "act-row" }, h("span", {}, h("b", {}, due), h("small", {}, gettext("The clock of the sandbox shows %(time)s.", { time: clockWords(Date.parse(report.now)) }))), h("button", { type: "button", class: "btn", onclick: pass }, icon("clock"), gettext("%(span)s later", { span }))),
  );
}

function variables(report: Report): HTMLElement {
  const rows = Object.entries(report.variables).flatMap(([name, value]) => [h("dt", { class: "mono" }, name), h("dd", {}, typeof value === "string" ? value : JSON.stringify(value))]);
  const body = rows.length ? h("dl", { class: "facts sandbox-values" }, ...rows) : h("p", { class: "muted small" }, gettext("None yet."));
  return h("section", { class: "panel-section", "aria-label": gettext("Variables") }, h("div", { class: "section-head" }, h("h3", {}, gettext("Variables"))), body);
}
