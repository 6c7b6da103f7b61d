/** The facts about the selected step, at the right. */
import { text } from "../api/client";
import { h, icon } from "../ui/dom";
import { momentWords, spanWords } from "../ui/times";
import { gettext, ngettext } from "../ui/words";
import type { RunView, Visit, VisitState } from "./reducer";

const ICONS: Record<VisitState, string> = { running: "play", waiting: "pause", failed: "x", completed: "check", cancelled: "ban" };
const WORDS: Record<VisitState, string> = { running: gettext("Running"), waiting: gettext("Waiting"), failed: gettext("Needs help"), completed: gettext("Completed"), cancelled: gettext("Cancelled") };
const KINDS = { user: gettext("User task"), service: gettext("Service task"), timer: gettext("Timer"), message: gettext("Message"), script: gettext("Script"), gateway: gettext("Gateway"), call: gettext("Called process"), subprocess: gettext("Sub-process"), event: gettext("Event") };

export class StepPanel {
  private fetched = "";

  constructor(
    private readonly host: HTMLElement,
    private readonly partUrl: string | null,
  ) {}

  /** Shows a step. `name` stands in for one that was not reached. */
  show(view: RunView, element: string | null, name: string, now: number): void {
    const visits = view.visits.filter((visit) => visit.element === element);
    const current = visits.findLast((visit) => visit.ended === null) ?? visits.at(-1);
    if (element === null || !current) {
      this.host.replaceChildren(...nothing(element === null ? "" : name));
      this.fetched = "";
      return;
    }
    const part = this.part(element, current);
    this.host.replaceChildren(title(current), cause(current), facts(current, visits, now), ...attempts(current), part);
  }

  /** A block the server renders: data, people, acts. Fetched when the step or its state changes. */
  private part(element: string, visit: Visit): HTMLElement {
    const block = this.host.querySelector<HTMLElement>(":scope > [data-part]") ?? h("div", { "data-part": true });
    if (this.partUrl === null) return block;
    const wanted = `${element} ${visit.activity} ${visit.state} ${visit.attempts.length}`;
    if (wanted === this.fetched || block.contains(document.activeElement)) return block;
    if (!this.fetched.startsWith(`${element} `)) block.replaceChildren();
    this.fetched = wanted;
    const url = new URL(this.partUrl, location.href);
    url.searchParams.set("element", element);
    text(url.href)
      .then((markup) => {
        if (this.fetched !== wanted) return;
        // Our own server's page part, escaped there as every template is.
        block.replaceChildren(document.createRange().createContextualFragment(markup));
        window.htmx?.process(block);
      })
      .catch(() => block.replaceChildren());
    return block;
  }
}

declare global {
  interface Window {
    htmx?: { process(element: Element): void };
  }
}

function nothing(name: string): HTMLElement[] {
  if (name) {
    return [h("div", { class: "panel-head" }, h("h2", {}, name)), h("p", { class: "panel-section muted" }, gettext("The run has not reached this step."))];
  }
  return [h("div", { class: "empty" }, h("h2", {}, gettext("Nothing has happened yet")), h("p", {}, gettext("The first step shows here as soon as a worker takes it.")))];
}

function title(visit: Visit): HTMLElement {
  return h(
    "div",
    { class: "panel-head" },
    h("h2", {}, visit.name || visit.element),
    h("span", { class: `pill pill--${visit.state}` }, icon(ICONS[visit.state]), WORDS[visit.state]),
  );
}

function cause(visit: Visit): HTMLElement | string {
  if (!visit.cause || visit.ended !== null) return "";
  const tone = visit.state === "failed" ? "note--fail" : "note--wait";
  return h("div", { class: "panel-section" }, h("div", { class: `note ${tone}` }, icon(visit.state === "failed" ? "x" : "warn"), h("p", {}, visit.cause)));
}

function facts(visit: Visit, visits: Visit[], now: number): HTMLElement {
  const rows: [string, string][] = [[gettext("Kind"), KINDS[visit.kind]]];
  const since = `${momentWords(visit.since, now)}`;
  if (visit.ended === null) rows.push([gettext("Since"), `${since}, ${spanWords((now - visit.since) / 1000)}`]);
  else rows.push([gettext("Began"), since], [gettext("Ended"), momentWords(visit.ended, now)], [gettext("Took"), spanWords((visit.ended - visit.since) / 1000)]);
  if (visits.length > 1) rows.push([gettext("Visited"), ngettext("%(count)s time", "%(count)s times", visits.length)]);
  return h(
    "div",
    { class: "panel-section" },
    h("dl", { class: "facts" }, ...rows.flatMap(([label, value]) => [h("dt", {}, label), h("dd", {}, value)])),
  );
}

function attempts(visit: Visit): HTMLElement[] {
  const last = visit.attempts.at(-1);
  if (!last) return [];
  const rows = visit.attempts.map((each) =>
    h(
      "li",
      { class: "log--timed" },
      h("time", { datetime: new Date(each.at).toISOString() }, momentWords(each.at)),
      h("div", {}, h("b", {}, gettext("%(attempt)s of %(attempts)s", { attempt: each.attempt, attempts: each.attempts })), h("div", { class: "detail" }, each.cause)),
    ),
  );
  const next = last.nextAt !== null && visit.ended === null && visit.state !== "failed" ? gettext("next at %(moment)s", { moment: momentWords(last.nextAt) }) : "";
  return [
    h(
      "div",
      { class: "panel-section" },
      h("div", { class: "section-head" }, h("h3", {}, gettext("Failed attempts")), h("span", {}, next)),
      h("ul", { class: "log log--attempts" }, ...rows),
    ),
  ];
}
