import ALIGNING from "bpmn-js/lib/features/align-elements/AlignElementsIcons";
import SPREADING from "bpmn-js/lib/features/distribute-elements/DistributeElementsIcons";
import { expect, test } from "vitest";

import { plainSigns, withAttributes } from "./vendor-signs";

test("a style becomes attributes that say the same", () => {
  expect(withAttributes('<line x1="1" style="stroke:currentColor;stroke-width:100;"/>')).toBe('<line x1="1" stroke="currentColor" stroke-width="100"/>');
});

test("no sign of the vendor has an inline style left", () => {
  plainSigns();
  const signs = [...Object.values<string>(ALIGNING), ...Object.values<string>(SPREADING)];
  expect(signs.length).toBeGreaterThan(8);
  expect(signs.filter((sign) => sign.includes("style"))).toEqual([]);
});
