/** The ways into the library: a button of the palette, the key L, and the menus of all parts. */
import { isA, type Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import { h, icon, isTyping } from "../../ui/dom";
import { gettext } from "../../ui/words";
import { APPEND_MENU, CREATE_MENU } from "../menus";
import { openLibrary } from "./dialogs";
import type { Library } from "./library";
import type { Row } from "./shapes";

interface PopupMenu {
  registerProvider(id: string, provider: { getPopupMenuEntries(target: Shape): Record<string, unknown> }): void;
  close(): void;
}

export function offerLibrary(diagram: Diagram, library: Library, palette: HTMLElement): void {
  const open = () => openLibrary(library.load(), (row) => library.place(row.template, followed(diagram)));
  const title = gettext("Step library: choose a step by what it does (L)");
  palette.append(h("hr"), h("button", { type: "button", title, "data-part": "library", onclick: open }, icon("book"), gettext("Library")));
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const inDialog = event.target instanceof Element && event.target.closest("dialog, .djs-popup") !== null;
    if (event.key !== "l" || !plain || inDialog || isTyping(event.target)) return;
    event.preventDefault();
    open();
  });
  const menu = diagram.get<PopupMenu>("popupMenu");
  menu.registerProvider(CREATE_MENU, { getPopupMenuEntries: () => entries(menu, library, () => null) });
  menu.registerProvider(APPEND_MENU, { getPopupMenuEntries: (source) => entries(menu, library, () => source) });
}

/** Returns the selected part that a step can follow, or null. */
function followed(diagram: Diagram): Shape | null {
  const [one, ...more] = diagram.get<{ get(): Shape[] }>("selection").get();
  if (!one || more.length || one.waypoints !== undefined || !one.parent || one.type === "label") return null;
  return isA(one.businessObject, "FlowNode") && !isA(one.businessObject, "EndEvent") ? one : null;
}

function entries(menu: PopupMenu, library: Library, source: () => Shape | null): Record<string, unknown> {
  const entry = (row: Row) => ({
    label: row.name,
    description: row.purpose,
    search: `${row.name} ${row.category} ${row.keywords.join(" ")}`,
    className: "bpmn-icon-task",
    group: { id: "library", name: gettext("From the library") },
    action: () => {
      menu.close();
      library.place(row.template, source());
    },
  });
  return Object.fromEntries(library.offered().map((row) => [`library-${row.id}`, entry(row)]));
}
