/** Spans and moments in words: the browser's mirror of the template tags `ago`, `due`, `duration`. */
import { gettext, language } from "./words";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Returns seconds in at most two units: 1 h 16 min. */
export function spanWords(seconds: number): string {
  if (seconds < 10) return `${Number(seconds.toFixed(1))} ${gettext("s")}`;
  const whole = Math.floor(seconds);
  const units: [number, string, number, string][] = [
    [DAY, gettext("d"), HOUR, gettext("h")],
    [HOUR, gettext("h"), MINUTE, gettext("min")],
    [MINUTE, gettext("min"), 1, gettext("s")],
  ];
  for (const [size, unit, below, restUnit] of units) {
    if (whole < size) continue;
    const rest = Math.floor((whole % size) / below);
    return rest ? `${Math.floor(whole / size)} ${unit} ${rest} ${restUnit}` : `${Math.floor(whole / size)} ${unit}`;
  }
  return `${whole} ${gettext("s")}`;
}

/** Returns the time of day, with seconds where they matter. */
export function clockWords(at: number, withSeconds = false): string {
  return new Date(at).toLocaleTimeString(language(), {
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
  const day = then.toLocaleDateString(language(), {
    day: "numeric",
    month: "short",
    ...(then.getFullYear() === today.getFullYear() ? {} : { year: "numeric" }),
  });
  return `${day}, ${time}`;
}

/** Returns how people say a recent moment, or null where the server's words still hold. */
export function agoWords(at: number, now: number): string | null {
  const seconds = (now - at) / 1000;
  if (seconds < 45) return gettext("just now");
  if (seconds < HOUR) return gettext("%(minutes)s min ago", { minutes: Math.max(1, Math.round(seconds / MINUTE)) });
  return null;
}

/** Returns how people say a near deadline, or null where the server's words still hold. */
export function dueWords(at: number, now: number): string | null {
  const seconds = (at - now) / 1000;
  if (seconds < 0) return gettext("%(span)s overdue", { span: spanWords(Math.max(MINUTE, Math.floor(-seconds / MINUTE) * MINUTE)) });
  if (seconds < 6 * HOUR) return gettext("in %(span)s", { span: spanWords(Math.max(MINUTE, Math.floor(seconds / MINUTE) * MINUTE)) });
  return null;
}
