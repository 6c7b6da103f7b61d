/** The tree on the page: rows, one of which is in the order of Tab, and the keys that move among them. */
import type { Model } from "../../bpmn/elements";
import { h, icon } from "../../ui/dom";
import { gettext } from "../../ui/words";
import type { Item } from "./order";
import { asideOf, lineOf, spokenOf } from "./words";
import { moveOf, neighbours, pathTo, type Row, rowsOf, typedTo } from "./walk";

export interface Asked {
  /** Somebody went to an item. */
  onGo: (id: string) => void;
  /** A key that is not the tree's own; tells whether it did something. */
  onKey: (event: KeyboardEvent, id: string) => boolean;
  glyphOf: (model: Model) => string;
}

/** For how long letters make one word. */
const TYPING_MS = 700;

export class Tree {
  readonly list = h("ul", { class: "outline-tree", role: "tree" });
  private items: readonly Item[] = [];
  private rows: Row[] = [];
  private readonly folded = new Set<string>();
  /** The item in the order of Tab. */
  private at = "";
  private selected: string | null = null;
  private typed = "";
  private typedAt = 0;

  constructor(private readonly asked: Asked) {
    this.list.setAttribute("aria-label", gettext("Outline"));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.click(event));
  }

  get current(): Item | undefined {
    return this.rows.find((row) => row.item.id === this.at)?.item;
  }

  /** Shows other items. Where the one stood on is gone, its neighbour is stood on; returns its id. */
  show(items: readonly Item[]): string {
    const near = neighbours(this.rows, this.at);
    this.items = items;
    this.rows = rowsOf(items, this.folded);
    const there = (id: string) => this.rows.some((row) => row.item.id === id);
    if (!there(this.at)) this.at = near.find(there) ?? this.rows[0]?.item.id ?? "";
    this.draw();
    return this.at;
  }

  /** Marks what is selected in the drawing; opens what it lies in. */
  mark(id: string | null): void {
    this.selected = id;
    const path = id === null ? null : pathTo(this.items, id);
    if (id !== null && path) {
      this.at = id;
      if (path.filter((each) => this.folded.delete(each)).length) return this.refold();
    }
    this.paint();
  }

  focus(): void {
    (this.element(this.at) ?? this.list).focus();
  }

  /** Puts a field for the name into the row stood on; the name comes when it is left, null when it is given up. */
  askName(name: string, done: (name: string | null) => void): void {
    const row = this.element(this.at);
    if (!row) return;
    const field = h("input", { class: "input outline-rename", type: "text", value: name, "aria-label": gettext("Name"), autocomplete: "off" });
    let open = true;
    const end = (text: string | null) => {
      if (!open) return;
      open = false;
      field.remove();
      done(text);
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") end(field.value.trim());
      else if (event.key === "Escape") end(null);
    });
    field.addEventListener("blur", () => end(field.value.trim()));
    row.append(field);
    field.select();
  }

  private refold(): void {
    this.rows = rowsOf(this.items, this.folded);
    if (!this.rows.some((row) => row.item.id === this.at)) this.at = pathTo(this.items, this.at)?.find((id) => this.folded.has(id)) ?? "";
    this.draw();
  }

  private draw(): void {
    const hadFocus = this.list.contains(document.activeElement);
    this.list.replaceChildren(...this.rows.map((row) => this.row(row)));
    // Bare paper is stood on as well: its first part is made from here.
    this.list.tabIndex = this.rows.length ? -1 : 0;
    this.paint();
    if (hadFocus) this.focus();
  }

  private row({ item, level, position, size }: Row): HTMLElement {
    const open = item.children.length ? String(!this.folded.has(item.id)) : null;
    const aside = asideOf(item);
    const row = h(
      "li",
      { class: "outline-row", role: "treeitem", "data-item": item.id, "aria-label": spokenOf(item), "aria-level": level, "aria-posinset": position, "aria-setsize": size, "aria-expanded": open },
      h("span", { class: "outline-fold", "data-fold": open !== null }),
      h("span", { class: `outline-glyph ${this.asked.glyphOf(item.model)}` }),
      h("span", { class: "outline-name" }, lineOf(item)),
      aside !== "" && h("span", { class: "outline-aside" }, item.elsewhere ? icon("right") : null, aside),
    );
    row.style.setProperty("--level", String(level));
    return row;
  }

  private paint(): void {
    for (const row of this.list.querySelectorAll<HTMLElement>("[data-item]")) {
      const id = row.dataset["item"] ?? "";
      row.tabIndex = id === this.at ? 0 : -1;
      row.setAttribute("aria-selected", String(id === this.selected));
    }
    this.element(this.at)?.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    const isLetter = event.key.length === 1 && event.key !== " " && event.key !== "?" && !event.ctrlKey && !event.metaKey && !event.altKey;
    const move = moveOf(event.key, this.rows, this.at, this.folded);
    // Moving on, or Escape, ends the word that was being typed.
    if (move || event.key === "Escape") this.typed = "";
    if (move) this.move(move);
    else if (isLetter && (event.shiftKey || this.isTyping(event))) this.type(event);
    else if (!this.asked.onKey(event, this.at)) {
      if (!isLetter) return;
      this.type(event);
    }
    event.preventDefault();
    // Letters are the tree's here, not the page's.
    event.stopPropagation();
  }

  private isTyping(event: KeyboardEvent): boolean {
    return this.typed !== "" && event.timeStamp - this.typedAt < TYPING_MS;
  }

  private type(event: KeyboardEvent): void {
    this.typed = (this.isTyping(event) ? this.typed : "") + event.key;
    this.typedAt = event.timeStamp;
    const found = typedTo(this.typed, this.rows, this.at, lineOf);
    if (found !== null) this.go(found);
  }

  private move(move: { go: string } | { fold: string } | { unfold: string }): void {
    if ("go" in move) return this.go(move.go);
    if ("fold" in move) this.folded.add(move.fold);
    else this.folded.delete(move.unfold);
    this.refold();
  }

  private go(id: string): void {
    this.at = id;
    this.paint();
    this.focus();
    this.asked.onGo(id);
  }

  private click(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    const id = target?.closest<HTMLElement>("[data-item]")?.dataset["item"];
    if (id === undefined || target?.closest("input")) return;
    if (target?.closest("[data-fold]")) this.move(this.folded.has(id) ? { unfold: id } : { fold: id });
    else this.go(id);
  }

  private element(id: string): HTMLElement | null {
    return this.list.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"]`);
  }
}
