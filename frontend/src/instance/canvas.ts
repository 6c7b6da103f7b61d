/** The run on its diagram: states, badges, taken flows, and tokens that glide when it is live. */
import type EventBus from "diagram-js/lib/core/EventBus";

import { Badges, type Sign } from "../bpmn/badges";
import { glide } from "../bpmn/glide";
import { ring } from "../bpmn/paper";
import type { Viewer } from "../bpmn/viewer";
import { gettext, ngettext } from "../ui/words";
import { elementsOf, type ElementView, type RunView, type VisitState } from "./reducer";

const ICONS: Record<VisitState, string> = { running: "play", waiting: "pause", failed: "x", completed: "check", cancelled: "ban" };
const WORDS: Record<VisitState, string> = {
  running: gettext("running"),
  waiting: gettext("waiting"),
  failed: gettext("needs help"),
  completed: gettext("completed"),
  cancelled: gettext("cancelled"),
};
const GLIDE_MS = 150;

export class RunCanvas {
  private readonly badges: Badges;
  private chosen: string | null = null;

  constructor(
    private readonly viewer: Viewer,
    onChoose: (element: string) => void,
  ) {
    this.badges = new Badges(viewer);
    viewer.get<EventBus>("eventBus").on("element.click", (event: { element: { id: string; labelTarget?: { id: string }; waypoints?: unknown } }) => {
      if (event.element.waypoints === undefined) onChoose(event.element.labelTarget?.id ?? event.element.id);
    });
  }

  show(view: RunView): void {
    const elements = elementsOf(view);
    const markers = new Map([...elements.values()].map((each) => [each.element, `is-${each.state}`]));
    for (const flow of Object.keys(view.flows)) markers.set(flow, "is-taken");
    this.badges.mark(markers);
    const signs = [...elements.values()].flatMap((each): [string, Sign][] => {
      const sign = signOf(each);
      return sign ? [[each.element, sign]] : [];
    });
    this.badges.show(new Map(signs));
  }

  choose(element: string | null): void {
    if (element === this.chosen) return;
    ring(this.viewer, this.chosen, element);
    this.chosen = element;
  }

  has(element: string): boolean {
    return this.viewer.get<{ get(id: string): unknown }>("elementRegistry").get(element) !== undefined;
  }

  /** Lets a token glide along each flow that was just taken. */
  glide(flows: readonly string[]): void {
    glide(this.viewer, flows, GLIDE_MS);
  }
}

/** A completed gateway carries no badge without a count: the thick flows say it. */
function signOf(each: ElementView): Sign | null {
  const counted = each.count > 1;
  if (each.kind === "gateway" && each.state === "completed" && !counted) return null;
  const times = counted ? ngettext(", %(count)s time", ", %(count)s times", each.count) : "";
  return {
    tone: each.state,
    icon: ICONS[each.state],
    words: counted ? String(each.count) : "",
    title: `${WORDS[each.state]}${times}`,
    corner: "right",
  };
}
