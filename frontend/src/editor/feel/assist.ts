/** Help beside an expression while it is written: what can come next, what is wrong, what it comes to. */
import { call, Refused } from "../../api/client";
import { type Model, nameOf } from "../../bpmn/elements";
import { h, icon } from "../../ui/dom";
import { gettext } from "../../ui/words";
import { DRAWN, LEAVING } from "../panel/focus";
import { type Completion, complete } from "./completion";
import { knownAfter, knownBefore, type Variable } from "./known";
import type { Sample } from "./sample";
import { editSample } from "./sample-dialog";

interface Trial {
  mistake: { sentence: string; line: number; column: number } | null;
  value: string | null;
  kind: string;
  unknown: string[];
  doubts: string[];
  warnings: string[];
}

type Control = HTMLInputElement | HTMLTextAreaElement;

const AFTER_TYPING = 350;
/** Fields whose expression is evaluated once the part is done. */
const AFTERWARDS = /^(outputParameters-|collect-element|collected-element|again-while|each-until|enough)/;

/** Watches the expressions of a panel. One is helped at a time: the one that is being written. */
export class Assist {
  private readonly list = h("ul", { class: "feel-offers", id: "feel-offers", role: "listbox", "aria-label": gettext("What can be written here"), hidden: true });
  private readonly told = h("div", { class: "feel-told", role: "status" });
  private readonly box = h("div", { class: "feel" }, this.list, this.told);
  private control: Control | null = null;
  private completion: Completion | null = null;
  private chosen = 0;
  private timer = 0;
  private asked = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly url: string,
    private readonly sample: Sample,
    private readonly shown: () => Model | null,
  ) {
    host.addEventListener("focusin", (event) => this.begin(event.target));
    host.addEventListener("focusout", (event) => this.end(event.relatedTarget));
    host.addEventListener("input", (event) => event.target === this.control && this.typed());
    host.addEventListener("keydown", (event) => event.target === this.control && this.key(event), true);
    host.addEventListener(LEAVING, () => this.comeAlong());
  }

  /** Whoever stands in the help stands there after a drawing as well, beside the field that is now the field. */
  private comeAlong(): void {
    const [inside, field] = [document.activeElement, this.control?.dataset["field"]];
    if (!(inside instanceof HTMLElement) || !this.box.contains(inside) || field === undefined) return;
    const settle = (): void => {
      const control = this.host.querySelector(`[data-field="${CSS.escape(field)}"]`);
      if (!isControl(control)) return;
      this.attach(control);
      inside.focus({ preventScroll: true });
    };
    this.host.addEventListener(DRAWN, settle, { once: true });
  }

  private begin(target: EventTarget | null): void {
    if (!isControl(target) || target.dataset["feel"] === undefined || target.readOnly) return;
    this.attach(target);
    this.told.replaceChildren();
    this.hide();
    this.plan(0);
  }

  private attach(control: Control): void {
    this.control = control;
    control.setAttribute("aria-autocomplete", "list");
    control.setAttribute("aria-controls", "feel-offers");
    // A text of several lines stays a text field: HTML lets it be nothing else.
    if (control instanceof HTMLInputElement) control.setAttribute("role", "combobox");
    (control.closest(".line") ?? control).after(this.box);
  }

  private end(next: EventTarget | null): void {
    // A click into the help is no leaving.
    if (next instanceof Node && this.box.contains(next)) return;
    this.control = null;
    this.hide();
    this.box.remove();
  }

  private typed(): void {
    this.offer(false);
    this.plan(AFTER_TYPING);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === " " && event.ctrlKey) this.offer(true);
    else if (!this.completion) return;
    else if (event.key === "ArrowDown") this.choose(this.chosen + 1);
    else if (event.key === "ArrowUp") this.choose(this.chosen - 1);
    else if (event.key === "Enter") this.take(this.chosen);
    else if (event.key === "Escape") this.hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Unasked, something is offered once a word or a path is begun. */
  private offer(isAsked: boolean): void {
    const control = this.control;
    if (!control || expressionIn(control) === null) return this.hide();
    const variables = this.variables();
    const named = variables.map(({ name, from }) => ({ name, told: nameOf(from) }));
    const caret = control.selectionStart ?? control.value.length;
    this.completion = complete(control.value, caret, named, this.sample.for(variables));
    const isBegun = this.completion !== null && (this.completion.from < caret || control.value[caret - 1] === ".");
    if (!this.completion || !(isAsked || isBegun)) return this.hide();
    this.list.replaceChildren(...this.completion.offers.map((each, index) => this.row(each.text, each.told, index)));
    this.list.hidden = false;
    this.expanded(true);
    this.choose(0);
  }

  private row(text: string, told: string, index: number): HTMLElement {
    const row = h("li", { role: "option", id: `feel-offer-${index}` }, h("code", {}, text), h("span", { class: "muted" }, told));
    row.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.take(index);
    });
    return row;
  }

  private choose(index: number): void {
    const rows = [...this.list.children];
    this.chosen = (index + rows.length) % rows.length;
    for (const [at, row] of rows.entries()) row.setAttribute("aria-selected", String(at === this.chosen));
    rows[this.chosen]?.scrollIntoView({ block: "nearest" });
    this.control?.setAttribute("aria-activedescendant", `feel-offer-${this.chosen}`);
  }

  private take(index: number): void {
    const [control, offer] = [this.control, this.completion?.offers[index]];
    if (!control || !offer || !this.completion) return;
    const end = control.selectionStart ?? control.value.length;
    control.setRangeText(offer.text, this.completion.from, end, "end");
    const caret = this.completion.from + offer.text.length - offer.back;
    control.setSelectionRange(caret, caret);
    this.hide();
    this.plan(AFTER_TYPING);
  }

  private hide(): void {
    this.completion = null;
    this.list.hidden = true;
    this.expanded(false);
    this.control?.removeAttribute("aria-activedescendant");
  }

  private expanded(isOpen: boolean): void {
    if (this.control instanceof HTMLInputElement) this.control.setAttribute("aria-expanded", String(isOpen));
  }

  private plan(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.attempt(), milliseconds);
  }

  private async attempt(): Promise<void> {
    const control = this.control;
    const text = control && expressionIn(control);
    if (!control || text === null || !text.trim()) return this.told.replaceChildren();
    this.asked += 1;
    const turn = this.asked;
    const sample = this.sample.for(this.variables());
    try {
      const trial = await call<Trial>("POST", `${this.url}/expressions`, { body: { text, sample } });
      if (turn === this.asked && control === this.control) this.tell(trial);
    } catch (error) {
      // Without an answer nothing is told; saving judges the expression anyway.
      if (turn === this.asked) this.told.replaceChildren(error instanceof Refused && error.status === 429 ? error.message : "");
    }
  }

  private tell({ mistake, value, kind, unknown, doubts, warnings }: Trial): void {
    const names = new Set(this.variables().map((each) => each.name));
    const strange = unknown.filter((name) => !names.has(name));
    const doubt = strange.length ? gettext("Nothing before this step sets %(names)s.", { names: strange.join(", ") }) : (doubts[0] ?? (value === "null" ? warnings[0] : undefined));
    this.told.replaceChildren(
      ...(mistake ? [h("p", { class: "feel-mistake" }, icon("x"), mistake.sentence)] : []),
      ...(!mistake && doubt ? [h("p", { class: "feel-doubt" }, icon("warn"), doubt)] : []),
      h("p", { class: "feel-result" }, ...(mistake ? [] : [gettext("With the sample:"), " ", h("code", {}, value ?? ""), h("span", { class: "muted" }, ` ${kind}`)]), this.sampleButton()),
    );
  }

  private sampleButton(): HTMLElement {
    return h("button", { type: "button", class: "link", onclick: () => this.editSample() }, gettext("Sample data"));
  }

  private editSample(): void {
    const control = this.control;
    editSample(this.sample.for(this.variables()), (values) => {
      this.sample.keep(values);
      control?.focus();
      this.plan(0);
    });
  }

  private variables(): Variable[] {
    const model = this.shown();
    if (!model) return [];
    return AFTERWARDS.test(this.control?.dataset["field"] ?? "") ? knownAfter(model) : knownBefore(model);
  }
}

/** Returns the expression in a field, or null where its text is none. */
function expressionIn(control: Control): string | null {
  const text = control.value;
  const marked = /^\s*=/.exec(text);
  if (marked) return text.slice(marked[0].length);
  return control.dataset["feel"] === "always" ? text : null;
}

function isControl(target: EventTarget | null): target is Control {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
