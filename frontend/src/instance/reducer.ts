/** A run as the page sees it, folded from its steps. Pure: the same steps give the same view. */
import type { RunState, Step, StepKind } from "../api/shapes";

export type VisitState = "running" | "waiting" | "failed" | "completed" | "cancelled";

export interface Attempt {
  at: number;
  attempt: number;
  attempts: number;
  cause: string;
  nextAt: number | null;
}

/** One stay of a token at an element. */
export interface Visit {
  activity: string;
  element: string;
  name: string;
  kind: StepKind;
  state: VisitState;
  /** What it returns to when a failure is retried. */
  calm: "running" | "waiting";
  since: number;
  ended: number | null;
  attempts: Attempt[];
  cause: string;
}

export interface RunView {
  seq: number;
  state: RunState;
  /** In the order in which they began. */
  visits: readonly Visit[];
  /** How often each flow was taken. */
  flows: Readonly<Record<string, number>>;
}

/** What the canvas says of an element: its most pressing state, and how many tokens or stays. */
export interface ElementView {
  element: string;
  state: VisitState;
  count: number;
  kind: StepKind;
}

const URGENCY: readonly VisitState[] = ["failed", "running", "waiting", "completed", "cancelled"];

export function emptyView(): RunView {
  return { seq: 0, state: "running", visits: [], flows: {} };
}

/**
 * Folds a batch of steps. Steps up to the view's number were seen before and change nothing, so a
 * repeated frame is harmless; several steps may share one number within a batch.
 */
export function fold(view: RunView, steps: readonly Step[]): RunView {
  const fresh = steps.filter((step) => step.seq > view.seq);
  if (!fresh.length) return view;
  return { ...fresh.reduce(take, view), seq: Math.max(...fresh.map((step) => step.seq)) };
}

/** Returns the view as it was at a moment. */
export function viewAt(steps: readonly Step[], moment: number): RunView {
  return fold(emptyView(), steps.filter((step) => Date.parse(step.at) <= moment));
}

function take(view: RunView, step: Step): RunView {
  switch (step.type) {
    case "run":
      return { ...view, state: step.state };
    case "flow":
      return { ...view, flows: { ...view.flows, [step.flow]: (view.flows[step.flow] ?? 0) + 1 } };
    case "activated":
      return { ...view, visits: [...view.visits.filter((visit) => visit.activity !== step.activity), begun(step)] };
    default:
      return { ...view, visits: view.visits.map((visit) => (visit.activity === step.activity ? moved(visit, step) : visit)) };
  }
}

function begun(step: Extract<Step, { type: "activated" }>): Visit {
  return {
    activity: step.activity,
    element: step.element,
    name: step.name,
    kind: step.kind,
    state: step.state,
    calm: step.state,
    since: Date.parse(step.at),
    ended: null,
    attempts: [],
    cause: "",
  };
}

type Move = Exclude<Step, { type: "run" | "flow" | "activated" }>;

function moved(visit: Visit, step: Move): Visit {
  const at = Date.parse(step.at);
  switch (step.type) {
    case "completed":
    case "cancelled":
      return { ...visit, state: step.type, ended: at };
    case "attempted":
      return { ...visit, attempts: attempted(visit, step, at), cause: step.cause };
    case "failed":
      return { ...visit, state: "failed", cause: step.cause, attempts: attempted(visit, { ...step, next_at: null }, at) };
    case "retried":
      return { ...visit, state: visit.calm, cause: "" };
  }
}

/** An attempt is told once: an incident names the last attempt again. */
function attempted(
  visit: Visit,
  step: { attempt: number; attempts: number; cause: string; next_at: string | null },
  at: number,
): Attempt[] {
  const last = visit.attempts.at(-1);
  const told: Attempt = {
    at,
    attempt: step.attempt,
    attempts: step.attempts,
    cause: step.cause,
    nextAt: step.next_at === null ? null : Date.parse(step.next_at),
  };
  if (last && last.attempt === told.attempt && told.nextAt === null) {
    return [...visit.attempts.slice(0, -1), { ...told, at: last.at }];
  }
  return [...visit.attempts, told];
}

/** Returns what each element shows. */
export function elementsOf(view: RunView): Map<string, ElementView> {
  const found = new Map<string, ElementView>();
  for (const visit of view.visits) {
    const seen = found.get(visit.element);
    if (!seen || URGENCY.indexOf(visit.state) < URGENCY.indexOf(seen.state)) {
      found.set(visit.element, { element: visit.element, state: visit.state, count: 0, kind: visit.kind });
    }
  }
  for (const [element, shown] of found) {
    shown.count = view.visits.filter((visit) => visit.element === element && visit.state === shown.state).length;
  }
  return found;
}

/** Returns the element that needs a look first: what failed, else what runs, waits, or was last. */
export function foremost(view: RunView): string | null {
  for (const state of ["failed", "running", "waiting"] as const) {
    const visit = view.visits.find((each) => each.state === state && each.kind !== "gateway");
    if (visit) return visit.element;
  }
  return view.visits.findLast((visit) => visit.kind !== "gateway" && visit.kind !== "event")?.element ?? null;
}
