/** The timeline under the canvas: one row per step, the scrubber above shares its axis. */
import { h, icon, s } from "../ui/dom";
import { clockWords } from "../ui/times";
import { gettext } from "../ui/words";
import { isEnded, place, rowsOf, spanOf, ticksOf, type Row, type Span } from "./bars";
import type { RunView, Visit } from "./reducer";

const ICONS = { running: "play", waiting: "pause", failed: "x", completed: "check", cancelled: "ban" } as const;
const DAY = 86_400_000;

interface Hooks {
  onChoose: (element: string) => void;
  /** A moment of the past is looked at, or null for live. */
  onMoment: (moment: number | null) => void;
}

export interface Shown {
  /** The view on the page, which may be a past one, and the latest. */
  view: RunView;
  latest: RunView;
  started: number;
  now: number;
  moment: number | null;
  marks: readonly number[];
  chosen: string | null;
}

export class Timeline {
  private readonly live = h("button", { type: "button", class: "btn btn--small tl-live" }, icon("play"), h("span", {}, gettext("Live")));
  private readonly axis = h("div", { class: "tl-axis" });
  private readonly drawing = s("svg", { "aria-hidden": "true" });
  private readonly range = h("input", { type: "range", "aria-label": gettext("Moment shown"), min: 0, max: 1000, step: "any" });
  private readonly rows = h("div", { class: "tl-rows", "data-rows": true });
  private shown: Shown | null = null;

  constructor(
    host: HTMLElement,
    private readonly hooks: Hooks,
  ) {
    const earlier = h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": gettext("Event before"), onclick: () => this.step(-1) }, icon("back"));
    const later = h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": gettext("Event after"), onclick: () => this.step(1) }, icon("right"));
    this.live.addEventListener("click", () => this.hooks.onMoment(null));
    this.range.addEventListener("input", () => this.scrub());
    this.axis.append(this.drawing, this.range);
    host.replaceChildren(h("div", { class: "tl-head" }, h("div", { class: "tl-controls" }, this.live, earlier, later), this.axis), this.rows);
    new ResizeObserver(() => this.shown && this.show(this.shown)).observe(host);
  }

  show(shown: Shown): void {
    this.shown = shown;
    const span = spanOf(shown.latest, shown.started, shown.now);
    const width = this.axis.clientWidth;
    const ended = isEnded(shown.latest);
    const live = shown.moment === null;
    const label = this.live.querySelector("span");
    if (label) label.textContent = ended ? gettext("End") : live ? gettext("Live") : gettext("To live");
    this.live.setAttribute("aria-pressed", String(live));
    this.drawAxis(span, width, shown);
    this.drawRows(span, width, shown);
  }

  /** Moves the moment to the event before or after the one shown. */
  step(by: -1 | 1): void {
    if (!this.shown) return;
    const { marks, moment, now } = this.shown;
    const at = moment ?? now;
    const found = by < 0 ? marks.findLast((mark) => mark < at - 1) : marks.find((mark) => mark > at);
    if (found === undefined) this.hooks.onMoment(by > 0 ? null : at);
    else this.hooks.onMoment(found);
  }

  private scrub(): void {
    if (!this.shown) return;
    const span = spanOf(this.shown.latest, this.shown.started, this.shown.now);
    const at = span.start + (Number(this.range.value) / 1000) * (span.end - span.start);
    this.hooks.onMoment(at >= this.shown.now ? null : Math.max(at, this.shown.started));
  }

