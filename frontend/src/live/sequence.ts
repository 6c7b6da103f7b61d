/** Whether a frame is new, was seen, or shows that something is missing between. Pure. */

export type Verdict = "apply" | "seen" | "gap";

export interface Numbered {
  seq_from: number;
  seq: number;
}

/** Judges a frame against the last sequence number that was applied. */
export function judge(last: number, frame: Numbered): Verdict {
  if (frame.seq <= last) return "seen";
  return frame.seq_from <= last + 1 ? "apply" : "gap";
}

/** Returns the wait before the n-th attempt to connect again: 1, 2, 4 … at most 30 s, spread. */
export function backoff(attempt: number, spread: number): number {
  return Math.round(Math.min(30_000, 1_000 * 2 ** Math.max(0, attempt - 1)) * (0.75 + spread / 2));
}
