/** The decision editor: the table, what its analysis finds on the rows, and a row to try it with. */
import { call, Refused } from "../api/client";
import { FileKeeper, type OpenedFile } from "../files/keeper";
import { h, icon, ready } from "../ui/dom";
import { gettext, ngettext } from "../ui/words";
import { type DmnViews, openViews, type View } from "./modeler";
import { type Asked, field, typedValue } from "./tries";

interface OpenedDecision extends OpenedFile {
  xml: string;
}

interface Finding {
  kind: "conflict" | "gap" | "note";
  rules: number[];
  sentence: string;
}

interface Problem {
  severity: "error" | "warning";
  message: string;
  hint: string;
  node: string | null;
  row: number | null;
}

interface Analysis {
  problems: Problem[];
  tables: { decision: string; table: string | null; findings: Finding[] }[];
  decisions: { id: string; inputs: Asked[] }[];
}

interface Tried {
  text: string;
  decisions: { id: string; name: string; text: string; rules: { table: string; rule: number; outputs: string[] }[] }[];
  warnings: string[];
}

const AFTER_TYPING = 350;
const VIEW_WORDS: Record<View["type"], string> = {
  drd: gettext("Diagram"),
  decisionTable: gettext("Table"),
  literalExpression: gettext("Expression"),
  boxedExpression: gettext("Expression"),
};

export async function mountDecisionEditor(root: HTMLElement): Promise<void> {
  const opened = await call<OpenedDecision>("GET", root.dataset["url"] ?? "");
  const mayEdit = root.dataset["mayEdit"] === "1";
  const host = h("div", { class: "decider-host" });
  root.append(host);
  const views = await openViews(host, mayEdit);
  const editor = new DecisionEditor(root, host, views, opened, mayEdit);
  await editor.start();
  ready();
}

