/** The problems under the canvas: the same fault in the list, on the element, in the field. */
import type EventBus from "diagram-js/lib/core/EventBus";

import type { ModelProblem } from "../api/shapes";
import { Badges, type Sign } from "../bpmn/badges";
import type { Diagram } from "../bpmn/paper";
import { h, icon } from "../ui/dom";
import { gettext } from "../ui/words";

const EFFECT = { error: gettext("Blocks review"), warning: gettext("Warning") } as const;
const SIGN = { error: "x", warning: "warn" } as const;

export class Problems {
  private readonly badges: Badges;
  private readonly list = h("ul", { class: "list", "data-rows": true });
  private readonly count = h("span", { class: "count" });
  private readonly fold: HTMLButtonElement;
  private problems: readonly ModelProblem[] = [];
  private at = -1;

  constructor(
    private readonly host: HTMLElement,
    private readonly diagram: Diagram,
    private readonly onChoose: (element: string | null) => void,
  ) {
    this.badges = new Badges(diagram);
    this.fold = h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": gettext("Fold problems"), "aria-expanded": "true", onclick: () => this.toggle() }, icon("down"));
    const title = h("h2", { class: "problems-title" }, gettext("Problems"), " ", this.count);
    const hint = h("span", { class: "tabs-end" }, h("kbd", {}, "F8"), gettext("next problem"), this.fold);
    host.setAttribute("aria-label", gettext("Problems"));
    host.append(h("div", { class: "tabs problems-head" }, title, hint), this.list);
    diagram.get<EventBus>("eventBus").on(["shape.removed", "connection.removed", "shape.added", "connection.added"], () => queueMicrotask(() => this.mark()));
  }

  show(problems: readonly ModelProblem[]): void {
    const unfold = problems.length > 0 && this.problems.length === 0;
    this.problems = problems;
    this.at = Math.min(this.at, problems.length - 1);
    const errors = problems.filter((problem) => problem.severity === "error").length;
    this.count.textContent = String(problems.length);
    this.count.classList.toggle("count--alert", errors > 0);
    this.list.replaceChildren(
      ...problems.map((problem, index) => this.row(problem, index)),
      ...(problems.length ? [] : [h("li", { class: "problem-none muted" }, gettext("No problems. What is saved can be reviewed."))]),
    );
    if (unfold || !problems.length) this.setFolded(!problems.length);
    this.mark();
  }

  /** Goes to the next problem and its element. */
  next(): void {
    if (!this.problems.length) return;
    this.setFolded(false);
    this.go((this.at + 1) % this.problems.length);
  }

  /** Shows which problems belong to the selected element. */
  follow(element: string | null): void {
    const current = this.problems[this.at];
    if (current && current.element === element) return;
    this.at = element === null ? -1 : this.problems.findIndex((problem) => problem.element === element);
    this.paintRows();
  }

  private go(index: number): void {
    this.at = index;
    this.paintRows();
    this.onChoose(this.problems[index]?.element ?? null);
  }

  private row(problem: ModelProblem, index: number): HTMLElement {
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: `problem-row row-link ${problem.severity === "error" ? "is-bad" : "is-wait"}`, onclick: () => this.go(index) },
        icon(SIGN[problem.severity]),
        h("span", { class: "name" }, problem.name || gettext("The model")),
        h("span", {}, problem.message, problem.hint && h("span", { class: "muted" }, ` ${problem.hint}`)),
        h("span", { class: "effect" }, EFFECT[problem.severity]),
      ),
    );
  }

  private paintRows(): void {
    for (const [index, row] of [...this.list.children].entries()) {
      row.classList.toggle("is-selected", index === this.at);
      if (index === this.at) row.scrollIntoView({ block: "nearest" });
    }
  }

  private mark(): void {
    const signs = new Map<string, Sign>();
    const marks = new Map<string, string>();
    for (const problem of this.problems) {
      if (problem.element === null || marks.get(problem.element) === "has-error") continue;
      marks.set(problem.element, `has-${problem.severity}`);
      signs.set(problem.element, { tone: problem.severity, icon: SIGN[problem.severity], words: "", title: problem.message, corner: "left" });
    }
    const registry = this.diagram.get<{ get(id: string): { waypoints?: unknown; parent?: unknown } | undefined }>("elementRegistry");
    for (const element of [...marks.keys()]) {
      const shape = registry.get(element);
      // The process itself has no shape to mark.
      if (!shape?.parent) marks.delete(element);
      if (!shape?.parent || shape.waypoints !== undefined) signs.delete(element);
    }
    this.badges.mark(marks);
    this.badges.show(signs);
  }

  private toggle(): void {
    this.setFolded(this.host.dataset["folded"] !== "true");
  }

  private setFolded(folded: boolean): void {
    this.host.dataset["folded"] = String(folded);
    this.fold.setAttribute("aria-expanded", String(!folded));
    this.fold.replaceChildren(icon(folded ? "up" : "down"));
  }
}
