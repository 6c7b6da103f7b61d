/** The run page: canvas, timeline and step panel follow one run and one selection. */
import { call, text } from "../api/client";
import type { Run, RunState, Step } from "../api/shapes";
import { addZoom, fit, reveal } from "../bpmn/paper";
import { openViewer, type Viewer } from "../bpmn/viewer";
import { LiveSocket, type LiveState } from "../live/socket";
import { h, icon, isTyping, must, ready } from "../ui/dom";
import { clockWords } from "../ui/times";
import { gettext } from "../ui/words";
import { isEnded } from "./bars";
import { RunCanvas } from "./canvas";
import { StepPanel } from "./panel";
import { emptyView, fold, foremost, type RunView, viewAt } from "./reducer";
import { Timeline } from "./timeline";

const STATES: Record<RunState, [string, string]> = {
  running: ["play", gettext("Running")],
  waiting: ["pause", gettext("Waiting")],
  failed: ["x", gettext("Needs help")],
  paused: ["pause", gettext("Paused")],
  completed: ["check", gettext("Completed")],
  cancelled: ["ban", gettext("Cancelled")],
};

export async function mountRun(root: HTMLElement): Promise<void> {
  const url = root.dataset["url"] ?? "";
  const run = await call<Run>("GET", url);
  const host = must("#canvas", root);
  const viewer = await openViewer(host, await text(run.model_url), gettext("Diagram of %(title)s", { title: run.title }));
  new RunPage(root, viewer, run, url).start(root.dataset["socket"] ?? "");
  ready();
}

class RunPage {
  private steps: Step[] = [];
  private latest: RunView = emptyView();
  private moment: number | null = null;
  private chosen: string | null = new URL(location.href).searchParams.get("element");
  private readonly canvas: RunCanvas;
  private readonly timeline: Timeline;
  private readonly panel: StepPanel;
  private readonly banner = h("div", { class: "note note--edge", role: "status", hidden: true });

  constructor(
    private readonly root: HTMLElement,
    private readonly viewer: Viewer,
    private run: Run,
    private readonly url: string,
  ) {
    this.canvas = new RunCanvas(viewer, (element) => this.choose(element));
    this.timeline = new Timeline(must("#timeline", root), {
      onChoose: (element) => this.choose(element, true),
      onMoment: (moment) => this.look(moment),
    });
    this.panel = new StepPanel(must("#step-panel", root), root.dataset["stepUrl"] ?? null);
    root.before(this.banner);
  }

  start(socketPath: string): void {
    this.take(this.run.steps, this.run.seq);
    this.draw();
    fit(this.viewer, 0.4);
    addZoom(must(".run-canvas", this.root), this.viewer);
    if (this.chosen !== null) reveal(this.viewer, this.chosen);
    if (!isEnded(this.latest) && socketPath) this.follow(socketPath);
    else this.say("ended");
    addEventListener("popstate", () => this.choose(new URL(location.href).searchParams.get("element"), true, false));
    document.addEventListener("keydown", (event) => this.key(event));
    setInterval(() => {
      if (!document.hidden && !isEnded(this.latest)) this.draw();
    }, 1_000);
  }

  private follow(path: string): void {
    const socket = new LiveSocket(path, this.run.seq, {
      onSteps: (steps, seq) => this.arrive(steps, seq),
      onState: (state, words) => this.say(state, words),
      onReload: () => this.reload(),
    });
    socket.open();
  }

  private take(steps: readonly Step[], seq: number): void {
    this.steps.push(...steps);
    this.latest = { ...fold(this.latest, steps), seq };
    if (this.latest.state === "running" && !steps.some((step) => step.type === "run") && !this.latest.visits.length) {
      this.latest = { ...this.latest, state: this.run.state };
    }
  }

  private arrive(steps: Step[], seq: number): void {
    this.take(steps, seq);
    this.draw();
    if (this.moment === null) {
      this.canvas.glide(steps.flatMap((step) => (step.type === "flow" ? [step.flow] : [])));
    }
  }

