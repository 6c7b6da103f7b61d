import { describe, expect, it } from "vitest";

import { begunName, fresh, grouped, namedIn, openCounts, pieces, sifted, type Thread } from "./threads";

const ana = { id: "1", name: "Ana Ruiz", initials: "AR" };
const anabel = { id: "2", name: "Ana Ruiz-Mayer", initials: "AR" };

function thread(id: string, element: string, openedAt: string, resolved = false): Thread {
  const comment = { id: `${id}-1`, person: ana, text: "Why?", at: openedAt, place: "draft" as const, place_number: 1, mentions: [] };
  return { id, element, element_name: element, element_kind: "task", opened_at: openedAt, resolved_at: resolved ? openedAt : null, resolved_by: resolved ? ana : null, comments: [comment] };
}

const THREADS = [thread("a", "check", "2026-01-01"), thread("b", "deploy", "2026-01-02"), thread("c", "check", "2026-01-03"), thread("d", "tell", "2026-01-04", true)];

describe("threads", () => {
  it("are sifted by whether they are resolved", () => {
    expect(sifted(THREADS, "open").map((one) => one.id)).toEqual(["a", "b", "c"]);
    expect(sifted(THREADS, "resolved").map((one) => one.id)).toEqual(["d"]);
  });

  it("stand by element, the chosen one first, then the one last opened", () => {
    const told = (chosen: string | null) => grouped(THREADS, chosen).map((group) => [group.element, ...group.threads.map((one) => one.id)].join(" "));
    expect(told(null)).toEqual(["tell d", "check a c", "deploy b"]);
    expect(told("deploy")).toEqual(["deploy b", "tell d", "check a c"]);
  });

  it("are counted while they are open", () => {
    expect([...openCounts(THREADS)]).toEqual([["check", 2], ["deploy", 1]]);
  });

  it("tell what is new in them", () => {
    expect(fresh(THREADS.slice(1), THREADS).map(({ comment }) => comment.id)).toEqual(["a-1"]);
    expect(fresh(THREADS, THREADS)).toEqual([]);
  });
});

describe("a name behind an @", () => {
  it.each([
    ["@", 1, ""],
    ["@An", 3, "An"],
    ["Ask @Ana Ru", 11, "Ana Ru"],
    ["(@Ana", 5, "Ana"],
    ["@Ana Ruiz looks", 4, "Ana"],
  ])("is begun in %j at %i", (text, caret, name) => {
    expect(begunName(text, caret)?.name).toBe(name);
  });

  it.each([
    ["ana@example.com", 15],
    ["@Ana\nRuiz", 9],
    ["@ Ana", 5],
    ["@Ana Ruiz has it, and", 21],
    ["Ana", 3],
    [`@${"x".repeat(61)}`, 62],
  ])("is not begun in %j", (text, caret) => {
    expect(begunName(text, caret)).toBeNull();
  });

  it("names those whose whole name stands there", () => {
    expect(namedIn("@Ana Ruiz, look", [ana, anabel])).toEqual([ana]);
  });

  it("is cut out of the text, the longest first, and nothing else is", () => {
    expect(pieces("@Ana Ruiz-Mayer and @Ana Ruiz: <b>a.b</b>", [ana, anabel])).toEqual([
      { words: "@Ana Ruiz-Mayer", isName: true },
      { words: " and ", isName: false },
      { words: "@Ana Ruiz", isName: true },
      { words: ": <b>a.b</b>", isName: false },
    ]);
    expect(pieces("@Ana Ruiz", [])).toEqual([{ words: "@Ana Ruiz", isName: false }]);
  });
});
