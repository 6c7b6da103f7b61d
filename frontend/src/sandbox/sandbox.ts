/** The sandbox page: a draft tried with samples, on its diagram, in words, and kept as scenarios. */
import { call } from "../api/client";
import type { Draft } from "../api/shapes";
import { addZoom, fit, reveal } from "../bpmn/paper";
import { openViewer, type Viewer } from "../bpmn/viewer";
import { RunCanvas } from "../instance/canvas";
import { emptyView, fold } from "../instance/reducer";
import { ask } from "../ui/dialog";
import { h, icon, must, ready } from "../ui/dom";
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";
import { expected } from "./answers";
import { Inputs } from "./inputs";
import { drawNow } from "./now";
import { Scenarios } from "./scenarios";
import type { Deed, Facts, Report, Scenario, Tried, Typed } from "./shapes";
import { drawStory } from "./story";

const STATES: Record<Report["state"], [string, string]> = {
  running: ["play", gettext("Held before a call")],
  waiting: ["pause", gettext("Waiting")],
  failed: ["x", gettext("Needs help")],
  paused: ["pause", gettext("Paused")],
  completed: ["check", gettext("Completed")],
  cancelled: ["ban", gettext("Cancelled")],
  refused: ["x", gettext("Did not begin")],
};

export async function mountSandbox(root: HTMLElement): Promise<void> {
  const url = root.dataset["url"] ?? "";
  const [draft, facts] = await Promise.all([call<Draft>("GET", url), call<Facts>("GET", `${url}/try`)]);
  const host = h("div", { class: "canvas-host" });
  const canvas = h("div", { class: "sandbox-canvas canvas" }, host);
  const side = h("aside", { class: "sandbox-inputs", "aria-label": gettext("What goes in") });
  const story = h("section", { class: "sandbox-story", "aria-label": gettext("What happened") });
  const now = h("aside", { class: "sandbox-now", "aria-label": gettext("Where it stands") });
  root.append(side, canvas, story, now);
  const viewer = await openViewer(host, draft.xml, gettext("Diagram of %(title)s", { title: draft.process.name }));
  const page = new Sandbox(root, viewer, facts, { side, story, now });
  addZoom(canvas, viewer);
  fit(viewer, 0.4);
  await page.start();
  ready();
}

interface Places {
  side: HTMLElement;
  story: HTMLElement;
  now: HTMLElement;
}

