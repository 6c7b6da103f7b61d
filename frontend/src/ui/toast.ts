import { h, icon } from "./dom";
import { gettext } from "./words";

const SHOWN_FOR = 6_000;

/** Says what was done, in the past tense, at the bottom left. */
export function toast(words: string, tone: "success" | "warning" | "error" = "success"): void {
  const sign = { success: "check", warning: "warn", error: "x" }[tone];
  const close = h("button", { class: "btn btn--icon btn--small", type: "button", "aria-label": gettext("Close") }, icon("x"));
  const note = h("div", { class: `toast toast--${tone}` }, icon(sign), h("span", {}, words), close);
  close.addEventListener("click", () => note.remove());
  document.getElementById("toasts")?.append(note);
  if (tone !== "error") setTimeout(() => note.remove(), SHOWN_FOR);
}
