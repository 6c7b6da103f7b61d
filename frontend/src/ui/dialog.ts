import { h } from "./dom";

interface Question {
  title: string;
  text: string;
  /** The verb on the button that acts, and on the one that does not. */
  act: string;
  keep: string;
  /** The label of a field for words; null where none are asked for. */
  field: string | null;
  required?: boolean;
}

/** Asks in a dialog, and calls `act` with the words. A refusal is shown in the dialog, which stays. */
export function ask(question: Question, act: (words: string) => Promise<void>): void {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const words = h("textarea", { id: "dialog-words", rows: 3, required: question.required ?? false });
  const keep = h("button", { class: "btn", type: "button" }, question.keep);
  const go = h("button", { class: "btn btn--primary" }, question.act);
  const form = h(
    "form",
    { class: "dialog-body", method: "dialog" },
    h("h2", { id: "dialog-title" }, question.title),
    h("p", {}, question.text),
    question.field !== null &&
      h("div", { class: "field" }, h("label", { for: "dialog-words" }, question.field), words),
    error,
    h("div", { class: "dialog-acts" }, keep, go),
  );
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, form);
  keep.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go.setAttribute("aria-busy", "true");
    act(words.value.trim())
      .then(() => dialog.close())
      .catch((reason: unknown) => {
        error.textContent = reason instanceof Error ? reason.message : String(reason);
        error.hidden = false;
      })
      .finally(() => go.removeAttribute("aria-busy"));
  });
  document.body.append(dialog);
  dialog.showModal();
}
