import { describe, expect, it } from "vitest";

import { answerOf, readObject, stubOf, until, usual } from "./answers";
import type { Asked } from "./shapes";

const ASKED: Asked = { key: "a", element: "a", name: "A", job_type: "http:1", sample: { response: { status: 200 } }, errors: ["", "GONE"] };

describe("answers", () => {
  it("says the sample until somebody chooses otherwise", () => {
    expect(stubOf(usual(ASKED))).toEqual({ returns: { response: { status: 200 } } });
    expect(usual(ASKED).code).toBe("GONE");
  });

  it("fails as often as it is told, and then gives the sample", () => {
    const answer = { ...usual(ASKED), mode: "TRANSIENT" as const, times: 2, cause: "503" };
    expect(stubOf(answer)).toEqual([{ fails: { kind: "TRANSIENT", cause: "503" }, times: 2 }, { returns: { response: { status: 200 } } }]);
  });

  it("reads back what a scenario holds", () => {
    for (const mode of ["sample", "TRANSIENT", "PERMANENT", "ENVIRONMENTAL", "error"] as const) {
      const answer = { ...usual(ASKED), mode, times: mode === "TRANSIENT" ? 3 : 1 };
      expect(answerOf(stubOf(answer), ASKED)).toEqual(answer);
    }
  });

  it("takes objects only", () => {
    expect(readObject(" ")).toEqual({});
    expect(() => readObject("[1]")).toThrow(SyntaxError);
    expect(() => readObject("{")).toThrow(SyntaxError);
  });

  it("counts whole seconds to a moment", () => {
    expect(until("2030-01-01T00:00:00+00:00", "2030-01-01T12:00:00.200+00:00")).toBe("PT43201S");
  });
});
