/** The properties panel: what the selected part is and does, in plain words. */
import type EventBus from "diagram-js/lib/core/EventBus";

import { isA, kindOf, type Model, nameOf, type Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import { h } from "../../ui/dom";
import { gettext, ngettext } from "../../ui/words";
import type { Edits } from "../edits";
import { Fields, Pending } from "./fields";
import { redraw } from "./focus";
import type { Facts, Group, Subject } from "./group";
import { GROUPS } from "./groups/index";
import { TRIGGER_TITLES } from "./groups/trigger";

/** Open at first; what a person opens or folds is remembered for the visit. */
const OPEN_AT_FIRST = [gettext("Step"), gettext("Assignment"), gettext("Trigger"), gettext("Ways"), ...TRIGGER_TITLES];

export class Panel {
  private readonly pending = new Pending();
  private readonly open = new Map<string, boolean>(OPEN_AT_FIRST.map((title) => [title, true]));
  private shape: Shape | null = null;
  private count = 1;
  /** The id of what the fields now on the page belong to. */
  private drawn = "";
  private planned = false;
  private pressed = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly diagram: Diagram,
    private readonly edits: Edits,
    private readonly definitions: () => Model,
    private readonly readOnly: boolean,
    private readonly facts: Facts,
    /** Returns what is said above an element that somebody else has in hand, or null. */
    private readonly noticeOf: (element: string) => HTMLElement | null,
  ) {
    const bus = diagram.get<EventBus>("eventBus");
    bus.on("selection.changed", () => this.follow());
    bus.on("elements.changed", () => this.draw());
    bus.on("root.set", () => this.follow());
    document.addEventListener("interlock:panel", () => this.draw());
    this.host.addEventListener("pointerdown", () => (this.pressed = true));
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => this.release());
    this.follow();
  }

  /** Returns the part that is shown, or null where there are none or several. */
  get shown(): Model | null {
    return this.shape?.businessObject ?? null;
  }

  private follow(): void {
    this.commit();
    const selected = this.diagram.get<{ get(): Shape[] }>("selection").get();
    const one = selected.length === 1 ? selected[0] : null;
    const root = this.diagram.get<{ getRootElement(): Shape }>("canvas").getRootElement();
    this.shape = selected.length > 1 ? null : (one?.labelTarget ?? one ?? root);
    this.count = selected.length;
    // At once: until then the fields of the part left behind would take what is typed for this one.
    this.drawNow();
  }

  /** Commits the field that is being typed in; a text lives in its field until then. */
  commit(): void {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || !this.host.contains(active)) return;
    if (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) active.blur();
  }

  /**
   * Draws a change of the part a moment later: an edit often comes from leaving a field for another, and the other must
   * be there to receive the focus. Several calls are one drawing.
   */
  private draw(): void {
    if (this.planned) return;
    this.planned = true;
    setTimeout(() => this.drawPlanned(), 0);
  }

  private drawPlanned(): void {
    if (!this.planned || this.pressed) return;
    this.planned = false;
    this.drawNow();
  }

  /** What a press began must still be there when it ends, or the click that left a field is lost. */
  private release(): void {
    this.pressed = false;
    if (this.planned) setTimeout(() => this.drawPlanned(), 0);
  }

  private drawNow(): void {
    const before = this.drawn;
    this.drawn = this.shape?.id ?? "";
    redraw(this.host, this.shape?.businessObject ? this.contents(this.shape) : [this.nothing()], before === this.drawn);
  }

  private nothing(): HTMLElement {
    const words = this.count > 1 ? ngettext("%(count)s part selected.", "%(count)s parts selected.", this.count) : gettext("Select a part to see what it does.");
    return h("div", { class: "empty" }, h("p", {}, words));
  }

  private contents(shape: Shape): HTMLElement[] {
    const model = shape.businessObject;
    const subject: Subject = { shape, model, edits: this.edits, definitions: this.definitions(), facts: this.facts, fields: new Fields(model.id ?? "", this.pending, this.readOnly) };
    const groups = GROUPS.flatMap((make) => make(subject) ?? []);
    const alone = groups.length <= 2 || isA(model, "Process", "Collaboration", "Gateway");
    const title = h("div", { class: "panel-title" }, h("small", {}, kindOf(model)), h("h2", {}, nameOf(model) === kindOf(model) ? gettext("Without a name") : nameOf(model)));
    const notice = this.readOnly ? null : this.noticeOf(model.id ?? "");
    const folds = groups.map((group) => this.group(group, alone && group.title === gettext("Basics")));
    for (const fold of folds) fold.inert = notice !== null;
    return [title, ...(notice ? [notice] : []), ...folds];
  }

  private group(group: Group, openAnyway: boolean): HTMLElement {
    const fold = h(
      "details",
      { class: "fold", open: this.open.get(group.title) ?? (group.open === true || openAnyway) },
      h("summary", { "data-field": `group-${group.title}` }, group.title, h("span", { class: "value" }, group.value)),
      h("div", { class: "fold-body" }, ...group.body),
    );
    // Not on `toggle`: that is told for a group drawn open as well, which nobody chose.
    fold.querySelector("summary")?.addEventListener("click", () => this.open.set(group.title, !fold.open));
    return fold;
  }
}
