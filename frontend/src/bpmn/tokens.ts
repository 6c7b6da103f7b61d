/** Tokens on the paper: on a flow before its end, at a step at its upper edge. */
import { s } from "../ui/dom";
import { gettext } from "../ui/words";
import type { Shape } from "./elements";

/** Returns how many tokens each place holds. */
export function countedTokens(tokens: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of tokens) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** A token on a flow waits before its end; one at a step stands at its upper edge. */
function placeOf(shape: Shape): { x: number; y: number } {
  const points = shape.waypoints;
  const [before, end] = points?.slice(-2) ?? [];
  if (!before || !end) return { x: shape.x + shape.width / 2, y: shape.y };
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1;
  const part = Math.min(22, length / 2) / length;
  return { x: end.x - (end.x - before.x) * part, y: end.y - (end.y - before.y) * part };
}

/** Draws the tokens of one place. */
export function tokenOn(shape: Shape, count: number): SVGGElement {
  const at = placeOf(shape);
  const words = count > 1 ? gettext("%(count)s tokens", { count }) : gettext("A token");
  return s(
    "g",
    { class: "shown-token", transform: `translate(${at.x} ${at.y})`, role: "img", "aria-label": words },
    s("circle", { r: count > 1 ? 10 : 8 }),
    count > 1 && s("text", { "text-anchor": "middle", dy: "0.36em" }, String(count)),
  );
}
