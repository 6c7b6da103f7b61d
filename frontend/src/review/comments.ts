/** Comments on the review page: a column beside the newer version, open where something is said. */
import { Column } from "../comments/column";
import type { Viewer } from "../bpmn/viewer";
import { h } from "../ui/dom";

/** What happens on the page when another element is chosen. */
export const CHOSEN = "interlock:chosen";

export interface Page {
  chosenElement: string | null;
  choose(element: string): void;
  resized(): void;
}

export function offerComments(root: HTMLElement, viewer: Viewer, page: Page): void {
  const url = root.dataset["threads"];
  const head = root.querySelector("#canvas-after")?.closest(".review-pane")?.querySelector(".pane-head");
  const canvas = root.querySelector<HTMLElement>("#canvas-after");
  // A guest on the board sees the review, and not what the unit says to itself.
  if (url === undefined || !head || !canvas) return;
  const host = h("aside", { class: "review-comments" });
  root.append(host);
  const around = { canvas, diagram: viewer, url, isDraft: false, opensItself: true, chosen: () => page.chosenElement, select: (element: string) => page.choose(element), settle: () => Promise.resolve() };
  const column = new Column(host, around, () => page.resized());
  column.button.classList.add("btn--small");
  head.append(column.button);
  root.addEventListener(CHOSEN, () => column.follow());
}
