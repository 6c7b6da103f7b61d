/** The form builder: a list of fields, the form as the server draws it, and what a field says. */
import { call, Refused } from "../api/client";
import { FileKeeper, type OpenedFile } from "../files/keeper";
import { h, icon, isTyping, ready } from "../ui/dom";
import { gettext, ngettext } from "../ui/words";
import { properties } from "./properties";
import { at, called, change, HOLDING, insert, KINDS, kindOf, make, move, neighbour, type Place, places, remove, type Schema } from "./schema";

interface OpenedForm extends OpenedFile {
  json: string;
}

interface Flaw {
  place: number[];
  sentence: string;
  severity: "error" | "warning";
}

interface Preview {
  html: string;
  flaws: Flaw[];
  values: Record<string, unknown> | null;
}

const AFTER_EDIT = 250;

export async function mountBuilder(root: HTMLElement): Promise<void> {
  const opened = await call<OpenedForm>("GET", root.dataset["url"] ?? "");
  const builder = new Builder(root, opened);
  await builder.start();
  ready();
}

class Builder {
  private schema: Schema;
  private chosen: Place = [];
  private flaws: Flaw[] = [];
  private timer = 0;
  private asked = 0;
  private readonly past: Schema[] = [];
  private readonly future: Schema[] = [];
  private readonly keeper: FileKeeper;
  private readonly mayEdit: boolean;
  private readonly list = h("ol", { class: "parts", role: "listbox", "aria-label": gettext("Fields, in the order in which they are shown"), tabindex: 0 });
  private readonly panel = h("aside", { class: "builder-panel", "aria-label": gettext("Properties") });
  private readonly paper = h("div", { class: "builder-sheet" });
  private readonly notes = h("div", { class: "builder-notes", "aria-live": "polite" });
  private readonly sample = h("textarea", { class: "input input--mono", rows: 4, id: "sample", spellcheck: "false" });

  constructor(
    private readonly root: HTMLElement,
    opened: OpenedForm,
  ) {
    this.mayEdit = root.dataset["mayEdit"] === "1";
    this.schema = JSON.parse(opened.json) as Schema;
    this.keeper = new FileKeeper(root.dataset["url"] ?? "", "json", opened, root, {
      write: () => Promise.resolve(this.text()),
      onSaved: () => undefined,
    });
    this.sample.value = localStorage.getItem(this.sampleName) ?? "{}";
  }

  async start(): Promise<void> {
    const side = h("section", { class: "builder-side", "aria-label": gettext("Fields") }, this.mayEdit ? this.palette() : null, this.list);
    const check = h("button", { type: "button", class: "btn btn--small", onclick: () => void this.draw(this.typed(), true) }, gettext("Check what is typed"));
    const known = h("details", { class: "fold" }, h("summary", {}, gettext("Sample data")), h("div", { class: "field" }, h("label", { for: "sample" }, gettext("Variables of a run, as JSON")), this.sample));
    const middle = h("section", { class: "builder-paper", "aria-label": gettext("Preview") }, h("div", { class: "builder-paper-head" }, h("h2", {}, gettext("As people see it")), this.mayEdit ? check : null), this.paper, this.notes, this.mayEdit ? known : null);
    this.root.append(side, middle, this.panel);
    this.keeper.offerLeft(this.text(), (text) => {
      this.schema = JSON.parse(text) as Schema;
      this.show();
    });
    this.listen();
    this.choose(places(this.schema.components)[0] ?? []);
    await this.draw();
  }

  private palette(): HTMLElement {
    const acts = KINDS.map((kind) => h("button", { type: "button", class: "kind", "data-kind": kind.type, draggable: "true", onclick: () => this.add(kind.type), ondragstart: (event: Event) => (event as DragEvent).dataTransfer?.setData("text/x-kind", kind.type) }, icon(kind.sign), kind.label));
    return h("details", { class: "fold builder-add", open: this.schema.components.length === 0 }, h("summary", {}, icon("plus"), gettext("Add a field")), h("div", { class: "kinds" }, ...acts));
  }

