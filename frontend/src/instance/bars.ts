/** The timeline's geometry: from visits to rows of bars, and the ticks of its axis. Pure. */
import { spanWords } from "../ui/times";
import { gettext, ngettext } from "../ui/words";
import type { RunView, Visit, VisitState } from "./reducer";

export interface Span {
  start: number;
  end: number;
}

export interface Row {
  element: string;
  name: string;
  state: VisitState;
  visits: Visit[];
  words: string;
}

const STEPS_MS = [1, 2, 5, 10, 15, 30]
  .map((n) => n * 1_000)
  .concat([1, 2, 5, 10, 15, 30].map((n) => n * 60_000))
  .concat([1, 2, 3, 6, 12].map((n) => n * 3_600_000))
  .concat([1, 2, 7, 14, 30, 90].map((n) => n * 86_400_000));

const URGENCY: readonly VisitState[] = ["failed", "running", "waiting", "completed", "cancelled"];

/** Returns a row per element that takes time, in the order in which they began. */
export function rowsOf(view: RunView, now: number): Row[] {
  const byElement = new Map<string, Visit[]>();
  for (const visit of view.visits) {
    if (visit.kind === "gateway" || visit.kind === "event") continue;
    byElement.set(visit.element, [...(byElement.get(visit.element) ?? []), visit]);
  }
  return [...byElement.entries()].map(([element, visits]) => {
    const state = URGENCY.find((each) => visits.some((visit) => visit.state === each)) ?? "completed";
    return { element, name: visits[0]?.name || element, state, visits, words: rowWords(visits, state, now) };
  });
}

/** Says the one thing about a row that matters at its right. */
function rowWords(visits: Visit[], state: VisitState, now: number): string {
  const current = visits.find((visit) => visit.state === state);
  if (!current) return "";
  const last = current.attempts.at(-1);
  if (state === "failed") return last ? gettext("%(attempt)s of %(attempts)s failed", { attempt: last.attempt, attempts: last.attempts }) : gettext("failed");
  if (state === "running" && last?.nextAt && last.nextAt > now) return gettext("again in %(span)s", { span: spanWords((last.nextAt - now) / 1000) });
  if (state === "running" || state === "waiting") {
    const span = spanWords((now - current.since) / 1000);
    return state === "waiting" ? gettext("waits %(span)s", { span }) : span;
  }
  if (visits.length > 1) return ngettext("%(count)s time", "%(count)s times", visits.length);
  return current.ended === null ? "" : spanWords((current.ended - current.since) / 1000);
}

/** Returns what the axis spans: from the start to now or the end, with room for what is planned. */
export function spanOf(view: RunView, started: number, now: number): Span {
  const planned = view.visits.flatMap((visit) =>
    visit.state === "running" || visit.state === "waiting" ? visit.attempts.map((each) => each.nextAt ?? 0) : [],
  );
  const latest = Math.max(now, ...planned);
  const room = isEnded(view) ? 0.02 : 0.1;
  const length = Math.max(latest - started, 2_000);
  return { start: started - length * 0.01, end: started + length * (1 + room) };
}

export function isEnded(view: RunView): boolean {
  return view.state === "completed" || view.state === "cancelled";
}

/** Returns round moments of the axis, at least `gap` pixels apart. */
export function ticksOf(span: Span, width: number, gap = 72): number[] {
  const room = ((span.end - span.start) / Math.max(width, 1)) * gap;
  const step = STEPS_MS.find((each) => each >= room) ?? (STEPS_MS.at(-1) as number);
  const offset = new Date(span.start).getTimezoneOffset() * 60_000;
  const first = Math.ceil((span.start - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let at = first; at <= span.end; at += step) ticks.push(at);
  return ticks;
}

/** Returns where a moment lies on an axis of this width. */
export function place(at: number, span: Span, width: number): number {
  return ((at - span.start) / (span.end - span.start)) * width;
}
