import { describe, expect, test } from "vitest";

import type { Step } from "../api/shapes";
import { elementsOf, emptyView, fold, foremost, viewAt } from "./reducer";

const at = (second: number) => new Date(Date.UTC(2026, 10, 19, 13, 0, second)).toISOString();

const STEPS: Step[] = [
  { seq: 1, at: at(0), type: "run", state: "running" },
  { seq: 2, at: at(1), type: "activated", element: "Pay", activity: "a1", name: "Pay", kind: "service", state: "running" },
  { seq: 3, at: at(2), type: "attempted", element: "Pay", activity: "a1", attempt: 1, attempts: 2, cause: "It answered 503.", next_at: at(4) },
  { seq: 4, at: at(4), type: "attempted", element: "Pay", activity: "a1", attempt: 2, attempts: 2, cause: "It answered 503.", next_at: null },
  { seq: 4, at: at(4), type: "failed", element: "Pay", activity: "a1", cause: "It answered 503.", attempt: 2, attempts: 2 },
  { seq: 5, at: at(9), type: "retried", element: "Pay", activity: "a1" },
  { seq: 6, at: at(10), type: "completed", element: "Pay", activity: "a1" },
  { seq: 6, at: at(10), type: "flow", flow: "F1" },
  { seq: 6, at: at(10), type: "activated", element: "Ask", activity: "a2", name: "Ask", kind: "user", state: "waiting" },
];

describe("fold", () => {
  test("is idempotent: steps that were seen change nothing", () => {
    const once = fold(emptyView(), STEPS);

    expect(fold(once, STEPS)).toBe(once);
    expect(fold(once, STEPS.slice(3))).toBe(once);
  });

  test("gives the same in one batch as step by step, batch by number", () => {
    const numbers = [...new Set(STEPS.map((step) => step.seq))];
    const piecewise = numbers.reduce((view, seq) => fold(view, STEPS.filter((step) => step.seq === seq)), emptyView());

    expect(piecewise).toEqual(fold(emptyView(), STEPS));
  });

  test("takes every step of one number", () => {
    const view = fold(emptyView(), STEPS);

    expect(view.seq).toBe(6);
    expect(view.flows).toEqual({ F1: 1 });
    expect(elementsOf(view).get("Pay")).toMatchObject({ state: "completed", count: 1 });
    expect(elementsOf(view).get("Ask")).toMatchObject({ state: "waiting", count: 1 });
  });

  test("tells an attempt once, though the incident names it again", () => {
    const view = fold(emptyView(), STEPS.slice(0, 5));

    expect(view.visits[0]?.attempts.map((each) => each.attempt)).toEqual([1, 2]);
    expect(view.visits[0]?.state).toBe("failed");
  });

  test("returns a retried step to what it did before it failed", () => {
    expect(fold(emptyView(), STEPS.slice(0, 6)).visits[0]).toMatchObject({ state: "running", cause: "" });
  });

  test("leaves the view it was given untouched", () => {
    const before = fold(emptyView(), STEPS.slice(0, 2));
    const copy = structuredClone(before);

    fold(before, STEPS.slice(2));

    expect(before).toEqual(copy);
  });
});

test("the past is what had happened by then", () => {
  expect(viewAt(STEPS, Date.parse(at(4))).visits[0]?.state).toBe("failed");
  expect(viewAt(STEPS, Date.parse(at(1))).visits[0]?.state).toBe("running");
});

test("what failed is looked at first", () => {
  const waiting: Step = { seq: 5, at: at(5), type: "activated", element: "Ask", activity: "a9", name: "Ask", kind: "user", state: "waiting" };

  expect(foremost(fold(emptyView(), [...STEPS.slice(0, 5), waiting]))).toBe("Pay");
  expect(foremost(fold(emptyView(), STEPS))).toBe("Ask");
});

test("an element that is visited again counts the stays of its state", () => {
  const again = STEPS.filter((step) => step.seq === 2 || step.seq === 6).flatMap((step, index) => [
    step,
    { ...step, seq: 20 + index, ...("activity" in step ? { activity: `${step.activity}-again` } : {}) } as Step,
  ]);

  expect(elementsOf(fold(emptyView(), again)).get("Pay")).toMatchObject({ state: "completed", count: 2 });
});
