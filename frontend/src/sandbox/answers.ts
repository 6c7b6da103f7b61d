/** What the outside answers, as people choose it and as a scenario holds it. Pure. */
import { gettext } from "../ui/words";
import type { Asked, Scenario, Stub, Values } from "./shapes";

export type Mode = "sample" | "TRANSIENT" | "PERMANENT" | "ENVIRONMENTAL" | "error";

export interface Answer {
  mode: Mode;
  /** How often it fails in a row, before the sample answers. */
  times: number;
  sample: string;
  cause: string;
  /** The code of the error that the model has a name for. */
  code: string;
}

/** Returns what answers a step until somebody chooses otherwise. */
export function usual(asked: Asked): Answer {
  return { mode: "sample", times: 1, sample: JSON.stringify(asked.sample, null, 2), cause: gettext("The system answers 503."), code: asked.errors.find(Boolean) ?? "" };
}

/** Returns an answer as a scenario holds it. Throws SyntaxError where the sample is no JSON object. */
export function stubOf(answer: Answer): Stub | Stub[] {
  if (answer.mode === "error") return { throws: { error: answer.code } };
  const sample: Stub = { returns: readObject(answer.sample) };
  if (answer.mode === "sample") return sample;
  return [{ fails: { kind: answer.mode, cause: answer.cause }, times: answer.times }, sample];
}

/** Returns how an answer that a scenario holds is shown. */
export function answerOf(stub: Stub | Stub[] | undefined, asked: Asked): Answer {
  const answer = usual(asked);
  const each = stub === undefined ? [] : Array.isArray(stub) ? stub : [stub];
  for (const one of each) {
    if (one.returns) answer.sample = JSON.stringify(one.returns, null, 2);
    if (one.throws) Object.assign(answer, { mode: "error", code: one.throws.error });
    if (one.fails) Object.assign(answer, { mode: one.fails.kind, cause: one.fails.cause, times: one.times ?? 1 });
  }
  return answer;
}

/** Reads an object that somebody wrote. Throws SyntaxError where it is none. */
export function readObject(text: string): Values {
  const found: unknown = JSON.parse(text.trim() || "{}");
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new SyntaxError();
  return found as Values;
}

/** Returns what a trial is expected to do again. */
export function expected(scenario: Scenario, seen: { state: string; waiting: string[]; visited: Record<string, number>; variables: Values }): Scenario {
  const { state, waiting, visited, variables } = seen;
  return { ...scenario, expect: { state, waiting, visited, variables } };
}

/** Returns the whole seconds until a moment, as a step of a scenario says them. */
export function until(now: string, then: string): string {
  return `PT${Math.max(1, Math.ceil((Date.parse(then) - Date.parse(now)) / 1000))}S`;
}
