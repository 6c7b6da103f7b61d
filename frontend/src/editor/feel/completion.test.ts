import { describe, expect, test } from "vitest";

import { complete } from "./completion";

const VARIABLES = [
  { name: "impact", told: "Asked" },
  { name: "response", told: "Write it" },
];
const SAMPLE = { impact: 3, response: { status: 200, body: { id: "7" } } };

function offered(text: string): string[] {
  return complete(text, text.length, VARIABLES, SAMPLE)?.offers.map((each) => each.text) ?? [];
}

describe("while an expression is written", () => {
  test("variables and functions that begin so are offered, variables first", () => {
    expect(offered("= im")).toEqual(["impact"]);
    expect(offered("= 1 + i")).toEqual(["impact", "index of()", "is defined()"]);
  });

  test("nothing typed yet: the variables that are known", () => {
    expect(offered("= ")).toEqual(["impact", "response"]);
  });

  test("behind a dot the parts of the sample's value", () => {
    expect(offered("= response.")).toEqual(["status", "body"]);
    expect(offered("= response.body.i")).toEqual(["id"]);
    expect(offered("= impact.")).toEqual([]);
  });

  test("inside of a text nothing, and nothing that is written already", () => {
    expect(offered('= "im')).toEqual([]);
    expect(offered("= impact")).toEqual([]);
  });

  test("what is typed is replaced from where it begins", () => {
    expect(complete("= a + resp", 10, VARIABLES, SAMPLE)?.from).toBe(6);
    expect(complete("= response.st", 13, VARIABLES, SAMPLE)?.from).toBe(11);
  });
});
