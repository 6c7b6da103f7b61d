/** The left side: where a trial begins and with what, and what the outside answers. */
import { h } from "../ui/dom";
import { gettext } from "../ui/words";
import { type Answer, answerOf, type Mode, readObject, stubOf, usual } from "./answers";
import type { Asked, Facts, Scenario, Start, Stub, Values } from "./shapes";
import { typedIn } from "./tasks";

const MODES: Record<Mode, string> = {
  sample: gettext("Answers with the sample"),
  TRANSIENT: gettext("Fails for a while"),
  PERMANENT: gettext("Fails for good"),
  ENVIRONMENTAL: gettext("Cannot be reached from here"),
  error: gettext("Ends with an error of the model"),
};

interface Hooks {
  /** Begins a trial anew. */
  begin: () => void;
  /** An answer changed: what was tried is tried again. */
  changed: () => void;
}

export class Inputs {
  private readonly answers = new Map<string, Answer>();
  private readonly start = h("select", { id: "start-at" });
  private readonly form = h("form", { class: "sandbox-form", novalidate: true });
  /** Where the scenarios go. */
  readonly between = h("div");
  private readonly cards = h("div", { class: "sandbox-cards" });

  constructor(
    host: HTMLElement,
    private readonly facts: Facts,
    private readonly hooks: Hooks,
  ) {
    for (const asked of facts.outside) this.answers.set(asked.key, usual(asked));
    this.start.append(...facts.starts.map((one) => h("option", { value: one.element }, one.name)));
    this.start.addEventListener("change", () => this.showStart());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.hooks.begin();
    });
    const several = h("div", { class: "field", hidden: facts.starts.length < 2 }, h("label", { for: "start-at" }, gettext("Begins at")), this.start);
    const words = facts.outside.length ? gettext("No call leaves the sandbox. Say here what each would bring.") : gettext("This process asks nothing of other systems.");
    host.append(
      h("div", { class: "panel-section" }, h("div", { class: "section-head" }, h("h2", {}, gettext("Start"))), several, this.form),
      this.between,
      h("div", { class: "panel-section" }, h("div", { class: "section-head" }, h("h2", {}, gettext("Answers from outside")), h("span", {}, String(facts.outside.length))), h("p", { class: "hint" }, words), this.cards),
    );
    this.showStart();
    this.showCards();
  }

  get chosen(): Start | undefined {
    return this.facts.starts.find((one) => one.element === this.start.value);
  }

  /** Returns what was typed into the start form; null where the start has none. */
  get typed(): Record<string, string[]> | null {
    return this.chosen?.form ? typedIn(this.form) : null;
  }

  /** Returns what is sent without a form. Throws SyntaxError where it is no object. */
  get values(): Values {
    const field = this.form.querySelector<HTMLTextAreaElement>("#start-values");
    return field ? readObject(field.value) : {};
  }

  /** Returns the answers as a scenario holds them. Throws SyntaxError where a sample is none. */
  get jobs(): Record<string, Stub | Stub[]> {
    return Object.fromEntries([...this.answers].map(([key, answer]) => [key, stubOf(answer)]));
  }

  /** Shows what a scenario begins with. */
  load(scenario: Scenario): void {
    for (const asked of this.facts.outside) this.answers.set(asked.key, answerOf(scenario.jobs?.[asked.key], asked));
    if (scenario.element) this.start.value = scenario.element;
    this.showStart(scenario.variables);
    this.showCards();
  }

  /** Draws the start form anew: with what does not fit, or as it was handed in. */
  redraw(html: string, values: Values): void {
    const body = this.form.querySelector("[data-form]");
    if (!body || !this.chosen?.form) return;
    body.replaceChildren(document.createRange().createContextualFragment(html || this.chosen.html));
    if (!html) for (const [name, value] of Object.entries(values)) fill(this.form, name, value);
  }

  private showStart(values: Values = {}): void {
    const begin = h("button", { class: "btn btn--primary" }, gettext("Begin the trial"));
    const body = h("div", { "data-form": true });
    const start = this.chosen;
    // Our own server's page part, escaped there as every template is.
    if (start?.form) body.append(document.createRange().createContextualFragment(start.html));
    else {
      const text = h("textarea", { id: "start-values", class: "input input--mono", rows: 4, spellcheck: "false" }, JSON.stringify(values, null, 2));
      body.append(h("div", { class: "field" }, h("label", { for: "start-values" }, gettext("Variables, as JSON")), text));
    }
    this.form.replaceChildren(body, h("div", { class: "form-acts" }, begin));
    for (const [name, value] of Object.entries(values)) fill(this.form, name, value);
  }

  private showCards(): void {
    this.cards.replaceChildren(...this.facts.outside.map((asked) => this.card(asked)));
  }

  private card(asked: Asked): HTMLElement {
    const answer = this.answers.get(asked.key) ?? usual(asked);
    const id = `answer-${asked.key.replaceAll(/\W+/g, "-")}`;
    const modes = (Object.keys(MODES) as Mode[]).map((mode) => h("option", { value: mode, selected: mode === answer.mode }, MODES[mode]));
    const mode = h("select", { id, class: "input", "aria-label": gettext("What %(name)s gets", { name: asked.name }) }, ...modes);
    const details = h("div", { class: "sandbox-answer" });
    const set = (change: Partial<Answer>, shows = false): void => {
      Object.assign(answer, change);
      if (shows) details.replaceChildren(...fields(id, answer, set));
      this.hooks.changed();
    };
    mode.addEventListener("change", () => set({ mode: mode.value as Mode }, true));
    details.replaceChildren(...fields(id, answer, set));
    return h("div", { class: "sandbox-card", "data-element": asked.element }, h("div", { class: "section-head" }, h("h3", {}, asked.name), h("code", { class: "key" }, asked.job_type)), h("div", { class: "field" }, mode), details);
  }
}

