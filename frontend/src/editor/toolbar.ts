/** The toolbar above the canvas: what concerns the drawing as a whole. Nothing of it lies on the paper. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type EventBus from "diagram-js/lib/core/EventBus";

import { type Diagram, fit } from "../bpmn/paper";
import { h, icon } from "../ui/dom";
import { gettext } from "../ui/words";
import type { Menus } from "./menus";
import type { Paper } from "./paper-switch";
import type { Tidy } from "./tidy";

interface Switch {
  toggle(open?: boolean): void;
}

/** Opens the search of the drawing; a moment later, because the click that asks for it would close it. */
export function find(diagram: Diagram): void {
  setTimeout(() => diagram.get<{ open(): void }>("searchPad").open(), 0);
}

interface Actions {
  trigger(action: string, options?: unknown): unknown;
}

export interface Tools {
  diagram: Diagram;
  menus: Menus;
  paper: Paper;
  /** Null where the draft is only looked at. */
  tidy: Tidy | null;
  paste: () => void;
}

const ZOOM_STEP = 1.2;

/** Draws the toolbar into a host. Buttons with `data-act` are the page's acts. */
export function drawToolbar(host: HTMLElement, tools: Tools): void {
  const { diagram, menus } = tools;
  const mayEdit = tools.tidy !== null;
  host.setAttribute("role", "toolbar");
  host.setAttribute("aria-label", gettext("Drawing"));
  const editing = [
    h("button", { type: "button", class: "btn btn--icon btn--small", "data-act": "undo", "aria-label": gettext("Undo"), title: gettext("Undo (Ctrl Z)") }, icon("undo")),
    h("button", { type: "button", class: "btn btn--icon btn--small", "data-act": "redo", "aria-label": gettext("Redo"), title: gettext("Redo (Ctrl Y)") }, icon("redo")),
    rule(),
    word("plus", gettext("Add"), gettext("Make a part (N)"), () => menus.create()),
    word("right", gettext("Append"), gettext("Put a part after the selected one (A)"), () => menus.append()),
    rule(),
    sign("copy", gettext("Copy"), gettext("Copy what is selected, for this process or another (Ctrl C)"), () => diagram.get<Actions>("editorActions").trigger("copy")),
    sign("paste", gettext("Paste"), gettext("Paste into the middle (Ctrl V: at the pointer)"), tools.paste),
    rule(),
  ];
  host.append(
    ...(mayEdit ? editing : []),
    sign("search", gettext("Find"), gettext("Find a part in the drawing (Ctrl F)"), () => find(diagram)),
    ...(tools.tidy ? [sign("tidy", gettext("Tidy"), gettext("Lay the drawing out anew; you see it before it is kept"), () => void tools.tidy?.begin())] : []),
    h("span", { class: "tools-gap" }),
    toggle("grid", gettext("Grid"), true, (on) => diagram.get<Switch>("grid").toggle(on)),
    toggle("map", gettext("Overview map"), false, (on) => diagram.get<Switch>("minimap").toggle(on)),
    paperButton(tools.paper),
    rule(),
    ...zoom(diagram),
  );
  host.addEventListener("keydown", (event) => walk(host, event));
}

function rule(): HTMLElement {
  return h("span", { class: "rule" });
}

function word(name: string, label: string, title: string, act: () => void): HTMLElement {
  return h("button", { type: "button", class: "btn btn--quiet btn--small", title, onclick: act }, icon(name), label);
}

function sign(name: string, label: string, title: string, act: () => void): HTMLElement {
  return h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": label, title, onclick: act }, icon(name));
}

/** A button that is on or off, as last time in this browser. */
function toggle(name: string, label: string, usual: boolean, act: (on: boolean) => void): HTMLElement {
  const kept = `interlock.editor.${name}`;
  let on = (localStorage.getItem(kept) ?? String(usual)) === "true";
  const button = h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": label, title: label, "aria-pressed": String(on) }, icon(name));
  act(on);
  button.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(kept, String(on));
    button.setAttribute("aria-pressed", String(on));
    act(on);
  });
  return button;
}

function paperButton(paper: Paper): HTMLElement {
  const button = h("button", { type: "button", class: "btn btn--icon btn--small" });
  const show = () => {
    const label = paper.isDark ? gettext("Light paper") : gettext("Dark paper");
    button.setAttribute("aria-label", label);
    button.title = label;
    button.replaceChildren(icon(paper.isDark ? "sun" : "moon"));
  };
  button.addEventListener("click", () => {
    paper.turn();
    show();
  });
  paper.onChange(show);
  show();
  return button;
}

function zoom(diagram: Diagram): HTMLElement[] {
  const canvas = diagram.get<Canvas>("canvas");
  const level = h("button", { type: "button", class: "btn btn--quiet btn--small tools-zoom", title: gettext("Actual size"), onclick: () => canvas.zoom(1) });
  const by = (factor: number) => () => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
  const show = () => {
    const words = `${Math.round(canvas.zoom() * 100)} %`;
    // Panning changes what is seen, and not how large.
    if (level.textContent !== words) level.textContent = words;
  };
  diagram.get<EventBus>("eventBus").on("canvas.viewbox.changed", show);
  show();
  return [
    sign("minus", gettext("Smaller"), gettext("Smaller"), by(1 / ZOOM_STEP)),
    level,
    sign("plus", gettext("Larger"), gettext("Larger"), by(ZOOM_STEP)),
    word("fit", gettext("Fit"), gettext("The whole drawing in sight"), () => fit(diagram)),
  ];
}

/** Arrow keys move through the toolbar. */
function walk(host: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  const buttons = [...host.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[(at + (event.key === "ArrowRight" ? 1 : -1) + buttons.length) % buttons.length]?.focus();
  event.preventDefault();
}
