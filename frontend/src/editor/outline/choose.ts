/** A list to choose from by words, in a dialog: type to narrow, arrows to move, Enter to take. */
import { h } from "../../ui/dom";
import { ngettext } from "../../ui/words";

export interface Choice<T> {
  value: T;
  label: string;
  /** What it does, or where it stands. */
  note: string;
  /** What else one may type for it. */
  search: string;
  glyph: string;
}

/** Asks for one of several; the answer is null where nothing is taken. */
export function choose<T>(title: string, choices: readonly Choice<T>[]): Promise<T | null> {
  return new Promise((answer) => new Chooser(title, choices, answer));
}

class Chooser<T> {
  private readonly list = h("ul", { id: "choose-list", class: "choose-list", role: "listbox" });
  private readonly field = h("input", { class: "input", type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "true", "aria-controls": "choose-list", "aria-autocomplete": "list" });
  private readonly count = h("p", { class: "sr-only", role: "status" });
  private readonly dialog: HTMLDialogElement;
  private shown: readonly Choice<T>[] = [];
  private at = 0;
  private taken: T | null = null;

  constructor(
    title: string,
    private readonly choices: readonly Choice<T>[],
    answer: (value: T | null) => void,
  ) {
    this.list.setAttribute("aria-label", title);
    this.field.setAttribute("aria-label", title);
    this.dialog = h("dialog", { class: "dialog choose", "aria-labelledby": "choose-title" }, h("h2", { id: "choose-title" }, title), this.field, this.list, this.count);
    this.field.addEventListener("input", () => this.narrow());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      answer(this.taken);
    });
    this.narrow();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.field.focus();
  }

  private narrow(): void {
    const wanted = this.field.value.trim().toLocaleLowerCase();
    const begins = (choice: Choice<T>) => (choice.label.toLocaleLowerCase().startsWith(wanted) ? 0 : 1);
    this.shown = this.choices.filter((choice) => textOf(choice).includes(wanted)).sort((one, other) => begins(one) - begins(other));
    this.list.replaceChildren(...this.shown.map((choice, index) => this.row(choice, index)));
    this.count.textContent = ngettext("%(count)s to choose from", "%(count)s to choose from", this.shown.length);
    this.stand(0);
  }

  private row(choice: Choice<T>, index: number): HTMLElement {
    const row = h(
      "li",
      { id: `choose-${index}`, role: "option", "aria-selected": "false" },
      h("span", { class: `choose-glyph ${choice.glyph}`, "aria-hidden": "true" }),
      h("span", { class: "strong" }, choice.label),
      " ",
      h("span", { class: "muted" }, choice.note),
    );
    row.addEventListener("click", () => this.take(index));
    return row;
  }

  private key(event: KeyboardEvent): void {
    const { key } = event;
    if (key === "ArrowDown") this.stand(this.at + 1);
    else if (key === "ArrowUp") this.stand(this.at - 1);
    else if (key === "Enter") this.take(this.at);
    else return;
    event.preventDefault();
  }

  private stand(index: number): void {
    const rows = [...this.list.children];
    this.at = rows.length ? (index + rows.length) % rows.length : 0;
    for (const [each, row] of rows.entries()) row.setAttribute("aria-selected", String(each === this.at));
    const row = rows[this.at];
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  private take(index: number): void {
    const choice = this.shown[index];
    if (!choice) return;
    this.taken = choice.value;
    this.dialog.close();
  }
}

function textOf({ label, note, search }: Choice<unknown>): string {
  return `${label} ${note} ${search}`.toLocaleLowerCase();
}