  private drawAxis(span: Span, width: number, shown: Shown): void {
    const at = shown.moment ?? shown.now;
    const x = place(at, span, width);
    const long = span.end - span.start > 2 * DAY;
    const ticks = ticksOf(span, width, span.end - span.start < 15 * 60_000 ? 88 : 72);
    const seconds = (ticks[1] ?? 0) - (ticks[0] ?? 0) < 60_000;
    const words = (tick: number) =>
      long ? new Date(tick).toLocaleDateString("en-GB", { day: "numeric", month: "short" }) : clockWords(tick, seconds);
    const labels = ticks.map((tick) => {
      const tx = place(tick, span, width);
      return s("text", { x: tx, y: 22, "text-anchor": tx < 24 ? "start" : tx > width - 24 ? "end" : "middle" }, words(tick));
    });
    const gaps = shown.marks.map((mark) => s("rect", { class: "rail-gap", x: place(mark, span, width) - 1, y: 35, width: 2, height: 4 }));
    this.drawing.replaceChildren(
      ...labels,
      s("rect", { class: "rail", x: 0, y: 35, width, height: 4, rx: 2 }),
      s("rect", { class: "rail-done", x: 0, y: 35, width: Math.max(0, x), height: 4, rx: 2 }),
      ...gaps,
      s("circle", { class: "handle", cx: x, cy: 37, r: 5.5 }),
    );
    this.range.value = String(((at - span.start) / (span.end - span.start)) * 1000);
    this.range.setAttribute("aria-valuetext", clockWords(at, true));
  }

  private drawRows(span: Span, width: number, shown: Shown): void {
    const at = shown.moment ?? shown.now;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["element"] : undefined;
    const rows = rowsOf(shown.view, at).map((row) => this.row(row, span, width, at, shown.chosen));
    const now = h("div", { class: "tl-now" });
    now.style.left = `${216 + place(at, span, width)}px`;
    now.style.height = `${rows.length * 32}px`;
    this.rows.replaceChildren(hatch(), ...rows, now);
    if (focused !== undefined) this.rows.querySelector<HTMLElement>(`[data-element="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  private row(row: Row, span: Span, width: number, at: number, chosen: string | null): HTMLElement {
    const button = h(
      "button",
      {
        type: "button",
        class: `tl-row row-link is-${row.state}`,
        "data-element": row.element,
        "aria-current": row.element === chosen ? "true" : null,
        onclick: () => this.hooks.onChoose(row.element),
      },
      h("span", { class: `tl-label is-${row.state}` }, icon(ICONS[row.state]), h("span", {}, row.name)),
      s("svg", { class: "tl-bars", "aria-hidden": "true" }, ...row.visits.flatMap((visit) => bars(visit, span, width, at))),
      h("span", { class: "tl-words" }, row.words),
    );
    return button;
  }
}

/** Draws one stay: its bar, its failed attempts as ticks, and what is stuck or planned as dots. */
function bars(visit: Visit, span: Span, width: number, at: number): SVGElement[] {
  const x = place(visit.since, span, width);
  const lastAttempt = visit.attempts.at(-1);
  const barEnd = visit.state === "failed" ? (lastAttempt?.at ?? visit.since) : (visit.ended ?? at);
  // What waited for a moment or a message stays hatched once it is over: nothing was done in it.
  const waited = visit.state === "completed" && (visit.kind === "timer" || visit.kind === "message");
  const drawn: SVGElement[] = [
    s("rect", { class: `bar-${waited ? "waiting" : visit.state}`, x, y: 10, width: Math.max(3, place(barEnd, span, width) - x), height: 12, rx: 2 }),
  ];
  if (visit.state === "failed") {
    drawn.push(s("line", { class: "stuck", x1: place(barEnd, span, width) + 4, x2: place(at, span, width), y1: 16, y2: 16 }));
  }
  for (const each of visit.attempts) {
    const tick = place(each.at, span, width);
    drawn.push(s("line", { class: "tick-failed", x1: tick, x2: tick, y1: 8, y2: 24 }));
  }
  if (lastAttempt?.nextAt && visit.ended === null && visit.state !== "failed" && lastAttempt.nextAt > at) {
    const due = place(lastAttempt.nextAt, span, width);
    drawn.push(
      s("line", { class: "due", x1: place(at, span, width) + 2, x2: due, y1: 16, y2: 16 }),
      s("line", { class: "due-tick", x1: due, x2: due, y1: 8, y2: 24 }),
    );
  }
  return drawn;
}

/** The pattern of a wait. In the page itself, so that its colours follow the theme. */
function hatch(): SVGSVGElement {
  return s(
    "svg",
    { width: 0, height: 0, class: "sr-only", "aria-hidden": "true" },
    s(
      "pattern",
      { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      s("rect", { class: "hatch-ground", width: 6, height: 6 }),
      s("line", { class: "hatch-line", x1: 0, x2: 0, y1: 0, y2: 6 }),
    ),
  );
}