type Set = (change: Partial<Answer>, shows?: boolean) => void;

/** Draws what there is to say of an answer besides its kind. */
function fields(id: string, answer: Answer, set: Set): HTMLElement[] {
  if (answer.mode === "error") return [field(`${id}-code`, gettext("Error code"), input(`${id}-code`, answer.code, (code) => set({ code })))];
  const sample = h("textarea", { id: `${id}-sample`, class: "input input--mono", rows: 6, spellcheck: "false" }, answer.sample);
  const wrong = h("p", { class: "error", hidden: true }, gettext("This is no JSON object."));
  sample.addEventListener("change", () => {
    wrong.hidden = isObject(sample.value);
    if (wrong.hidden) set({ sample: sample.value });
  });
  const shown = h("details", { class: "fold" }, h("summary", {}, gettext("Sample")), h("div", { class: "fold-body" }, field(`${id}-sample`, gettext("Result, as JSON"), sample), wrong));
  if (answer.mode === "sample") return [shown];
  const times = h("input", { id: `${id}-times`, class: "input", type: "number", min: 1, max: 100, value: answer.times });
  times.addEventListener("change", () => set({ times: Math.max(1, Number(times.value) || 1) }));
  const cause = input(`${id}-cause`, answer.cause, (words) => set({ cause: words }));
  const again = field(`${id}-times`, gettext("How often in a row"), times);
  return [...(answer.mode === "PERMANENT" ? [] : [again]), field(`${id}-cause`, gettext("What is said of it"), cause), shown];
}

function input(id: string, value: string, change: (value: string) => void): HTMLInputElement {
  const made = h("input", { id, class: "input", value, autocomplete: "off" });
  made.addEventListener("change", () => change(made.value.trim()));
  return made;
}

function field(id: string, label: string, control: HTMLElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}

function isObject(text: string): boolean {
  try {
    return Boolean(readObject(text));
  } catch {
    return false;
  }
}

/** Puts a value of a scenario into the field of a form that is called so. */
function fill(form: HTMLElement, name: string, value: unknown): void {
  const found = form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[name="v.${CSS.escape(name)}"]`);
  for (const control of found) {
    if (control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio")) control.checked = [value].flat().map(String).includes(control.value);
    else control.value = String(value ?? "");
  }
}
