import { describe, expect, test } from "vitest";

import { readCycle, readMoment, readSpan, sayCycle, sayIso, sayMoment, secondsOf } from "./durations";

describe("a span", () => {
  test.each([
    ["30 s", "PT30S"],
    ["2min", "PT2M"],
    ["1 h 30 min", "PT1H30M"],
    ["2 days", "P2D"],
    ["1 d 6 h", "P1DT6H"],
    ["1 w", "P1W"],
    ["1 week and 1 day", "P8D"],
    ["PT45S", "PT45S"],
    ["= service.patience", "= service.patience"],
    ["", ""],
  ])("%s is read as %s", (written, iso) => {
    expect(readSpan(written)).toEqual({ ok: true, value: iso });
  });

  test.each(["30", "soon", "5 parsecs", "1 h 2 h", "1.5 h", "P", "10 min!"])("%s is refused with an example", (written) => {
    expect(readSpan(written)).toEqual({ ok: false, error: expect.stringContaining("for example") as string });
  });

  test("is said as it is written", () => {
    expect(sayIso("PT1H30M")).toBe("1 h 30 min");
    expect(sayIso("P2D")).toBe("2 d");
    expect(sayIso("= x")).toBe("= x");
    expect(readSpan(sayIso("P1DT6H5M"))).toEqual({ ok: true, value: "P1DT6H5M" });
  });

  test("has seconds", () => {
    expect(secondsOf("PT5M")).toBe(300);
    expect(secondsOf("P1W")).toBe(604_800);
    expect(secondsOf("= x")).toBeNull();
  });
});

test("a moment without a zone is UTC and says so", () => {
  expect(readMoment("2026-12-01 06:00")).toEqual({ ok: true, value: "2026-12-01T06:00:00Z" });
  expect(sayMoment("2026-12-01T06:00:00Z")).toBe("2026-12-01 06:00 UTC");
  expect(readMoment("2026-12-01 06:00 UTC")).toEqual({ ok: true, value: "2026-12-01T06:00:00Z" });
  expect(readMoment("tomorrow").ok).toBe(false);
});

test("a repetition is said and read", () => {
  expect(readCycle("every 1 h")).toEqual({ ok: true, value: "R/PT1H" });
  expect(readCycle("3 times every 10 min")).toEqual({ ok: true, value: "R3/PT10M" });
  expect(sayCycle("R3/PT10M")).toBe("3 times every 10 min");
  expect(readCycle("hourly").ok).toBe(false);
});
