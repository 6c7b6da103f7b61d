/** What waits for a person in a trial: the real form, and who hands it in. */
import { call } from "../api/client";
import { h, icon } from "../ui/dom";
import { gettext, ngettext } from "../ui/words";
import type { Deed, Task, Typed } from "./shapes";

type HandIn = (deed: Deed, typed: Typed | null) => void;

/** Draws a waiting task. `preview` is where forms are drawn anew while somebody types. */
export function taskCard(task: Task, person: string, preview: string, handIn: HandIn): HTMLElement {
  const id = `task-${task.element.replaceAll(/\W+/g, "-")}`;
  const who = h("input", { id: `${id}-who`, class: "input", value: person, autocomplete: "off", required: true });
  const reason = h("input", { id: `${id}-reason`, class: "input", autocomplete: "off" });
  const body = h("div", { "data-form": true }, document.createRange().createContextualFragment(task.html));
  const isGate = task.quorum > 0;
  const acts = isGate
    ? [h("button", { class: "btn", value: "reject" }, gettext("Reject")), h("button", { class: "btn btn--primary", value: "approve" }, gettext("Approve"))]
    : [h("button", { class: "btn btn--primary" }, gettext("Hand in"))];
  const form = h(
    "form",
    { class: "sandbox-form", "aria-label": task.name, novalidate: true },
    field(`${id}-who`, gettext("Who"), who),
    body,
    isGate ? field(`${id}-reason`, gettext("Reason"), reason) : null,
    h("div", { class: "form-acts" }, ...acts),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
    const deed: Deed = { complete: task.element, person: who.value.trim() };
    if (isGate) Object.assign(deed, { decision: pressed, reason: reason.value.trim() });
    handIn(deed, task.form ? { element: task.element, values: typedIn(form) } : null);
  });
  follow(body, task, preview, form);
  const votes = task.votes.length ? ngettext("%(count)s vote of %(quorum)s", "%(count)s votes of %(quorum)s", task.votes.length, { quorum: task.quorum }) : "";
  return h("section", { class: "panel-section", "aria-label": task.name }, h("div", { class: "section-head" }, h("h3", { class: "row" }, icon(isGate ? "gate" : "task"), task.run ? `${task.run}: ${task.name}` : task.name), h("span", {}, votes)), form);
}

/** Draws a form anew when a field of it changes, or a row comes or goes. */
function follow(body: HTMLElement, task: Task, preview: string, form: HTMLFormElement): void {
  if (!task.form) return;
  const redraw = async (more: Record<string, string[]> = {}): Promise<void> => {
    const body_ = { json: task.form, sample: task.known, typed: { ...typedIn(form), ...more }, judges: false };
    const { html } = await call<{ html: string }>("POST", preview, { body: body_ });
    const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.name : "";
    body.replaceChildren(document.createRange().createContextualFragment(html));
    if (focused) body.querySelector<HTMLElement>(`[name="${CSS.escape(focused)}"]`)?.focus();
  };
  if (/"(?:conditional|expression)"|dynamiclist/.test(task.form)) body.addEventListener("change", () => void redraw());
  body.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.name !== "add" && button?.name !== "remove") return;
    event.preventDefault();
    void redraw({ [button.name]: [button.value] });
  });
}

/** Returns what was typed into the fields of a form: flat names, each with its texts. */
export function typedIn(form: HTMLFormElement): Record<string, string[]> {
  const typed: Record<string, string[]> = {};
  for (const [name, value] of new FormData(form)) {
    if (/^[vn]\./.test(name)) (typed[name] ??= []).push(String(value));
  }
  return typed;
}

function field(id: string, label: string, control: HTMLElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}
