/** The outline: the model as a tree in flow order, and every act of modelling by key and by word. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type EventBus from "diagram-js/lib/core/EventBus";

import { eventOf, isA, kindOf, type Model, nameOf, type Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import { h, icon, isTyping } from "../../ui/dom";
import { gettext } from "../../ui/words";
import type { Edits } from "../edits";
import type { Making } from "../making";
import { creatable } from "../menus";
import { type Part, PARTS } from "../parts";
import { Acts } from "./acts";
import { type Choice, choose } from "./choose";
import { outlineOf } from "./order";
import { Tree } from "./tree";
import { fullName, lineOf } from "./words";

export interface Surroundings {
  diagram: Diagram;
  edits: Edits;
  making: Making;
  definitions: () => Model;
  tools: HTMLElement;
  panel: HTMLElement;
  mayEdit: boolean;
}

interface Act {
  word: string;
  /** The name of its key, as browsers have it. */
  key: string;
  run: () => void;
}

const KEPT = "interlock.editor.outline";

export class Outline {
  private readonly acts: Acts;
  private readonly tree = new Tree({ onGo: (id) => this.go(id), onKey: (event) => this.key(event), glyphOf });
  private readonly said = h("p", { class: "sr-only", role: "status" });
  private readonly buttons = h("div", { class: "outline-acts" });
  private readonly button = h("button", { type: "button", class: "btn btn--quiet btn--small", "aria-controls": "outline", title: gettext("The model as a list in the order of its flows; everything can be done there by key (O)") }, icon("layers"), gettext("Outline"));
  private open = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly around: Surroundings,
  ) {
    this.acts = new Acts(around.diagram, around.edits, around.making);
    host.id = "outline";
    host.setAttribute("aria-label", gettext("Outline"));
    host.append(h("h2", { class: "outline-title" }, gettext("Outline"), h("kbd", { "aria-hidden": "true" }, "O")), this.tree.list, this.buttons, this.said);
    around.tools.prepend(this.button);
    this.button.addEventListener("click", () => this.turn(!this.open));
    this.listen();
    this.turn(localStorage.getItem(KEPT) === "true");
  }

  private listen(): void {
    const bus = this.around.diagram.get<EventBus>("eventBus");
    bus.on("commandStack.changed", ({ trigger }: { trigger?: string }) => {
      this.draw();
      if (trigger === "undo") this.say(gettext("Undone."));
      if (trigger === "redo") this.say(gettext("Done again."));
    });
    bus.on("import.done", () => this.draw());
    bus.on("selection.changed", () => this.follow());
    document.addEventListener("keydown", (event) => this.summon(event));
    this.around.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.open && !event.defaultPrevented) this.tree.focus();
    });
  }

  /** O leads here from wherever nobody is typing. */
  private summon(event: KeyboardEvent): void {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key !== "o" || !isPlain || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    this.turn(true);
    this.tree.focus();
    event.preventDefault();
  }

  private turn(open: boolean): void {
    this.open = open;
    const isTurned = this.host.hidden === open;
    this.host.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    localStorage.setItem(KEPT, String(open));
    // Whoever asks for the size of the paper has all of it laid out.
    if (isTurned) this.around.diagram.get<Canvas>("canvas").resized();
    this.draw();
    this.follow();
  }

  private draw(): void {
    if (!this.open) return;
    const isDrawn = (id: string) => this.acts.shape(id) !== undefined;
    this.tree.show(outlineOf(this.around.definitions(), isDrawn));
    this.offer();
  }

  private follow(): void {
    if (!this.open) return;
    const [one, ...others] = this.around.diagram.get<{ get(): Shape[] }>("selection").get();
    this.tree.mark(one && !others.length ? (one.labelTarget ?? one).id : null);
    this.offer();
  }

  private go(id: string): void {
    const shape = this.acts.shape(id);
    if (shape) this.acts.select(shape);
  }

  /** Offers in words what can be done with the item stood on. */
  private offer(): void {
    const act = ({ word, key, run }: Act) => h("button", { type: "button", class: "btn btn--small", "aria-keyshortcuts": key, onclick: run }, word, h("kbd", { "aria-hidden": "true" }, key));
    const configure: Act = { word: gettext("Configure"), key: "Enter", run: () => this.configure() };
    const edits: Act[] = [
      { word: this.shape ? gettext("Add after") : gettext("Add"), key: "A", run: () => void this.add() },
      ...(this.shape && this.acts.isPlace(this.shape) ? [{ word: gettext("Add inside"), key: "I", run: () => void this.addInside() }] : []),
      { word: gettext("Connect to"), key: "C", run: () => void this.connect() },
      { word: gettext("Rename"), key: "F2", run: () => this.rename() },
      { word: gettext("Delete"), key: "Delete", run: () => this.remove() },
    ];
    const legend = h("p", { class: "outline-legend" }, gettext("Arrows move and fold. Type a name to find it, its first letter with Shift. Esc leads back here from the properties."));
    const acts = this.around.mayEdit ? [configure, ...edits] : [configure];
    this.buttons.replaceChildren(h("div", { class: "outline-buttons", role: "group", "aria-label": gettext("With the selected part") }, ...acts.map(act)), legend);
  }

  private key(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const run = this.keyed(event.key);
    if (run) run();
    return run !== null;
  }

  private keyed(key: string): (() => void) | null {
    if (key === "Enter") return () => this.configure();
    if (!this.around.mayEdit) return null;
    if (key === "a") return () => void this.add();
    if (key === "i") return () => void this.addInside();
    if (key === "c") return () => void this.connect();
    if (key === "F2") return () => this.rename();
    return key === "Delete" || key === "Backspace" ? () => this.remove() : null;
  }

  private async add(): Promise<void> {
    const after = this.shape;
    const parts = after ? this.acts.parts(after) : creatable();
    if (!parts.length) return this.say(gettext("Nothing can follow this."));
    const title = after ? gettext("What comes after %(name)s?", { name: nameOf(after.businessObject) }) : gettext("What is made?");
    const part = await choose(title, parts.map(asChoice));
    if (!part) return this.tree.focus();
    if (after) this.acts.add(part, after);
    else this.around.making.place(part);
    this.end(after ? gettext("%(part)s added after %(name)s.", { part: part.label, name: nameOf(after.businessObject) }) : gettext("%(part)s added.", { part: part.label }));
  }

  private async addInside(): Promise<void> {
    const place = this.shape;
    if (!place || !this.acts.isPlace(place)) return this.say(gettext("Nothing can be put into this."));
    const name = nameOf(place.businessObject);
    const parts = creatable().filter((part) => part.family !== "frame");
    const part = await choose(gettext("What is put into %(name)s?", { name }), parts.map(asChoice));
    if (!part) return this.tree.focus();
    this.acts.put(part, place);
    this.end(gettext("%(part)s added in %(name)s.", { part: part.label, name }));
  }

  private async connect(): Promise<void> {
    const source = this.shape;
    const targets = source ? this.acts.targets(source) : [];
    if (!source || !targets.length) return this.say(gettext("This can be connected to nothing."));
    const name = nameOf(source.businessObject);
    const target = await choose(gettext("Where does %(name)s lead to?", { name }), targets.map(asTarget));
    if (!target) return this.tree.focus();
    this.acts.connect(source, target);
    this.end(gettext("%(name)s now leads to %(target)s.", { name, target: nameOf(target.businessObject) }));
  }

  private rename(): void {
    const shape = this.shape;
    if (!shape) return;
    const model = shape.businessObject;
    const before = nameOf(model) === kindOf(model) ? "" : nameOf(model);
    this.tree.askName(before, (name) => {
      if (name !== null && name !== before) this.acts.rename(shape, name);
      this.end(name === null ? "" : gettext("Now called %(name)s.", { name: nameOf(model) }));
    });
  }

  private configure(): void {
    this.around.panel.querySelector<HTMLElement>("summary")?.focus();
  }

  private remove(): void {
    const shape = this.shape;
    if (!shape) return;
    const name = fullName(shape.businessObject);
    this.acts.remove(shape);
    const next = this.tree.current;
    if (next) this.go(next.id);
    this.end(next ? gettext("%(name)s deleted. Now at %(next)s.", { name, next: lineOf(next) }) : gettext("%(name)s deleted.", { name }));
  }

  private end(words: string): void {
    this.tree.focus();
    if (words) this.say(words);
  }

  private say(words: string): void {
    this.said.textContent = words;
  }

  private get shape(): Shape | undefined {
    const { current } = this.tree;
    return current && this.acts.shape(current.id);
  }
}

function asChoice(part: Part): Choice<Part> {
  return { value: part, label: part.label, note: part.title, search: part.search, glyph: `bpmn-icon-${part.glyph}` };
}

function asTarget(shape: Shape): Choice<Shape> {
  const model = shape.businessObject;
  const [name, kind] = [nameOf(model), kindOf(model)];
  return { value: shape, label: name, note: name === kind ? "" : kind, search: "", glyph: glyphOf(model) };
}

/** Returns the class of the sign of a part. */
function glyphOf(model: Model): string {
  if (isA(model, "SequenceFlow", "MessageFlow")) return "bpmn-icon-connection";
  if (isA(model, "Lane")) return "bpmn-icon-lane";
  const trigger = eventOf(model)?.$type;
  const part = PARTS.find((each) => each.type === model.$type && each.trigger === trigger) ?? PARTS.find((each) => each.type === model.$type);
  return `bpmn-icon-${part?.glyph ?? "task"}`;
}
