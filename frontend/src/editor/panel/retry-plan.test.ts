import { describe, expect, test } from "vitest";

import { planOf, type Policy } from "./retry-plan";

const usual: Policy = { attempts: "3", firstDelay: "PT5S", factor: "2", cap: "PT5M", deadline: "" };

describe("a retry policy", () => {
  test("waits longer each time, and half of that is likely", () => {
    const plan = planOf({ ...usual, attempts: "4" });

    expect(plan?.attempts.map((each) => each.likely)).toEqual([0, 2.5, 7.5, 17.5]);
    expect(plan).toMatchObject({ likely: 17.5, latest: 35, deadline: null });
  });

  test("never waits longer than its cap", () => {
    const plan = planOf({ ...usual, attempts: "5", firstDelay: "PT1M", cap: "PT2M" });

    expect(plan?.latest).toBe(60 + 120 + 120 + 120);
    expect(plan?.attempts.map((each) => each.isCapped)).toEqual([false, false, true, true, true]);
  });

  test("each attempt comes between an early and a late moment", () => {
    for (const each of planOf({ ...usual, attempts: "8" })?.attempts.slice(1) ?? []) {
      expect(each.early).toBeLessThan(each.likely);
      expect(each.late).toBeGreaterThan(each.likely);
      expect(each.late).toBeLessThanOrEqual(2 * each.likely);
    }
  });

  test("attempts after the deadline are not made", () => {
    const plan = planOf({ ...usual, attempts: "6", firstDelay: "PT10S", deadline: "PT1M" });

    expect(plan?.attempts.map((each) => each.isLate)).toEqual([false, false, false, false, true, true]);
    expect(plan).toMatchObject({ likely: 60, latest: 60 });
  });

  test.each([{ attempts: "0" }, { attempts: "many" }, { firstDelay: "5 s" }, { factor: "0.5" }, { cap: "soon" }, { deadline: "soon" }])("that cannot be read has no picture: %o", (written) => {
    expect(planOf({ ...usual, ...written })).toBeNull();
  });
});
