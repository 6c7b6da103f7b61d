import { h, icon } from "./dom";
import { gettext } from "./words";

/** Says above a region why its alive part cannot start; the page around it still works. */
export function saySorry(root: HTMLElement, error: unknown): void {
  const words = error instanceof Error && error.message ? error.message : gettext("This part of the page did not start.");
  root.before(h("div", { class: "note note--fail note--edge", role: "alert" }, icon("x"), h("p", {}, gettext("%(cause)s Load the page again.", { cause: words }))));
  console.error(error);
}
