import { expect, test } from "vitest";

import { typedValue } from "./tries";

test.each([
  ["number", "12.50", { t: "num", v: "12.50" }],
  ["", "12", { t: "num", v: "12" }],
  ["string", "12", "12"],
  ["boolean", "false", false],
  ["date", "2030-01-31", { t: "date", v: "2030-01-31" }],
  ["", "2030-01-31", { t: "date", v: "2030-01-31" }],
  ["", "high", "high"],
  ["", '"high"', "high"],
  ["", "[1, 2]", [1, 2]],
  ["", "{broken", "{broken"],
  ["string", "  ", undefined],
])("what is typed into a field of type %s becomes a value", (type, text, value) => {
  expect(typedValue(type, text)).toEqual(value);
});
