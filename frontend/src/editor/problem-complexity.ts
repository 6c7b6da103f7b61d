/** How hard the drawing is to read: measures of each level, with the limits that were set. */
import { call } from "../api/client";
import type { Complexity } from "../api/shapes";
import { h } from "../ui/dom";
import { gettext } from "../ui/words";

export class ComplexityView {
  readonly element = h("div", { class: "complexity", hidden: true });

  constructor(
    private readonly url: string,
    /** Offers a part of a level for a sub-process; null where nobody may edit. */
    private readonly extract: ((level: string) => void) | null,
  ) {}

  /** Measures what was saved last, and shows it. */
  async show(): Promise<void> {
    this.element.hidden = false;
    const told = await call<Complexity>("GET", `${this.url}/complexity`);
    this.element.replaceChildren(...told.levels.map((level) => this.level(level, told.beside)), h("p", { class: "hint" }, told.beside.sentence));
  }

  hide(): void {
    this.element.hidden = true;
  }

  private level(level: Complexity["levels"][number], beside: Complexity["beside"]): HTMLElement {
    const extract = this.extract;
    const others = beside.state === "told" && level.level === "";
    const head = h("thead", {}, h("tr", {}, ...[gettext("Measure"), gettext("Here"), gettext("At most"), ...(others ? [beside.name] : [])].map((word, at) => h("th", { scope: "col", class: at ? "num" : "" }, word))));
    const rows = level.measures.map((one) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, one.words),
        h("td", { class: `num${one.above ? " bad" : ""}` }, one.value),
        h("td", { class: "num muted" }, one.limit),
        others && h("td", { class: "num muted" }, one.other),
      ),
    );
    return h(
      "section",
      {},
      h("div", { class: "section-head" }, h("h3", {}, level.name), extract && h("button", { type: "button", class: "btn btn--small", onclick: () => extract(level.level) }, gettext("Extract a sub-process"))),
      h("table", { class: "table table--dense" }, head, h("tbody", {}, ...rows)),
    );
  }
}
