/** What a retry policy will do if it keeps failing: when the attempts come. Pure. */
import { secondsOf } from "../../bpmn/durations";

/** A policy as it is written: ISO spans, and numbers as texts. */
export interface Policy {
  attempts: string;
  firstDelay: string;
  factor: string;
  cap: string;
  deadline: string;
}

/** One attempt, in seconds from the first: in nine of ten runs it comes between `early` and `late`. */
export interface Attempt {
  likely: number;
  early: number;
  late: number;
  /** The wait before it is as long as a wait may be. */
  isCapped: boolean;
  /** It will probably begin after the deadline, and then it is not made. */
  isLate: boolean;
}

export interface Plan {
  attempts: readonly Attempt[];
  /** Seconds until it gives up: probably, and at the latest. */
  likely: number;
  latest: number;
  /** Seconds of the deadline, or null where there is none. */
  deadline: number | null;
}

/** How many standard deviations around the mean hold nine of ten. */
const NINE_OF_TEN = 1.64;
const MOST_ATTEMPTS = 100;

/**
 * Returns what a policy will do, or null where one of its texts cannot be read. Each wait is anywhere
 * between nothing and its full length (full jitter); engine/semantics/retries.py says the same.
 */
export function planOf(policy: Policy): Plan | null {
  const [count, factor] = [Number(policy.attempts), Number(policy.factor)];
  const [first, cap] = [secondsOf(policy.firstDelay), secondsOf(policy.cap)];
  const deadline = policy.deadline ? secondsOf(policy.deadline) : null;
  if (first === null || cap === null || (policy.deadline && deadline === null)) return null;
  if (!Number.isInteger(count) || count < 1 || count > MOST_ATTEMPTS || !(factor >= 1)) return null;
  const attempts: Attempt[] = [{ likely: 0, early: 0, late: 0, isCapped: false, isLate: false }];
  let [latest, variance] = [0, 0];
  for (let n = 1; n < count; n += 1) {
    const wanted = first * factor ** (n - 1);
    const wait = Math.min(cap, wanted);
    latest += wait;
    variance += wait ** 2 / 12;
    const [likely, spread] = [latest / 2, NINE_OF_TEN * Math.sqrt(variance)];
    const early = Math.max(0, likely - spread);
    attempts.push({ likely, early, late: Math.min(latest, likely + spread), isCapped: wanted >= cap, isLate: deadline !== null && likely > deadline });
  }
  const within = (seconds: number) => (deadline === null ? seconds : Math.min(seconds, deadline));
  return { attempts, deadline, likely: within(latest / 2), latest: within(latest) };
}
