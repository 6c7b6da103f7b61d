/** Spans and moments in words: the browser's mirror of the template tags `ago`, `due`, `duration`. */

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Returns seconds in at most two units: 1 h 16 min. */
export function spanWords(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.floor(seconds);
  const units: [number, string, number, string][] = [
    [DAY, "d", HOUR, "h"],
    [HOUR, "h", MINUTE, "min"],
    [MINUTE, "min", 1, "s"],
  ];
  for (const [size, unit, below, restUnit] of units) {
    if (whole < size) continue;
    const rest = Math.floor((whole % size) / below);
    return rest ? `${Math.floor(whole / size)} ${unit} ${rest} ${restUnit}` : `${Math.floor(whole / size)} ${unit}`;
  }
  return `${whole} s`;
}

/** Returns the time of day, with seconds where they matter. */
export function clockWords(at: number, withSeconds = false): string {
  return new Date(at).toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(withSeconds ? { second: "2-digit" } : {}),
  });
}

/** Returns a moment with its day where it is not today. */
export function momentWords(at: number, now = Date.now(), withSeconds = true): string {
  const time = clockWords(at, withSeconds);
  const [then, today] = [new Date(at), new Date(now)];
  if (then.toDateString() === today.toDateString()) return time;
  const day = then.toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    ...(then.getFullYear() === today.getFullYear() ? {} : { year: "numeric" }),
  });
  return `${day}, ${time}`;
}

/** Returns how people say a recent moment, or null where the server's words still hold. */
export function agoWords(at: number, now: number): string | null {
  const seconds = (now - at) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < HOUR) return `${Math.max(1, Math.round(seconds / MINUTE))} min ago`;
  return null;
}

/** Returns how people say a near deadline, or null where the server's words still hold. */
export function dueWords(at: number, now: number): string | null {
  const seconds = (at - now) / 1000;
  if (seconds < 0) return `${spanWords(Math.max(MINUTE, Math.floor(-seconds / MINUTE) * MINUTE))} overdue`;
  if (seconds < 6 * HOUR) return `in ${spanWords(Math.max(MINUTE, Math.floor(seconds / MINUTE) * MINUTE))}`;
  return null;
}
