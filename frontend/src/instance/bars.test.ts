import { expect, test } from "vitest";

import { place, rowsOf, spanOf, ticksOf } from "./bars";
import { emptyView, type RunView, type Visit } from "./reducer";

const visit = (over: Partial<Visit>): Visit => ({
  activity: "a", element: "E", name: "Step", kind: "service", state: "completed", calm: "running",
  since: 0, ended: 4_000, attempts: [], cause: "", ...over,
});
const view = (...visits: Visit[]): RunView => ({ ...emptyView(), visits });

test("gateways and plain events take no row", () => {
  expect(rowsOf(view(visit({ kind: "gateway" }), visit({ kind: "event" })), 0)).toEqual([]);
});

test("a row says how long it took, how often, or that it failed", () => {
  const attempts = [{ at: 0, attempt: 4, attempts: 4, cause: "", nextAt: null }];

  expect(rowsOf(view(visit({})), 9_000)[0]?.words).toBe("4 s");
  expect(rowsOf(view(visit({}), visit({ activity: "b" })), 9_000)[0]?.words).toBe("2 times");
  expect(rowsOf(view(visit({ state: "failed", ended: null, attempts })), 9_000)[0]?.words).toBe("4 of 4 failed");
  expect(rowsOf(view(visit({ state: "waiting", ended: null })), 60_000)[0]?.words).toBe("waits 1 min");
});

test("the axis leaves room for the next attempt", () => {
  const planned = visit({ state: "running", ended: null, attempts: [{ at: 0, attempt: 1, attempts: 3, cause: "", nextAt: 90_000 }] });

  expect(spanOf(view(planned), 0, 10_000).end).toBeGreaterThan(90_000);
});

test("ticks are round and far enough apart", () => {
  const span = { start: 0, end: 4_800_000 };
  const ticks = ticksOf(span, 700);

  expect(ticks.every((at) => at % 600_000 === 0)).toBe(true);
  expect(place(ticks[1] as number, span, 700) - place(ticks[0] as number, span, 700)).toBeGreaterThanOrEqual(72);
});
