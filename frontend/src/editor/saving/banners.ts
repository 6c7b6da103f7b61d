/** What stands above the paper until a person has answered it. */
import { Refused } from "../../api/client";
import { h, icon } from "../../ui/dom";
import { toast } from "../../ui/toast";
import { gettext } from "../../ui/words";

export type Act = [label: string, act: () => Promise<void>];
export type Tone = "wait" | "fail";

export class Banners {
  readonly host = h("div", { class: "banners" });

  /** Says something with the acts that answer it; stays until it is removed. */
  show(tone: Tone, words: string, acts: Act[]): HTMLElement {
    const buttons = acts.map(([label, act]) =>
      h("button", { type: "button", class: "btn btn--small", onclick: () => void act().catch((error: unknown) => toast(sentence(error), "error")) }, label),
    );
    const note = h("div", { class: `note note--${tone} note--edge`, role: "alert" }, icon(tone === "fail" ? "x" : "warn"), h("p", {}, words), h("span", { class: "row" }, ...buttons));
    this.host.append(note);
    return note;
  }
}

/** Returns what went wrong as a sentence. */
export function sentence(error: unknown): string {
  return error instanceof Refused || error instanceof Error ? error.message : gettext("That did not work.");
}
