import { expect, test } from "vitest";

import { backoff, judge } from "./sequence";

test("the next frame is applied", () => {
  expect(judge(7, { seq_from: 8, seq: 9 })).toBe("apply");
});

test("a frame that reaches back and beyond is applied", () => {
  expect(judge(7, { seq_from: 6, seq: 9 })).toBe("apply");
});

test("a frame that was applied is dropped", () => {
  expect(judge(9, { seq_from: 8, seq: 9 })).toBe("seen");
});

test("a hole is noticed", () => {
  expect(judge(7, { seq_from: 9, seq: 9 })).toBe("gap");
});

test("waits grow to half a minute", () => {
  expect(backoff(1, 0.5)).toBe(1_000);
  expect(backoff(4, 0.5)).toBe(8_000);
  expect(backoff(20, 0.5)).toBe(30_000);
});
