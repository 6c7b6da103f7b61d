import { expect, test } from "vitest";

import { agoWords, dueWords, spanWords } from "./times";

test("a span has at most two units", () => {
  expect(spanWords(0.24)).toBe("0.2 s");
  expect(spanWords(4)).toBe("4 s");
  expect(spanWords(59)).toBe("59 s");
  expect(spanWords(4 * 60 + 33)).toBe("4 min 33 s");
  expect(spanWords(3600 + 16 * 60 + 5)).toBe("1 h 16 min");
  expect(spanWords(2 * 86_400)).toBe("2 d");
});

test("what was long ago keeps the words of the server", () => {
  expect(agoWords(0, 20_000)).toBe("just now");
  expect(agoWords(0, 38 * 60_000)).toBe("38 min ago");
  expect(agoWords(0, 2 * 3_600_000)).toBeNull();
});

test("a deadline turns into an overdue one", () => {
  expect(dueWords(60 * 60_000, 0)).toBe("in 1 h");
  expect(dueWords(0, 38 * 60_000)).toBe("38 min overdue");
  expect(dueWords(40 * 3_600_000, 0)).toBeNull();
});