  private listen(): void {
    this.list.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", (event) => {
      if (isTyping(event.target) || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
      event.preventDefault();
      this.back(event.shiftKey);
    });
    document.addEventListener("click", (event) => {
      const act = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-act]")?.dataset["act"] : undefined;
      if (act === "undo" || act === "redo") this.back(act === "redo");
    });
    this.paper.addEventListener("change", () => void this.draw(this.typed()));
    this.paper.addEventListener("click", (event) => this.press(event));
    this.sample.addEventListener("input", () => {
      localStorage.setItem(this.sampleName, this.sample.value);
      this.plan();
    });
  }

  /** A button of a list in the preview changes rows; a field chooses its component. */
  private press(event: Event): void {
    const target = event.target instanceof Element ? event.target : null;
    const button = target?.closest("button");
    if (button?.name === "add" || button?.name === "remove") {
      event.preventDefault();
      void this.draw({ ...this.typed(), [button.name]: [button.value] });
      return;
    }
    const name = target?.closest(".field, .group")?.querySelector<HTMLInputElement>("[name]")?.name.slice(2);
    const found = name === undefined ? undefined : places(this.schema.components).find((place) => [at(this.schema, place)?.key, at(this.schema, place)?.path].includes(name.replace(/^.*\.\d+\./, "")));
    if (found) this.choose(found, false);
  }

  private key(event: KeyboardEvent): void {
    const all = places(this.schema.components);
    const index = all.findIndex((place) => same(place, this.chosen));
    const towards = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" } as const;
    const direction = towards[event.key as keyof typeof towards];
    if (event.altKey && direction && this.mayEdit) this.shift(direction);
    else if (event.key === "ArrowDown" && index < all.length - 1) this.choose(all[index + 1] ?? []);
    else if (event.key === "ArrowUp" && index > 0) this.choose(all[index - 1] ?? []);
    else if (event.key === "Home") this.choose(all[0] ?? []);
    else if (event.key === "End") this.choose(all.at(-1) ?? []);
    else if (event.key === "Enter") this.panel.querySelector<HTMLElement>("input, textarea, select")?.focus();
    else if ((event.key === "Delete" || event.key === "Backspace") && this.mayEdit) this.take(this.chosen);
    else return;
    event.preventDefault();
  }

  private shift(towards: "up" | "down" | "in" | "out"): void {
    const to = this.chosen.length ? neighbour(this.schema, this.chosen, towards) : null;
    if (to) this.moveTo(this.chosen, to);
  }

  private moveTo(from: Place, to: Place): void {
    const moved = move(this.schema, from, to);
    if (moved.schema === this.schema) return;
    this.remember();
    this.schema = moved.schema;
    this.choose(moved.place);
    this.edited();
  }

  private add(type: string, where?: Place): void {
    const chosen = at(this.schema, this.chosen);
    const last = this.schema.components.length;
    const inside = chosen && this.chosen.length && HOLDING.has(chosen.type) ? [...this.chosen, chosen.components?.length ?? 0] : null;
    const after = this.chosen.length ? [...this.chosen.slice(0, -1), (this.chosen.at(-1) ?? 0) + 1] : [last];
    const place = where ?? inside ?? after;
    this.remember();
    this.schema = insert(this.schema, place, make(type, this.schema));
    this.choose(place, false);
    this.edited();
    const first = this.panel.querySelector<HTMLInputElement>("input.input, textarea");
    first?.focus();
    first?.select();
  }

  private take(place: Place): void {
    if (!place.length) return;
    this.remember();
    this.schema = remove(this.schema, place);
    const all = places(this.schema.components);
    this.choose(all.find((each) => same(each, place)) ?? all.at(-1) ?? []);
    this.edited();
  }

  private remember(): void {
    this.past.push(this.schema);
    this.future.length = 0;
  }

  private back(again: boolean): void {
    const [from, to] = again ? [this.future, this.past] : [this.past, this.future];
    const found = from.pop();
    if (!found) return;
    to.push(this.schema);
    this.schema = found;
    this.choose(at(found, this.chosen) ? this.chosen : (places(found.components)[0] ?? []), false);
    this.edited();
  }

  private edited(): void {
    this.showList();
    this.keeper.edited();
    this.plan();
  }

  private plan(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.draw(), AFTER_EDIT);
  }

  private choose(place: Place, focus = true): void {
    this.chosen = place;
    this.show();
    if (focus) this.list.focus({ preventScroll: true });
  }

  private show(): void {
    this.showList();
    this.showPanel();
  }

  private showList(): void {
    const rows = places(this.schema.components).map((place) => this.row(place));
    this.list.replaceChildren(...rows);
    if (!rows.length) this.list.append(h("li", { class: "hint", role: "presentation" }, gettext("No fields yet.")));
    this.list.setAttribute("aria-activedescendant", this.chosen.length ? rowId(this.chosen) : "");
    this.enable("undo", this.past.length > 0);
    this.enable("redo", this.future.length > 0);
  }

  private enable(act: string, on: boolean): void {
    for (const button of document.querySelectorAll<HTMLButtonElement>(`[data-act="${act}"]`)) button.disabled = !on;
  }

  private row(place: Place): HTMLElement {
    const component = at(this.schema, place);
    if (!component) return h("li");
    const kind = kindOf(component.type);
    const wrong = this.flaws.find((flaw) => same(flaw.place, place));
    const row = h(
      "li",
      { id: rowId(place), role: "option", class: `parts-row parts-row--${Math.min(place.length, 4)}`, "aria-selected": String(same(place, this.chosen)), draggable: this.mayEdit ? "true" : "false", title: kind.label },
      icon(kind.sign),
      h("span", { class: "cut" }, called(component)),
      wrong ? h("span", { class: wrong.severity === "error" ? "parts-wrong" : "parts-doubt" }, icon("warn"), h("span", { class: "sr-only" }, wrong.sentence)) : null,
    );
    row.addEventListener("click", () => this.choose(place));
    row.addEventListener("dragstart", (event) => event.dataTransfer?.setData("text/x-place", JSON.stringify(place)));
    row.addEventListener("dragover", (event) => {
      event.preventDefault();
      row.dataset["drop"] = below(event, row) ? "after" : "before";
    });
    row.addEventListener("dragleave", () => delete row.dataset["drop"]);
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      delete row.dataset["drop"];
      const to = [...place.slice(0, -1), (place.at(-1) ?? 0) + (below(event, row) ? 1 : 0)];
      const kindDropped = event.dataTransfer?.getData("text/x-kind");
      const from = event.dataTransfer?.getData("text/x-place");
      if (kindDropped) this.add(kindDropped, to);
      else if (from) this.moveTo(JSON.parse(from) as number[], to);
    });
    return row;
  }

  private showPanel(): void {
    const component = this.chosen.length ? at(this.schema, this.chosen) : undefined;
    if (!component) {
      this.panel.replaceChildren(h("div", { class: "builder-properties" }, this.identity()));
      return;
    }
    const kind = kindOf(component.type);
    const acts = this.mayEdit
      ? h("div", { class: "row" }, this.button("up", gettext("Move up"), () => this.shift("up")), this.button("down", gettext("Move down"), () => this.shift("down")), this.button("trash", gettext("Remove"), () => this.take(this.chosen)))
      : null;
    const edit = (make_: Parameters<typeof change>[2]): void => {
      this.remember();
      this.schema = change(this.schema, this.chosen, make_);
      const after = at(this.schema, this.chosen);
      this.edited();
      // Other fields appear or go with these; a text that is being typed stays where it is.
      if (document.activeElement instanceof HTMLSelectElement) this.showPanel();
      else if (after) this.follow(after.key ?? after.path);
    };
    const known = KINDS.some((each) => each.type === component.type);
    const body = known || component.type === "taglist" || component.type === "spacer" ? properties(component, this.schema, edit) : [h("p", { class: "hint" }, gettext("This component is not drawn here. It is kept in the file as it is."))];
    this.panel.replaceChildren(h("div", { class: "builder-properties" }, h("div", { class: "panel-head" }, icon(kind.sign), h("h2", {}, kind.label), acts), this.flaw(), ...body));
    if (!this.mayEdit) for (const input of this.panel.querySelectorAll<HTMLInputElement>("input, select, textarea")) input.disabled = true;
  }

  /** The name of the variable that a label has just named. */
  private follow(name: string | undefined): void {
    const field = this.panel.querySelector<HTMLInputElement>("#property-variable");
    if (field && document.activeElement !== field && name !== undefined) field.value = name;
  }

  private flaw(): HTMLElement | null {
    const found = this.flaws.filter((flaw) => same(flaw.place, this.chosen));
    return found.length ? h("div", {}, ...found.map((flaw) => h("p", { class: flaw.severity === "error" ? "error" : "hint" }, icon("warn"), h("span", {}, flaw.sentence)))) : null;
  }

  private identity(): HTMLElement {
    const input = h("input", { class: "input input--mono", id: "form-id", value: this.schema.id ?? "" });
    input.addEventListener("input", () => {
      this.schema = { ...this.schema, id: input.value.trim() };
      this.edited();
    });
    return h("div", { class: "field" }, h("label", { for: "form-id" }, gettext("Id of the form")), input, h("p", { class: "hint" }, gettext("Steps ask for the form by it.")));
  }

  private button(sign: string, label: string, act: () => void): HTMLElement {
    return h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": label, title: label, onclick: act }, icon(sign));
  }

  private async draw(typed: Record<string, string[]> | null = null, judges = false): Promise<void> {
    const turn = ++this.asked;
    const sample = this.sampleData();
    try {
      const found = this.mayEdit
        ? await call<Preview>("POST", this.root.dataset["preview"] ?? "", { body: { json: this.text(), sample, typed, judges } })
        : await call<Preview>("GET", `${this.root.dataset["url"] ?? ""}/drawn`);
      // Answers may overtake each other; the last question counts.
      if (turn === this.asked) this.drawn(found, judges);
    } catch (error) {
      if (turn === this.asked) this.tell([h("p", { class: "error" }, icon("warn"), h("span", {}, error instanceof Refused || error instanceof Error ? error.message : gettext("That did not work.")))]);
    }
  }

  private drawn(found: Preview, judges: boolean): void {
    const focused = document.activeElement instanceof HTMLElement && this.paper.contains(document.activeElement) ? document.activeElement.id : "";
    // Markup of our own server, escaped there; scripts in it would be held by the policy besides.
    this.paper.replaceChildren(document.createRange().createContextualFragment(found.html));
    if (focused) document.getElementById(focused)?.focus();
    this.flaws = found.flaws;
    this.showList();
    const flaw = this.panel.querySelector(".builder-properties .error, .builder-properties .hint");
    if (this.chosen.length && !this.panel.contains(document.activeElement) && (flaw || this.flaws.length)) this.showPanel();
    const errors = this.flaws.filter((each) => each.severity === "error");
    const told: Node[] = [];
    if (errors.length) told.push(h("p", { class: "error" }, icon("warn"), h("span", {}, ngettext("%(count)s field cannot be shown: %(first)s", "%(count)s fields cannot be shown: %(first)s", errors.length, { first: errors[0]?.sentence ?? "" }))));
    if (judges && found.values) told.push(h("p", { class: "hint" }, gettext("It fits. The run would get:")), h("pre", { class: "builder-values" }, JSON.stringify(found.values, null, 2)));
    this.tell(told);
  }

  private tell(nodes: Node[]): void {
    this.notes.replaceChildren(...nodes);
  }

  private typed(): Record<string, string[]> {
    const found: Record<string, string[]> = {};
    for (const input of this.paper.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("[name]")) {
      if (input instanceof HTMLButtonElement) continue;
      if (input instanceof HTMLInputElement && (input.type === "checkbox" || input.type === "radio") && !input.checked) continue;
      (found[input.name] ??= []).push(input.value);
    }
    return found;
  }

  private sampleData(): Record<string, unknown> {
    try {
      const found: unknown = JSON.parse(this.sample.value || "{}");
      this.sample.removeAttribute("aria-invalid");
      return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : {};
    } catch {
      this.sample.setAttribute("aria-invalid", "true");
      return {};
    }
  }

  private get sampleName(): string {
    return `interlock.sample.${this.root.dataset["url"] ?? ""}`;
  }

  private text(): string {
    return `${JSON.stringify(this.schema, null, 2)}\n`;
  }
}

function rowId(place: Place): string {
  return `part-${place.join("-")}`;
}

function same(one: Place, other: Place): boolean {
  return one.length === other.length && one.every((index, level) => index === other[level]);
}

function below(event: DragEvent, row: HTMLElement): boolean {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