  private async reload(): Promise<number> {
    this.run = await call<Run>("GET", this.url);
    this.steps = [];
    this.latest = emptyView();
    this.take(this.run.steps, this.run.seq);
    this.draw();
    return this.run.seq;
  }

  private now(): number {
    return isEnded(this.latest) ? (Date.parse(this.steps.at(-1)?.at ?? "") || Date.now()) : Date.now();
  }

  private draw(): void {
    const now = this.now();
    const view = this.moment === null ? this.latest : viewAt(this.steps, this.moment);
    const chosen = this.chosen ?? foremost(view);
    this.canvas.show(view);
    this.canvas.choose(chosen);
    const started = Date.parse(this.run.started_at);
    const marks = [...new Set(this.steps.map((step) => Date.parse(step.at)))];
    this.timeline.show({ view, latest: this.latest, started, now, moment: this.moment, marks, chosen });
    this.panel.show(view, chosen, chosen === null ? "" : this.nameOf(chosen), this.moment ?? now);
    this.showState();
  }

  private nameOf(element: string): string {
    const found = this.viewer.get<{ get(id: string): { businessObject?: { name?: string } } | undefined }>("elementRegistry").get(element);
    return found?.businessObject?.name ?? gettext("Step without a name");
  }

  private choose(element: string | null, show = false, push = true): void {
    const root = this.viewer.get<{ getRootElement(): { id: string } }>("canvas").getRootElement().id;
    this.chosen = element === root ? null : element;
    if (push) {
      const url = new URL(location.href);
      if (this.chosen === null) url.searchParams.delete("element");
      else url.searchParams.set("element", this.chosen);
      history.pushState(null, "", url);
    }
    if (show && this.chosen !== null) reveal(this.viewer, this.chosen);
    this.draw();
  }

  private look(moment: number | null): void {
    this.moment = moment;
    this.root.toggleAttribute("data-past", moment !== null);
    this.banner.hidden = moment === null;
    this.banner.className = "note note--edge";
    if (moment !== null) {
      const back = h("button", { type: "button", class: "btn-link", onclick: () => this.look(null) }, gettext("Back to live"));
      this.banner.replaceChildren(
        icon("clock"),
        h("p", {}, gettext("You look at %(time)s. Nothing can be changed in the past.", { time: clockWords(moment, true) }), " ", back),
      );
    }
    this.draw();
  }

  private showState(): void {
    const slot = document.querySelector<HTMLElement>('[data-slot="state"]');
    const state = this.latest.state;
    if (!slot || slot.dataset["state"] === state) return;
    slot.dataset["state"] = state;
    const [sign, words] = STATES[state];
    slot.replaceChildren(h("span", { class: `pill pill--${state}` }, icon(sign), words));
  }

  private say(state: LiveState, words = ""): void {
    const slot = document.querySelector<HTMLElement>('[data-slot="live"]');
    if (slot) {
      slot.dataset["live"] = state === "live" ? "on" : state === "ended" ? "ended" : "off";
      slot.textContent = state === "live" ? gettext("Live") : state === "ended" ? gettext("Not live") : gettext("Reconnecting");
      slot.hidden = state === "ended" && !words;
    }
    if (this.moment !== null) return;
    this.banner.hidden = state === "live" || !words;
    this.banner.className = "note note--edge note--wait";
    this.banner.replaceChildren(icon("warn"), h("p", {}, words));
  }

  private key(event: KeyboardEvent): void {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") this.timeline.step(-1);
    else if (event.key === "ArrowRight") this.timeline.step(1);
    else if (event.key === "l") this.look(null);
    else if (event.key === "i") this.nextIncident();
    else return;
    event.preventDefault();
  }

  private nextIncident(): void {
    const failed = [...new Set(this.latest.visits.filter((visit) => visit.state === "failed").map((visit) => visit.element))];
    const next = failed[(failed.indexOf(this.chosen ?? "") + 1) % Math.max(1, failed.length)];
    if (next !== undefined) this.choose(next, true);
  }
}