class Sandbox {
  private readonly url: string;
  private readonly canvas: RunCanvas;
  private readonly inputs: Inputs;
  private readonly scenarios: Scenarios;
  private readonly stepping = h("input", { type: "checkbox", id: "stepping" });
  private scenario: Scenario = {};
  private report: Report | null = null;
  /** Whether a trial is under way that is played again when an answer changes. */
  private begun = false;
  private mostJobs = 0;
  private asked = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly viewer: Viewer,
    private readonly facts: Facts,
    private readonly places: Places,
  ) {
    this.url = root.dataset["url"] ?? "";
    this.canvas = new RunCanvas(viewer, (element) => this.choose(element));
    this.inputs = new Inputs(places.side, facts, { begin: () => this.begin(), changed: () => this.changed() });
    this.scenarios = new Scenarios(this.inputs.between, this.url, (scenario) => this.open(scenario));
  }

  async start(): Promise<void> {
    this.draw();
    document.addEventListener("click", (event) => {
      const act = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-act]")?.dataset["act"] : undefined;
      if (act === "again") this.again();
      else if (act === "keep") this.keep();
    });
    this.stepping.addEventListener("change", () => {
      this.mostJobs = this.report?.jobs_done ?? 0;
      if (!this.stepping.checked && this.begun) void this.play();
    });
    await this.scenarios.load();
  }

  private begin(): void {
    const start = this.inputs.chosen;
    const typed = this.inputs.typed;
    this.mostJobs = 0;
    this.begun = false;
    this.guarded(() => {
      this.scenario = { process: this.facts.process, element: start?.kind === "none" ? "" : (start?.element ?? ""), at: this.facts.now, variables: typed ? {} : this.inputs.values, jobs: this.inputs.jobs, steps: [] };
      void this.play(typed ? { element: this.scenario.element ?? "", values: typed } : null);
    });
  }

  /** Does one thing more: the whole is played again, with it at the end. */
  private go(deed: Deed, typed: Typed | null): void {
    this.scenario = { ...this.scenario, steps: [...(this.scenario.steps ?? []), deed] };
    void this.play(typed);
  }

  private changed(): void {
    if (!this.begun) return;
    this.guarded(() => {
      this.scenario = { ...this.scenario, jobs: this.inputs.jobs };
      void this.play();
    });
  }

  private async play(typed: Typed | null = null): Promise<void> {
    const number = ++this.asked;
    this.root.setAttribute("aria-busy", "true");
    const body = { scenario: this.scenario, typed, most_jobs: this.stepping.checked ? this.mostJobs : null };
    try {
      const tried = await call<Tried>("POST", `${this.url}/try`, { body });
      // Who typed on meanwhile gets the later answer.
      if (number === this.asked) this.take(tried);
    } catch (reason) {
      toast(reason instanceof Error ? reason.message : String(reason), "error");
      if (typed === null) this.scenario = { ...this.scenario, steps: (this.scenario.steps ?? []).slice(0, -1) };
    } finally {
      if (number === this.asked) this.root.removeAttribute("aria-busy");
    }
  }

  private take(tried: Tried): void {
    this.scenario = tried.scenario;
    this.report = tried.report;
    const isFirst = !this.begun;
    this.begun = tried.report.state !== "refused";
    if (isFirst) this.inputs.redraw(tried.report.start_html, tried.scenario.variables ?? {});
    this.draw();
  }

  private draw(): void {
    const { report } = this;
    const step = h("label", { class: "choice", for: "stepping" }, this.stepping, gettext("Stop before each call"));
    const back = h("button", { type: "button", class: "btn btn--small", disabled: !this.scenario.steps?.length, onclick: () => this.back() }, icon("undo"), gettext("Take back"));
    const head = h("div", { class: "pane-head" }, h("b", {}, gettext("What happened")), h("span", { class: "row sandbox-controls" }, step, back));
    this.places.story.replaceChildren(head, drawStory(report?.story ?? [], (element) => this.choose(element)));
    this.places.story.lastElementChild?.scrollTo(0, 1e6);
    const acts = { person: this.root.dataset["person"] ?? "", preview: `${this.url}/form-preview`, go: (deed: Deed, typed: Typed | null) => this.go(deed, typed), answer: () => this.answer() };
    const nothing = h("div", { class: "empty" }, h("h2", {}, gettext("Nothing is tried yet")), h("p", {}, gettext("What waits for people, messages and time shows here, and you do it yourself.")));
    this.places.now.replaceChildren(...(report ? drawNow(report, acts) : [nothing]));
    this.canvas.show(fold(emptyView(), report?.steps ?? []));
    this.showState();
  }

  private showState(): void {
    const slot = must('[data-slot="state"]');
    const state = this.report?.next_job ? "running" : this.report?.state;
    const [sign, words] = state ? STATES[state] : ["", ""];
    slot.replaceChildren(...(state ? [h("span", { class: `pill pill--${state === "refused" ? "failed" : state}` }, icon(sign), words)] : []));
    must<HTMLButtonElement>('[data-act="keep"]').disabled = !this.begun || this.report?.next_job !== null;
  }

  private answer(): void {
    this.mostJobs = (this.report?.jobs_done ?? 0) + 1;
    void this.play();
  }

  private back(): void {
    this.scenario = { ...this.scenario, steps: (this.scenario.steps ?? []).slice(0, -1) };
    void this.play();
  }

  private again(): void {
    this.report = null;
    this.begun = false;
    this.scenario = {};
    this.draw();
  }

  private open(scenario: Scenario): void {
    const { expect: _expect, ...rest } = scenario;
    this.inputs.load(rest);
    this.scenario = rest;
    this.stepping.checked = false;
    void this.play();
  }

  private keep(): void {
    const { report } = this;
    if (!report) return;
    const question = { title: gettext("Save as scenario"), text: gettext("It runs again when a review is asked for, and must then go the same way and end with the same variables."), act: gettext("Save"), keep: gettext("Cancel"), field: gettext("Name"), required: true };
    ask(question, (name) => this.scenarios.keep(name, expected(this.scenario, report)));
  }

  private choose(element: string): void {
    this.canvas.choose(element);
    reveal(this.viewer, element);
  }

  private guarded(act: () => void): void {
    try {
      act();
    } catch (reason) {
      if (!(reason instanceof SyntaxError)) throw reason;
      toast(gettext("A sample or a variable is no JSON object. Correct it, then try again."), "warning");
    }
  }
}
