/** Comments in the editor: a column beside the paper, about what is selected on it. */
import type Canvas from "diagram-js/lib/core/Canvas";

import type { Shape } from "../bpmn/elements";
import { Column } from "../comments/column";
import { h } from "../ui/dom";
import { gettext } from "../ui/words";
import type { Modeler } from "./modeler";

export interface Surroundings {
  canvas: HTMLElement;
  modeler: Modeler;
  /** The address of the draft. */
  url: string;
  select(element: string): void;
  /** Saves the draft; false where that failed. Null where the draft is only looked at. */
  save: (() => Promise<boolean>) | null;
}

export function offerComments({ canvas, modeler, url, select, save }: Surroundings): void {
  const host = h("aside", { class: "editor-comments" });
  canvas.after(host);
  const settle = async (): Promise<void> => {
    if (save && !(await save())) throw new Error(gettext("Not sent: the draft could not be saved."));
  };
  const chosen = (): string | null => {
    const [one, ...others] = modeler.get<{ get(): Shape[] }>("selection").get();
    return one && !others.length ? (one.labelTarget ?? one).id : null;
  };
  const column = new Column(host, { canvas, diagram: modeler, url: `${url}/threads`, isDraft: true, opensItself: false, chosen, select, settle }, () => modeler.get<Canvas>("canvas").resized());
  // The toolbar is full of what draws; what is said stands with what else belongs to the draft.
  document.querySelector(".head-actions")?.prepend(column.button);
}
