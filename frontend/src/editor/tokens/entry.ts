/** The way into the token game: a button of the toolbar, and the key T. The game itself is loaded when it is asked for. */
import { h, icon, isTyping } from "../../ui/dom";
import { toast } from "../../ui/toast";
import { gettext } from "../../ui/words";
import type { Around } from "./simulation";

export function offerTokens(tools: HTMLElement, around: Around): void {
  const button = h("button", { type: "button", class: "btn btn--quiet btn--small", "aria-pressed": "false", title: gettext("Play through it with tokens. Nothing is called, sent or saved (T)") }, icon("play"), gettext("Play through"));
  let leave: (() => void) | null = null;
  const show = (): void => button.setAttribute("aria-pressed", String(leave !== null));
  const gone = (): void => {
    leave = null;
    show();
    button.focus();
  };
  const turn = async (): Promise<void> => {
    if (leave) return leave();
    const { simulate } = await import("./simulation");
    leave ??= simulate(around, gone);
    show();
  };
  const begin = (): void => void turn().catch(() => toast(gettext("This cannot be loaded now. Try again."), "error"));
  button.addEventListener("click", begin);
  tools.querySelector(".tools-gap")?.before(button);
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key !== "t" || !isPlain || isTyping(event.target) || document.querySelector("dialog[open], .djs-popup")) return;
    event.preventDefault();
    begin();
  });
}