class DecisionEditor {
  private readonly url: string;
  private readonly keeper: FileKeeper;
  private readonly trial = h("section", { class: "decider-try", "aria-label": gettext("Try it") });
  private readonly fields = h("div", { class: "decider-inputs" });
  private readonly answer = h("div", { class: "decider-answer", role: "status" });
  private readonly list = h("ul", { class: "decider-findings" });
  private readonly heading = h("h2", {}, gettext("Findings"));
  private analysis: Analysis = { problems: [], tables: [], decisions: [] };
  private matched: { table: string; rule: number }[] = [];
  private shownInputs = "";
  private timer = 0;
  private turn = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly host: HTMLElement,
    private readonly views: DmnViews,
    private readonly opened: OpenedDecision,
    private readonly mayEdit: boolean,
  ) {
    this.url = root.dataset["url"] ?? "";
    this.keeper = new FileKeeper(this.url, "xml", opened, root, {
      write: async () => (await views.saveXML({ format: true })).xml,
      onSaved: () => void this.analyse(),
    });
    if (mayEdit) views.on("viewer.created", ({ viewer }) => viewer.on("commandStack.changed", () => this.edited()));
    views.on("views.changed", () => this.showViews());
  }

  async start(): Promise<void> {
    this.trial.append(h("h2", {}, gettext("Try it")), this.fields, icon("right"), this.answer);
    const found = h("section", { class: "decider-list", "aria-label": gettext("Findings") }, this.heading, this.list);
    this.root.append(...(this.mayEdit ? [this.trial] : []), found);
    await this.views.importXML(this.opened.xml);
    const table = this.views.getViews().find((view) => view.type !== "drd");
    if (table) await this.views.open(table);
    this.keeper.offerLeft(this.opened.xml, (xml) => void this.views.importXML(xml));
    // The vendor draws rows anew as it likes; what is said of them is put on again.
    new MutationObserver(() => this.mark()).observe(this.host, { childList: true, subtree: true });
    this.fields.addEventListener("input", () => this.tryLater());
    this.showViews();
    await this.analyse();
  }

  private edited(): void {
    this.keeper.edited();
    window.clearTimeout(this.timer);
    // What is judged and tried is what is saved; somebody who looks at a row wants to know soon.
    this.timer = window.setTimeout(() => void this.keeper.save(), 2 * AFTER_TYPING);
  }

  private showViews(): void {
    const slot = document.querySelector<HTMLElement>('[data-slot="views"]');
    const active = this.views.getActiveView();
    const buttons = this.views.getViews().map((view) =>
      h("button", { type: "button", class: "btn", "aria-pressed": String(view.element.id === active?.element.id), onclick: () => void this.open(view) }, view.type === "drd" ? VIEW_WORDS.drd : `${VIEW_WORDS[view.type]}: ${view.name ?? view.id}`),
    );
    slot?.replaceChildren(...buttons);
    this.showInputs();
    this.showFindings();
    this.mark();
  }

  private async open(view: View): Promise<void> {
    await this.views.open(view);
    if (view.type === "drd") this.views.getActiveViewer().get("canvas").zoom("fit-viewport", "auto");
    this.showViews();
  }

  private get decision(): string {
    const view = this.views.getActiveView();
    const shown = this.analysis.decisions.find((one) => one.id === view?.element.id);
    return (shown ?? this.analysis.decisions[0])?.id ?? "";
  }

  private async analyse(): Promise<void> {
    try {
      this.analysis = await call<Analysis>("GET", `${this.url}/analysis`);
    } catch (error) {
      this.say(error);
      return;
    }
    this.showInputs();
    this.showFindings();
    this.mark();
    void this.tryNow();
  }

  private showInputs(): void {
    const inputs = this.analysis.decisions.find((one) => one.id === this.decision)?.inputs ?? [];
    const told = JSON.stringify(inputs);
    if (told === this.shownInputs) return;
    this.shownInputs = told;
    const kept = new Map([...this.fields.querySelectorAll<HTMLInputElement>("[name]")].map((each) => [each.name, each.value]));
    this.fields.replaceChildren(...inputs.map((one) => field(one, kept.get(one.name) ?? "")));
    if (!inputs.length) this.fields.replaceChildren(h("p", { class: "hint" }, gettext("It reads nothing.")));
  }

  private showFindings(): void {
    const active = this.views.getActiveView();
    const findings = this.analysis.tables.filter((one) => active?.type === "drd" || one.decision === active?.element.id).flatMap((one) => one.findings);
    const rows = [
      ...this.analysis.problems.map((one) => this.finding(one.severity === "error" ? "error" : "note", `${one.message} ${one.hint}`, one.row ? [one.row] : [])),
      ...findings.map((one) => this.finding(one.kind, one.sentence, one.rules)),
    ];
    this.heading.textContent = rows.length ? ngettext("%(count)s finding", "%(count)s findings", rows.length) : gettext("Findings");
    this.list.replaceChildren(...(rows.length ? rows : [h("li", { class: "decider-fine" }, icon("check"), gettext("Every input meets a rule, and no rule is in the way of another."))]));
  }

  private finding(kind: Finding["kind"] | "error", sentence: string, rules: number[]): HTMLElement {
    const words = { error: gettext("Error"), conflict: gettext("Conflict"), gap: gettext("Gap"), note: gettext("Note") };
    const button = h("button", { type: "button", class: "decider-finding", onclick: () => this.reveal(rules) }, h("span", { class: `tag finding--${kind}` }, words[kind]), h("span", {}, sentence));
    return h("li", {}, button);
  }

  private reveal(rules: number[]): void {
    const cell = this.cellOf(rules[0] ?? 0);
    cell?.scrollIntoView({ block: "nearest" });
    for (const rule of rules) this.cellOf(rule)?.closest("tr")?.animate([{ opacity: 0.3 }, { opacity: 1 }], 600);
  }

  /** Puts what is said of rules on their rows: a sign before the number, and what matched. */
  private mark(): void {
    const view = this.views.getActiveView();
    if (view?.type !== "decisionTable") return;
    const table = this.analysis.tables.find((one) => one.decision === view.element.id);
    this.rows().forEach((_, index) => {
      const cell = this.cellOf(index + 1);
      const found = table?.findings.filter((one) => one.rules.includes(index + 1)) ?? [];
      const worst = found.some((one) => one.kind === "conflict") ? "conflict" : found.length ? "note" : "";
      const matches = this.matched.some((one) => one.rule === index + 1 && one.table === table?.table);
      if (!cell) return;
      set(cell, "data-finding", worst);
      set(cell, "title", found.map((one) => one.sentence).join("\n"));
      for (const each of cell.closest("tr")?.querySelectorAll("td") ?? []) each.classList.toggle("is-matched", matches);
    });
  }

  private rows(): { id: string }[] {
    return this.views.getActiveView()?.type === "decisionTable" ? this.views.getActiveViewer().get("sheet").getRoot().rows : [];
  }

  private cellOf(rule: number): HTMLElement | null {
    const row = this.rows()[rule - 1];
    return row ? this.host.querySelector<HTMLElement>(`td.rule-index[data-row-id="${CSS.escape(row.id)}"]`) : null;
  }

  private tryLater(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.tryNow(), AFTER_TYPING);
  }

  private async tryNow(): Promise<void> {
    if (!this.mayEdit) return;
    const turn = ++this.turn;
    const inputs = this.inputs();
    if (!Object.keys(inputs).length && this.fields.querySelector("[name]")) {
      this.matched = [];
      this.answer.replaceChildren(h("span", { class: "muted" }, gettext("Fill in an input to see which rules match.")));
      this.mark();
      return;
    }
    try {
      await this.keeper.save();
      const found = await call<Tried>("POST", `${this.url}/try`, { body: { decision: this.decision, inputs } });
      // Answers may overtake each other; the last question counts.
      if (turn === this.turn) this.tried(found);
    } catch (error) {
      if (turn === this.turn) this.say(error);
    }
  }

  private tried(found: Tried): void {
    this.matched = found.decisions.flatMap((one) => one.rules);
    const own = found.decisions.find((one) => one.id === this.decision)?.rules.map((one) => one.rule) ?? [];
    const which = own.length ? ngettext("rule %(rules)s matched", "rules %(rules)s matched", own.length, { rules: own.join(", ") }) : gettext("no rule matched");
    const warnings = found.warnings.map((one) => h("p", { class: "hint" }, one));
    this.answer.replaceChildren(h("code", { class: "decider-value" }, found.text), h("span", { class: "muted" }, which), ...warnings);
    this.mark();
  }

  private say(error: unknown): void {
    this.matched = [];
    const words = error instanceof Refused || error instanceof Error ? error.message : gettext("That did not work.");
    this.answer.replaceChildren(h("p", { class: "error" }, icon("warn"), h("span", {}, words)));
    this.mark();
  }

  private inputs(): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (const input of this.fields.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]")) {
      const value = typedValue(input.dataset["type"] ?? "", input.value);
      if (value !== undefined) found[input.name] = value;
    }
    return found;
  }
}

function set(cell: HTMLElement, name: string, value: string): void {
  if (value) cell.setAttribute(name, value);
  else cell.removeAttribute(name);
}
