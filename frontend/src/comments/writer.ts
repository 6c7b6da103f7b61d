/** A field for a comment: plain text, people named with @ from a list, sent by Ctrl+Enter. */
import { h, icon } from "../ui/dom";
import { gettext } from "../ui/words";
import type { Words } from "./desk";
import { begunName, namedIn, type Person } from "./threads";

export interface Writing {
  /** What the field is for: "About Deploy release", "Answer". */
  label: string;
  send: string;
  people: (name: string) => Promise<Person[]>;
  /** Sends; throws with a sentence, and the text stays. */
  onSend: (words: Words) => Promise<void>;
  onLeave?: () => void;
}

const LONGEST = 4000;
const AFTER_TYPING = 120;
let made = 0;

export class Writer {
  readonly element: HTMLFormElement;
  private readonly label: HTMLLabelElement;
  private readonly field: HTMLTextAreaElement;
  private readonly offers: HTMLUListElement;
  private readonly error = h("p", { class: "error", role: "alert", hidden: true });
  private readonly button: HTMLButtonElement;
  private readonly known = new Map<string, Person>();
  private offered: Person[] = [];
  private chosen = 0;
  private timer = 0;
  private asked = 0;

  constructor(private readonly writing: Writing) {
    made += 1;
    const id = `comment-${made}`;
    this.label = h("label", { for: id }, writing.label);
    this.offers = h("ul", { class: "comment-offers", id: `${id}-people`, role: "listbox", "aria-label": gettext("People"), hidden: true });
    // HTML lets a text of several lines be nothing but a text field; the list is told by reference.
    this.field = h("textarea", { id, class: "input", rows: 2, maxlength: LONGEST, "aria-autocomplete": "list", "aria-controls": this.offers.id, "aria-describedby": `${id}-hint` });
    this.button = h("button", { class: "btn btn--small", title: gettext("Ctrl Enter") }, icon("send"), writing.send);
    const hint = h("span", { class: "muted small", id: `${id}-hint` }, gettext("@ names people"));
    this.element = h("form", { class: "comment-writer" }, this.label, h("div", { class: "comment-field" }, this.field, this.offers), this.error, h("div", { class: "comment-acts" }, hint, this.button));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.hide());
  }

  /** Tells whether something is written that was not sent. */
  get isBegun(): boolean {
    return this.field.value.trim() !== "";
  }

  name(label: string): void {
    if (this.label.textContent !== label) this.label.textContent = label;
  }

  focus(): void {
    this.field.focus();
    this.element.scrollIntoView({ block: "nearest" });
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.send();
    else if (this.offered.length && event.key === "ArrowDown") this.choose(this.chosen + 1);
    else if (this.offered.length && event.key === "ArrowUp") this.choose(this.chosen - 1);
    else if (this.offered.length && (event.key === "Enter" || event.key === "Tab")) this.take(this.chosen);
    else if (this.offered.length && event.key === "Escape") this.hide();
    else if (event.key === "Escape" && this.writing.onLeave) this.writing.onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private typed(): void {
    this.error.hidden = true;
    clearTimeout(this.timer);
    const begun = begunName(this.field.value, this.field.selectionStart);
    if (begun) this.timer = window.setTimeout(() => void this.offer(begun.name), AFTER_TYPING);
    else this.hide();
  }

  private async offer(name: string): Promise<void> {
    this.asked += 1;
    const turn = this.asked;
    // Without an answer nobody is offered; the text can be sent all the same.
    const people = await this.writing.people(name).catch(() => []);
    if (turn !== this.asked || document.activeElement !== this.field) return;
    const isWhole = people.length === 1 && people[0]?.name === name.trim();
    this.offered = isWhole ? [] : people;
    for (const person of people) this.known.set(person.id, person);
    if (!this.offered.length) return this.hide();
    this.offers.replaceChildren(...this.offered.map((person, index) => this.row(person, index)));
    this.offers.hidden = false;
    this.choose(0);
  }

  private row(person: Person, index: number): HTMLElement {
    const row = h("li", { role: "option", id: `${this.offers.id}-${index}` }, h("span", { class: "avatar", "aria-hidden": "true" }, person.initials), person.name);
    row.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(index);
    });
    return row;
  }

  private choose(index: number): void {
    const rows = [...this.offers.children];
    this.chosen = (index + rows.length) % rows.length;
    for (const [at, row] of rows.entries()) row.setAttribute("aria-selected", String(at === this.chosen));
    rows[this.chosen]?.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", `${this.offers.id}-${this.chosen}`);
  }

  private take(index: number): void {
    const person = this.offered[index];
    const begun = begunName(this.field.value, this.field.selectionStart);
    if (person && begun) this.field.setRangeText(`@${person.name} `, begun.from, this.field.selectionStart, "end");
    this.hide();
  }

  private hide(): void {
    this.asked += 1;
    this.offered = [];
    this.offers.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  private async send(): Promise<void> {
    const text = this.field.value.trim();
    if (!text || this.button.getAttribute("aria-busy") === "true") return this.field.focus();
    const mentions = namedIn(text, this.known.values()).map((person) => person.id);
    this.hide();
    this.button.setAttribute("aria-busy", "true");
    try {
      await this.writing.onSend({ text, mentions });
      this.field.value = "";
    } catch (reason) {
      this.error.textContent = reason instanceof Error ? reason.message : String(reason);
      this.error.hidden = false;
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }
}
