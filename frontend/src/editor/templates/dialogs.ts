/** Choosing a step by what it does, and seeing what an upgrade changes before it is made. */
import { h, icon } from "../../ui/dom";
import { gettext, ngettext } from "../../ui/words";
import type { Upgrade } from "./library";
import type { Effect, Row } from "./shapes";

/** Opens the library. Typing searches, arrows move, Enter chooses; `choose` gets what was chosen. */
export function openLibrary(loading: Promise<readonly Row[]>, choose: (row: Row) => void): void {
  const list = h("div", { class: "steps-list", role: "listbox", id: "steps-list", "aria-label": gettext("Steps") });
  const search = h("input", { type: "search", class: "input", role: "combobox", "aria-expanded": "true", "aria-controls": "steps-list", "aria-label": gettext("What should the step do?"), placeholder: gettext("What should the step do?"), autocomplete: "off" });
  const status = h("p", { class: "sr-only", role: "status" });
  const dialog = h("dialog", { class: "dialog dialog--wide", "aria-label": gettext("Step library") }, h("div", { class: "dialog-body" }, h("h2", {}, gettext("Step library")), search, list, status, h("div", { class: "dialog-acts" }, h("button", { type: "button", class: "btn", onclick: () => dialog.close() }, gettext("Cancel")))));
  let rows: readonly Row[] = [];
  let found = rows;
  let at = 0;

  const take = (row: Row | undefined) => {
    if (!row) return;
    dialog.close();
    choose(row);
  };
  const mark = () => {
    const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    search.setAttribute("aria-activedescendant", options[at]?.id ?? "");
    options[at]?.scrollIntoView({ block: "nearest" });
  };
  const draw = () => {
    found = matching(rows, search.value);
    at = 0;
    list.replaceChildren(...options(found, take));
    status.textContent = ngettext("%(count)s step", "%(count)s steps", found.length);
    mark();
  };
  search.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") take(found[at]);
    else if (step !== undefined && found.length) {
      at = (at + step + found.length) % found.length;
      mark();
    } else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  list.append(h("p", { class: "muted" }, gettext("Looking for steps…")));
  const show = (loaded: readonly Row[]) => {
    rows = loaded;
    search.addEventListener("input", draw);
    draw();
  };
  loading.then(show).catch((error: unknown) => list.replaceChildren(h("p", { class: "bad" }, error instanceof Error ? error.message : String(error))));
  dialog.showModal();
  search.focus();
}

/** Shows what an upgrade changes, losses first, and asks whether to make it. */
export function confirmUpgrade({ template, effects }: Upgrade, act: () => void): void {
  const go = h("button", { type: "button", class: "btn btn--primary" }, gettext("Upgrade"));
  const dialog = h(
    "dialog",
    { class: "dialog dialog--wide", "aria-labelledby": "upgrade-title" },
    h(
      "div",
      { class: "dialog-body" },
      h("h2", { id: "upgrade-title" }, gettext("Upgrade to version %(version)s of %(name)s?", { version: template.version ?? 1, name: template.name })),
      effects.length ? h("ul", { class: "steps-effects" }, ...effects.map(line)) : h("p", {}, gettext("Nothing that is seen changes.")),
      h("p", {}, gettext("It is one step back: undo takes it back as a whole.")),
      h("div", { class: "dialog-acts" }, h("button", { type: "button", class: "btn", onclick: () => dialog.close() }, gettext("Keep the version it has")), go),
    ),
  );
  go.addEventListener("click", () => {
    dialog.close();
    act();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Returns the rows whose words hold all words of a text, in the order of their areas. */
export function matching(rows: readonly Row[], text: string): Row[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const words = (row: Row) => [row.name, row.purpose, row.category, ...row.keywords].join(" ").toLowerCase();
  return rows.filter((row) => wanted.every((word) => words(row).includes(word)));
}

function options(rows: readonly Row[], take: (row: Row) => void): HTMLElement[] {
  if (!rows.length) return [h("p", { class: "muted" }, gettext("No step does that. Try another word."))];
  const areas = [...new Set(rows.map((row) => row.category))];
  return areas.map((area) =>
    h(
      "div",
      { role: "group", "aria-label": area || gettext("Other steps") },
      h("span", { class: "steps-area", role: "presentation" }, area || gettext("Other steps")),
      ...rows.filter((row) => row.category === area).map((row) => option(row, rows.indexOf(row), take)),
    ),
  );
}

function option(row: Row, place: number, take: (row: Row) => void): HTMLElement {
  return h("div", { role: "option", id: `steps-option-${place}`, "data-step": row.id, onclick: () => take(row) }, h("b", {}, row.name), h("span", {}, row.purpose));
}

function line({ op, sentence }: Effect): HTMLElement {
  const isHard = op === "lost" || op === "asked";
  return h("li", { class: isHard ? "bad" : null }, icon(isHard ? "warn" : "info"), h("span", {}, sentence));
}
