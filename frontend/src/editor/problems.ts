/** The problems under the canvas: the same fault in the list, on the element, in the field. */
import type EventBus from "diagram-js/lib/core/EventBus";

import type { ModelProblem } from "../api/shapes";
import { Badges, type Sign } from "../bpmn/badges";
import type { Diagram } from "../bpmn/paper";
import { h, icon } from "../ui/dom";
import { toast } from "../ui/toast";
import { gettext, ngettext } from "../ui/words";
import type { ComplexityView } from "./problem-complexity";
import type { Mend } from "./problem-mends";
import { TokenTrail } from "./problem-tokens";

type Severity = ModelProblem["severity"];

const EFFECT: Record<Severity, string> = { error: gettext("Blocks review"), warning: gettext("Warning"), hint: gettext("Hint") };
const SIGN: Record<Severity, string> = { error: "x", warning: "warn", hint: "info" };
const TONE: Record<Severity, string> = { error: "is-bad", warning: "is-wait", hint: "is-hint" };

export class Problems {
  private readonly badges: Badges;
  private readonly list = h("ul", { class: "list", "data-rows": true });
  private readonly count = h("span", { class: "count" });
  private readonly fold: HTMLButtonElement;
  private readonly measure: HTMLButtonElement;
  private readonly hintsShown = h("input", { type: "checkbox" });
  private readonly hintsLabel = h("span");
  private readonly trail: TokenTrail;
  private all: readonly ModelProblem[] = [];
  private problems: readonly ModelProblem[] = [];
  private at = -1;
  private isPlanned = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly diagram: Diagram,
    private readonly onChoose: (element: string | null) => void,
    /** Returns what can be done about a problem; nothing where nobody may edit. */
    private readonly mendOf: (problem: ModelProblem) => Mend | null,
    private readonly complexity: ComplexityView,
  ) {
    this.badges = new Badges(diagram);
    this.trail = new TokenTrail(diagram);
    this.fold = h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": gettext("Fold problems"), "aria-expanded": "true", onclick: () => this.toggle() }, icon("down"));
    const title = h("h2", { class: "problems-title" }, gettext("Problems"), " ", this.count);
    this.measure = h("button", { type: "button", class: "btn btn--quiet btn--small", "aria-pressed": "false", onclick: () => this.measured() }, gettext("Complexity"));
    const hints = h("label", { class: "problems-hints", hidden: true }, this.hintsShown, this.hintsLabel);
    this.hintsShown.addEventListener("change", () => this.sift());
    const hint = h("span", { class: "tabs-end" }, hints, this.measure, h("kbd", {}, "F8"), gettext("next problem"), this.fold);
    host.setAttribute("aria-label", gettext("Problems"));
    host.append(h("div", { class: "tabs problems-head" }, title, hint), this.list, this.complexity.element);
    diagram.get<EventBus>("eventBus").on(["shape.removed", "connection.removed", "shape.added", "connection.added"], () => this.markSoon());
  }

  show(problems: readonly ModelProblem[]): void {
    const blocked = this.all.some(isTold);
    this.all = problems;
    const hints = problems.filter((problem) => problem.severity === "hint").length;
    this.hintsLabel.textContent = ngettext("%(count)s hint", "%(count)s hints", hints, { count: hints });
    this.hintsShown.parentElement?.toggleAttribute("hidden", hints === 0);
    this.sift();
    if (!this.complexity.element.hidden) this.measureNow();
    const told = problems.some(isTold);
    if (told !== blocked || !told) this.setFolded(!told && !this.hintsShown.checked);
  }

  /** Shows errors and warnings, and hints where they are asked for. */
  private sift(): void {
    const chosen = this.problems[this.at];
    this.problems = this.hintsShown.checked ? this.all : this.all.filter(isTold);
    this.at = this.problems.findIndex((problem) => problem.code === chosen?.code && problem.element === chosen.element);
    const errors = this.problems.filter((problem) => problem.severity === "error").length;
    this.count.textContent = String(this.problems.length);
    this.count.classList.toggle("count--alert", errors > 0);
    this.list.replaceChildren(
      ...this.problems.map((problem, index) => this.row(problem, index)),
      ...(this.problems.length ? [] : [h("li", { class: "problem-none muted" }, gettext("No problems. What is saved can be reviewed."))]),
    );
    if (this.hintsShown.checked && this.problems.length) this.setFolded(false);
    this.paintRows();
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
    const mend = this.mendOf(problem);
    return h(
      "li",
      { class: "problem-item" },
      h(
        "button",
        { type: "button", class: `problem-row row-link ${TONE[problem.severity]}`, onclick: () => this.go(index) },
        icon(SIGN[problem.severity]),
        h("span", { class: "name" }, problem.name || gettext("The model")),
        h("span", {}, problem.message, problem.hint && h("span", { class: "muted" }, ` ${problem.hint}`)),
        h("span", { class: "effect" }, EFFECT[problem.severity]),
      ),
      mend && h("button", { type: "button", class: "btn btn--small", onclick: () => this.mend(index, mend) }, mend.label),
    );
  }

  private mend(index: number, mend: Mend): void {
    this.go(index);
    mend.act();
  }

  private paintRows(): void {
    const chosen = this.problems[this.at];
    this.trail.show(chosen?.tokens ?? [], chosen?.path ?? []);
    for (const [index, row] of [...this.list.children].entries()) {
      row.classList.toggle("is-selected", index === this.at);
      if (index === this.at) row.scrollIntoView({ block: "nearest" });
    }
  }

  /** Several that come and go at once are marked once. */
  private markSoon(): void {
    if (this.isPlanned || !this.problems.length) return;
    this.isPlanned = true;
    queueMicrotask(() => {
      this.isPlanned = false;
      this.mark();
    });
  }

  private mark(): void {
    const signs = new Map<string, Sign>();
    const marks = new Map<string, string>();
    for (const problem of this.problems) {
      if (problem.element === null || marks.get(problem.element) === "has-error") continue;
      marks.set(problem.element, `has-${problem.severity}`);
      signs.set(problem.element, { tone: problem.severity === "hint" ? "info" : problem.severity, icon: SIGN[problem.severity], words: "", title: problem.message, corner: "left" });
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

  /** Shows the measures instead of the problems, and back. */
  private measured(): void {
    const on = this.measure.getAttribute("aria-pressed") !== "true";
    this.measure.setAttribute("aria-pressed", String(on));
    this.list.hidden = on;
    if (on) this.measureNow();
    else this.complexity.hide();
    this.setFolded(false);
  }

  private measureNow(): void {
    void this.complexity.show().catch((error: unknown) => toast(error instanceof Error ? error.message : String(error), "error"));
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

function isTold(problem: ModelProblem): boolean {
  return problem.severity !== "hint";
}
