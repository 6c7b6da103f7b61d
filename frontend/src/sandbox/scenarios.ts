/** The scenarios of the process: kept trials, which are played again before each review. */
import { call } from "../api/client";
import { h, icon } from "../ui/dom";
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";
import type { Outcomes, SavedScenario, Scenario } from "./shapes";

export class Scenarios {
  private readonly list = h("ul", { class: "checks" });
  private readonly verdict = h("span", { role: "status" });
  private readonly all = h("button", { type: "button", class: "btn btn--small" }, icon("play"), gettext("Run all"));
  private saved: SavedScenario[] = [];
  private outcomes: Outcomes | null = null;

  constructor(
    host: HTMLElement,
    private readonly url: string,
    private readonly open: (scenario: Scenario) => void,
  ) {
    this.all.addEventListener("click", () => void this.runAll());
    host.append(
      h(
        "section",
        { class: "panel-section", "aria-label": gettext("Scenarios") },
        h("div", { class: "section-head" }, h("h2", {}, gettext("Scenarios")), this.verdict),
        h("p", { class: "hint" }, gettext("Kept trials of this process. They run again when a review is asked for.")),
        this.list,
        h("div", { class: "form-acts" }, this.all),
      ),
    );
  }

  async load(): Promise<void> {
    this.saved = (await call<{ scenarios: SavedScenario[] }>("GET", `${this.url}/scenarios`)).scenarios;
    this.show();
  }

  async keep(name: string, scenario: Scenario): Promise<void> {
    await call("POST", `${this.url}/scenarios`, { body: { name, scenario } });
    this.outcomes = null;
    await this.load();
    toast(gettext("Kept “%(name)s”", { name }));
  }

  private async remove(one: SavedScenario): Promise<void> {
    await call("DELETE", `${this.url}/scenarios/${one.id}`);
    this.outcomes = null;
    await this.load();
  }

  private async runAll(): Promise<void> {
    this.all.setAttribute("aria-busy", "true");
    try {
      this.outcomes = await call<Outcomes>("POST", `${this.url}/scenarios/run`);
    } catch (reason) {
      toast(reason instanceof Error ? reason.message : String(reason), "error");
    } finally {
      this.all.removeAttribute("aria-busy");
    }
    this.show();
  }

  private show(): void {
    const { outcomes } = this;
    this.all.disabled = this.saved.length === 0;
    this.verdict.textContent = outcomes ? gettext("%(passed)s of %(count)s pass", { passed: outcomes.passed, count: outcomes.count }) : "";
    this.list.replaceChildren(...this.saved.map((one) => this.row(one)));
    this.list.hidden = this.saved.length === 0;
  }

  private row(one: SavedScenario): HTMLElement {
    const outcome = this.outcomes?.outcomes.find((each) => each.name === one.name);
    const sign = outcome ? (outcome.passed ? "check" : "x") : "flag";
    const remove = h("button", { type: "button", class: "btn-link", "aria-label": gettext("Remove “%(name)s”", { name: one.name }), onclick: () => void this.remove(one) }, gettext("Remove"));
    const name = h("button", { type: "button", class: "btn-link", onclick: () => this.open(one.scenario) }, one.name);
    const words = outcome && !outcome.passed ? h("span", { class: "detail" }, outcome.words.join(" ")) : null;
    return h("li", { class: outcome ? (outcome.passed ? "is-ok" : "is-bad") : "" }, icon(sign), h("span", {}, name), remove, words);
  }
}
