import { describe, expect, it } from "vitest";

import { type Flow, type Level, proposed, regionOf } from "./problem-regions";

/** Reads "a>b b>c" as flows; start and end stay outside, `x@a` is an event at the edge of a. */
function level(text: string): Level {
  const hosts = new Map<string, string>();
  const name = (part: string): string => {
    const [node, host] = part.split("@") as [string, string?];
    if (host) hosts.set(node, host);
    return node;
  };
  const flows: Flow[] = text.split(" ").map((pair, at) => {
    const [source, target] = pair.split(">").map(name) as [string, string];
    return { id: `f${at}`, source, target };
  });
  const nodes = [...new Set(flows.flatMap((flow) => [flow.source, flow.target]))];
  return { nodes, flows, hosts, fixed: new Set(["start", "end"]) };
}

const SPLIT = "start>s s>a s>b a>j b>j j>c c>end";

describe("a selection", () => {
  it("is a region where it has one way in and one way out", () => {
    const found = regionOf(level(SPLIT), ["s", "a", "b", "j"]);
    expect(found).toMatchObject({ entry: { id: "f0" }, exit: { id: "f5" } });
  });

  it("says what keeps it from being one", () => {
    expect(regionOf(level(SPLIT), ["a"])).toBe("few");
    expect(regionOf(level(SPLIT), ["start", "s"])).toBe("fixed");
    expect(regionOf(level(SPLIT), ["a", "b"])).toBe("ways-in");
    expect(regionOf(level(SPLIT), ["s", "a"])).toBe("ways-out");
  });

  it("takes the events at its edges along", () => {
    const found = regionOf(level("start>a a>b b>c c>end late@a>b"), ["a", "b"]);
    expect(found).toMatchObject({ inside: new Set(["a", "b", "late"]) });
    expect(regionOf(level("start>a a>b b>c c>end late@a>c"), ["a", "b"])).toBe("ways-out");
  });
});

describe("what is proposed", () => {
  it("halves the level", () => {
    const found = proposed(level("start>a a>b b>c c>d d>e e>f f>end"));
    expect(found?.inside.size).toBe(4);
  });

  it("never cuts through a split or a loop", () => {
    expect(proposed(level("start>s s>a s>b a>end b>end"))).toBeNull();
    const loop = proposed(level("start>m m>a a>g g>m g>end"));
    expect([...(loop?.inside ?? [])].sort()).toEqual(["a", "g", "m"]);
  });

  it("is found in a long drawing within its budget", () => {
    const row = Array.from({ length: 400 }, (_, at) => `n${at}>n${at + 1}`).join(" ");
    const began = performance.now();
    expect(proposed(level(`start>n0 ${row} n400>end`))).not.toBeNull();
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
