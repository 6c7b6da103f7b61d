/** The review page: two versions side by side that move as one, and one selected change. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type EventBus from "diagram-js/lib/core/EventBus";

import { call, text } from "../api/client";
import type { Change, Review } from "../api/shapes";
import { Badges, type Sign } from "../bpmn/badges";
import { sayIso } from "../bpmn/durations";
import { addZoom, fit, fitting, ring } from "../bpmn/paper";
import { openViewer, type Viewer } from "../bpmn/viewer";
import { h, isTyping, must, ready } from "../ui/dom";
import { gettext } from "../ui/words";
import { CHOSEN, offerComments } from "./comments";

const SIGNS: Record<Change["kind"], [string, string]> = {
  added: ["+", gettext("Added")],
  removed: ["\u2212", gettext("Removed")],
  changed: ["~", gettext("Changed")],
  moved: ["\u2194", gettext("Moved")],
};
/** Below this a label cannot be read: a wide diagram is shown in part, around the change. */
/** Below this a diagram is only an outline; then it is shown in part. */
const LEAST = 0.3;

export async function mountReview(root: HTMLElement): Promise<void> {
  const review = await call<Review>("GET", root.dataset["url"] ?? "");
  const [before, after] = await Promise.all([
    review.base && openPane("#canvas-before", review.base.model_url, gettext("The version before")),
    openPane("#canvas-after", review.version.model_url, gettext("The version in review")),
  ]);
  if (!after) throw new Error("The page has no canvas for the version in review.");
  const page = new ReviewPage(root, review, before, after);
  page.start();
  offerComments(root, after, page);
  ready();
}

async function openPane(selector: string, url: string, label: string): Promise<Viewer | null> {
  const host = document.querySelector<HTMLElement>(selector);
  return host && openViewer(host, await text(url), label);
}

