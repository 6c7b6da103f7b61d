/** Where two people touched the same: both told, side by side, and a person decides on each. */
import type { Meeting } from "../../api/shapes";
import { h } from "../../ui/dom";
import { gettext, ngettext } from "../../ui/words";

export type Choice = "mine" | "theirs";
export type Choices = Record<string, Choice>;

/** Asks whose edit counts, conflict by conflict. Answers null where that is put off. */
export function askWhose(meeting: Meeting): Promise<Choices | null> {
  const { conflicts, who } = meeting;
  const rows = conflicts.map((conflict, place) => row(conflict, place, who));
  const go = h("button", { class: "btn btn--primary" }, gettext("Keep what is chosen"));
  const later = h("button", { type: "button", class: "btn" }, gettext("Decide later"));
  const all = (side: Choice, label: string): HTMLElement =>
    h("button", { type: "button", class: "btn btn--quiet btn--small", onclick: () => form.querySelectorAll<HTMLInputElement>(`input[value="${side}"]`).forEach((input) => (input.checked = true)) }, label);
  const form = h(
    "form",
    { class: "dialog-body", method: "dialog" },
    h("h2", { id: "meeting-title" }, gettext("You and %(who)s edited the same", { who })),
    h("p", {}, ngettext("Everything else of both is kept. Here only one can be: choose which. The other stays among the earlier states for 30 days.", "Everything else of both is kept. In these %(count)s only one can be: choose which. The others stay among the earlier states for 30 days.", conflicts.length)),
    h("div", { class: "meeting-rows" }, ...rows),
    h("div", { class: "dialog-acts" }, all("mine", gettext("All of mine")), all("theirs", gettext("All of %(who)s", { who })), h("span", { class: "tools-gap" }), later, go),
  );
  const dialog = h("dialog", { class: "dialog dialog--meeting", "aria-labelledby": "meeting-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let answer: Choices | null = null;
    later.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer = chosen(form, meeting);
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
  });
}

function row({ key, name, mine, theirs }: Meeting["conflicts"][number], place: number, who: string): HTMLElement {
  const side = (value: Choice, title: string, sentences: string[]): HTMLElement =>
    h("label", { class: "meeting-side" }, h("input", { type: "radio", name: `conflict-${place}`, value, required: true }), h("span", {}, h("b", {}, title), ...sentences.map((sentence) => h("span", {}, sentence))));
  return h(
    "fieldset",
    { class: "meeting-row", "data-conflict": key },
    h("legend", {}, name || gettext("The model")),
    side("mine", gettext("Yours"), mine),
    side("theirs", gettext("%(who)s", { who }), theirs),
  );
}

function chosen(form: HTMLFormElement, { conflicts }: Meeting): Choices {
  const values = new FormData(form);
  return Object.fromEntries(conflicts.map(({ key }, place) => [key, values.get(`conflict-${place}`) === "mine" ? "mine" : "theirs"]));
}
