/** Edits the sample values as JSON: what a run could know at this step. */
import { h } from "../../ui/dom";
import { gettext } from "../../ui/words";

/** Opens the dialog; calls with the values when they are kept. */
export function editSample(values: Record<string, unknown>, keep: (values: Record<string, unknown>) => void): void {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const text = h("textarea", { id: "sample-text", class: "input--mono", rows: 14, spellcheck: "false" });
  text.value = JSON.stringify(values, null, 2);
  const leave = h("button", { class: "btn", type: "button" }, gettext("Leave it as it was"));
  const form = h(
    "form",
    { class: "dialog-body", method: "dialog" },
    h("h2", { id: "sample-title" }, gettext("Sample data of this draft")),
    h("p", {}, gettext("Expressions are tried with these values while you write them. They stay in this browser and never enter a run.")),
    h("div", { class: "field" }, h("label", { for: "sample-text" }, gettext("Variables, as JSON")), text),
    error,
    h("div", { class: "dialog-acts" }, leave, h("button", { class: "btn btn--primary" }, gettext("Use these values"))),
  );
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "sample-title" }, form);
  leave.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const found = read(text.value);
    if (found === null) {
      error.textContent = gettext("Write an object of names and values, for example {\"impact\": 3}.");
      error.hidden = false;
      return;
    }
    dialog.close();
    keep(found);
  });
  document.body.append(dialog);
  dialog.showModal();
}

function read(text: string): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