class ReviewPage {
  private readonly changes: Change[];
  private chosen: string | null = null;
  private moving = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly review: Review,
    private readonly before: Viewer | null,
    private readonly after: Viewer,
  ) {
    this.changes = review.changes;
  }

  start(): void {
    for (const viewer of this.viewers()) {
      this.paint(viewer);
      viewer.get<EventBus>("eventBus").on("element.click", (event: { element: { id: string; labelTarget?: { id: string } } }) =>
        this.clickedOn(viewer, event.element.labelTarget?.id ?? event.element.id),
      );
    }
    this.stack();
    this.fitBoth();
    this.bindPanes();
    addZoom(must("#canvas-after").parentElement as HTMLElement, this.after);
    this.root.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.key(event));
    const wanted = new URL(location.href).searchParams.get("element");
    const first = this.listed()[0]?.dataset["changeElement"];
    const element = wanted ?? first;
    if (element !== undefined) this.choose(element, false);
  }

  private viewers(): Viewer[] {
    return this.before ? [this.before, this.after] : [this.after];
  }

  private listed(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>("[data-change-element]")];
  }

  /** Badges and tints: removed on the old version, added on the new, changed on both. */
  private paint(viewer: Viewer): void {
    const isOld = viewer === this.before;
    const signs = new Map<string, Sign>();
    const marks = new Map<string, string>();
    for (const change of this.changes) {
      if (change.group === "layout" || (change.kind === "added" && isOld) || (change.kind === "removed" && !isOld)) continue;
      if (marks.has(change.element) && change.kind === "changed") continue;
      const [words, title] = SIGNS[change.kind];
      marks.set(change.element, `diff-${change.kind}`);
      signs.set(change.element, { tone: change.kind, icon: null, words, title, corner: "left" });
    }
    const badges = new Badges(viewer);
    badges.mark(marks);
    badges.show(withoutFlows(viewer, signs));
    for (const element of marks.keys()) markGround(viewer, element);
  }

  /** Puts the versions under each other where a wide diagram is drawn larger that way. */
  private stack(): void {
    if (!this.before) return;
    const seen = () => fitting(this.after);
    const beside = seen();
    this.root.dataset["stacked"] = "true";
    if (seen() <= beside) delete this.root.dataset["stacked"];
  }

  private fitBoth(): void {
    for (const viewer of this.viewers()) fit(viewer, LEAST);
    this.follow(this.after);
  }

  private bindPanes(): void {
    for (const viewer of this.viewers()) {
      viewer.get<EventBus>("eventBus").on("canvas.viewbox.changed", () => this.follow(viewer));
    }
    new ResizeObserver(() => this.resized()).observe(this.root);
  }

  /** Tells the drawings that they have another room. */
  resized(): void {
    for (const viewer of this.viewers()) viewer.get<Canvas>("canvas").resized();
    this.follow(this.after);
  }

  /** Shows in the other pane what this one shows. */
  private follow(leader: Viewer): void {
    const other = leader === this.after ? this.before : this.after;
    if (!other || this.moving) return;
    this.moving = true;
    const { x, y, scale } = leader.get<Canvas>("canvas").viewbox();
    const { outer } = other.get<Canvas>("canvas").viewbox();
    if (outer.width) other.get<Canvas>("canvas").viewbox({ x, y, width: outer.width / scale, height: outer.height / scale });
    this.moving = false;
  }

  private clicked(event: Event): void {
    if (!(event.target instanceof Element)) return;
    const change = event.target.closest<HTMLElement>("[data-change-element]")?.dataset["changeElement"];
    const view = event.target.closest<HTMLElement>("[data-view]:not(.review)")?.dataset["view"];
    if (change !== undefined) this.choose(change);
    if (view !== undefined) this.arrange(view);
  }

  private arrange(view: string): void {
    this.root.dataset["view"] = view;
    for (const button of this.root.querySelectorAll<HTMLElement>("button[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset["view"] === view));
    }
  }

  /** Returns the element that is chosen, in the newer version. */
  get chosenElement(): string | null {
    return this.chosen !== null && has(this.after, this.chosen) ? this.chosen : null;
  }

  /** Chooses what was clicked on, also where it did not change; the paper around it is no element. */
  private clickedOn(viewer: Viewer, element: string): void {
    if (shapeOf(viewer, element)?.parent) this.choose(element);
  }

  choose(element: string, push = true): void {
    for (const viewer of this.viewers()) ring(viewer, this.chosen, element);
    this.chosen = element;
    this.showInList(element);
    const shower = has(this.after, element) ? this.after : this.before;
    // A change of a file beside the model stands nowhere in the drawing.
    if (shower && has(shower, element)) centre(shower, element);
    if (push) {
      const url = new URL(location.href);
      url.searchParams.set("element", element);
      history.replaceState(null, "", url);
    }
    this.showDetail(element);
    this.root.dispatchEvent(new Event(CHOSEN));
  }

  private showInList(element: string): void {
    for (const row of this.listed()) {
      const isIt = row.dataset["changeElement"] === element;
      row.toggleAttribute("aria-current", isIt);
      if (isIt) row.setAttribute("aria-current", "true");
      if (isIt) row.closest("details")?.setAttribute("open", "");
    }
    this.root.querySelector('[data-change-element][aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }

  private showDetail(element: string): void {
    const host = this.root.querySelector<HTMLElement>("#review-detail");
    if (!host) return;
    const mine = this.changes.filter((change) => change.element === element);
    if (!mine.length) return host.replaceChildren(h("p", { class: "panel-section muted" }, gettext("This part did not change.")));
    const name = mine[0]?.name || gettext("Without a name");
    const order = this.order();
    const place = gettext("%(place)s of %(all)s", { place: order.indexOf(element) + 1, all: order.length });
    host.replaceChildren(
      h(
        "div",
        { class: "panel-section" },
        h(
          "div",
          { class: "section-head" },
          h("h3", {}, name),
          h("span", { class: "keys" }, h("kbd", {}, "p"), h("kbd", {}, "n"), place),
        ),
        ...this.detail(mine),
      ),
    );
  }

  /** One table of all values that changed; a change without values is its sentence. */
  private detail(mine: Change[]): HTMLElement[] {
    const sentences = mine.filter((change) => !change.properties.length).map((change) => h("p", { class: "muted measure" }, change.sentence));
    const values = mine.flatMap((change) => change.properties);
    if (!values.length) return sentences;
    const head = (number: number | null | undefined, fallback: string) => (number ? gettext("Version %(number)s", { number }) : fallback);
    const before = head(this.review.base?.number, gettext("Before"));
    const after = head(this.review.version.number, gettext("In review"));
    const rows = values.map((row) => h("tr", {}, h("td", { class: "muted" }, row.label), h("td", {}, said(row.before)), h("td", { class: "strong" }, said(row.after))));
    const table = h(
      "table",
      { class: "table table--tight table--inset" },
      h("thead", {}, h("tr", {}, h("th", { class: "w-184" }, gettext("What")), h("th", {}, before), h("th", {}, after))),
      h("tbody", {}, ...rows),
    );
    return [table, ...sentences];
  }

  /** The elements that changed, each once, in the order of the list. */
  private order(): string[] {
    return [...new Set(this.listed().map((row) => row.dataset["changeElement"] ?? ""))];
  }

  private key(event: KeyboardEvent): void {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "n" && event.key !== "p") return;
    const order = this.order();
    const at = order.indexOf(this.chosen ?? "");
    const next = order[(at + (event.key === "n" ? 1 : -1) + order.length) % Math.max(1, order.length)];
    if (next !== undefined) this.choose(next);
    event.preventDefault();
  }
}

/** Says a value as people write it. */
function said(value: string | null): string {
  return value ? sayIso(value) : gettext("none");
}

interface Shape {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
  waypoints?: { x: number; y: number }[];
  type: string;
  parent?: unknown;
}

function shapeOf(viewer: Viewer, element: string): Shape | undefined {
  return viewer.get<{ get(id: string): Shape | undefined }>("elementRegistry").get(element);
}

function has(viewer: Viewer, element: string): boolean {
  return shapeOf(viewer, element) !== undefined;
}

/** A flow says its change by colour and dash; a badge at its first bend would say nothing more. */
function withoutFlows(viewer: Viewer, signs: Map<string, Sign>): Map<string, Sign> {
  return new Map([...signs].filter(([element]) => shapeOf(viewer, element)?.waypoints === undefined));
}

function markGround(viewer: Viewer, element: string): void {
  const shape = shapeOf(viewer, element);
  if (shape && /Participant|Lane|SubProcess/.test(shape.type)) viewer.get<Canvas>("canvas").addMarker(element, "is-ground");
}

/** Moves an element to the middle where it is not well in sight. */
function centre(viewer: Viewer, element: string): void {
  const shape = shapeOf(viewer, element);
  if (!shape) return;
  const canvas = viewer.get<Canvas>("canvas");
  const box = canvas.viewbox();
  const middle = shape.waypoints?.[Math.floor(shape.waypoints.length / 2)] ?? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
  const seen = middle.x > box.x + 80 && middle.x < box.x + box.width - 80 && middle.y > box.y + 60 && middle.y < box.y + box.height - 60;
  if (!seen) canvas.viewbox({ ...box, x: middle.x - box.width / 2, y: middle.y - box.height / 2 });
}
