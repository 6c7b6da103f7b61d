/** Draws a retry policy: attempts on a line of time with the band in which each comes, and the deadline. */
import { s } from "../../ui/dom";
import { spanWords } from "../../ui/times";
import { gettext } from "../../ui/words";
import type { Attempt, Plan } from "./retry-plan";

const [WIDTH, LEFT, RIGHT, TOP, FOOT] = [248, 18, 8, 6, 18];
const MOST_DRAWN = 24;
/** Rows are lower where there are many of them. */
const [HIGH_ROW, LOW_ROW, MANY] = [11, 7, 8];

export function pictureOf(plan: Plan): SVGSVGElement {
  const attempts = plan.attempts.slice(0, MOST_DRAWN);
  const row = attempts.length > MANY ? LOW_ROW : HIGH_ROW;
  const bottom = TOP + (plan.deadline === null ? 0 : 12) + attempts.length * row;
  const y = (index: number) => bottom - (attempts.length - index - 0.5) * row;
  const end = Math.max(attempts.at(-1)?.late ?? 0, plan.deadline ?? 0);
  // The first waits are short and the last ones long: the root of time shows both.
  const x = (seconds: number) => LEFT + (end ? Math.sqrt(seconds / end) : 0) * (WIDTH - LEFT - RIGHT);
  return s(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${bottom + FOOT}`, role: "img", "aria-label": wordsOf(plan) },
    s("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: bottom + 2, y2: bottom + 2 }),
    ...attempts.flatMap((each, index) => attemptOf(each, index, x, y(index), row)),
    ...(plan.deadline === null ? [] : [deadline(plan.deadline, x(plan.deadline), bottom)]),
    ...labels(attempts, x, bottom + 14),
  );
}

/** Returns what the picture shows, in words. */
export function wordsOf({ attempts, likely, latest, deadline }: Plan): string {
  if (attempts.length === 1) return gettext("It is tried once.");
  const about = gettext("If it keeps failing it gives up after about %(likely)s, at the latest after %(latest)s.", { likely: spanWords(likely), latest: spanWords(latest) });
  const missed = attempts.filter((each) => each.isLate).length;
  return deadline !== null && missed ? `${about} ${gettext("The last %(count)s attempts would come after its deadline.", { count: missed })}` : about;
}

function attemptOf({ likely, early, late, isCapped, isLate }: Attempt, index: number, x: (seconds: number) => number, y: number, row: number): SVGElement[] {
  const told = index === 0 ? gettext("first attempt, at once") : gettext("attempt %(number)s, after about %(span)s", { number: index + 1, span: spanWords(likely) });
  const kind = isLate ? "band band--late" : isCapped ? "band band--capped" : "band";
  const band = s("rect", { class: kind, x: x(early), width: Math.max(1, x(late) - x(early)), y: y - row / 2 + 1, height: row - 2, rx: 2 });
  const number = s("text", { x: 0, y: y + 3.5 }, String(index + 1));
  const dot = s("circle", { class: isLate ? "is-late" : null, cx: x(likely), cy: y, r: row === LOW_ROW ? 2 : 3 }, s("title", {}, told));
  return [...(index ? [band] : []), ...(row === HIGH_ROW ? [number] : []), dot];
}

function deadline(seconds: number, at: number, bottom: number): SVGElement {
  const isRight = at > WIDTH / 2;
  return s(
    "g",
    { class: "deadline" },
    s("line", { x1: at, x2: at, y1: 2, y2: bottom + 4 }),
    s("text", { x: isRight ? at - 4 : at + 4, y: 10, "text-anchor": isRight ? "end" : "start" }, gettext("deadline %(span)s", { span: spanWords(seconds) })),
  );
}

/** Says the time under the first, the last and, where there is room, one in between. */
function labels(attempts: readonly Attempt[], x: (seconds: number) => number, y: number): SVGElement[] {
  const last = attempts.at(-1);
  if (!last || attempts.length < 2) return [];
  const middle = attempts.slice(1, -1).find((each) => x(each.likely) > 96 && x(each.likely) < x(last.likely) - 64);
  const label = (seconds: number, anchor: string, at = x(seconds)) => s("text", { x: at, y, "text-anchor": anchor }, seconds === 0 ? gettext("at once") : spanWords(seconds));
  return [label(0, "start", LEFT - 4), ...(middle ? [label(middle.likely, "middle")] : []), label(last.likely, x(last.likely) > WIDTH - 40 ? "end" : "middle", Math.min(WIDTH, x(last.likely)))];
}
