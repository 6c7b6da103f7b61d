/** The pane of the game: play, step, speed; what can go on, as buttons; and what happened, in words. */
import { h, icon } from "../../ui/dom";
import { gettext } from "../../ui/words";

export interface Choice {
  words: string;
  /** What can be chosen together; empty where the button says it all. */
  ways: readonly { id: string; words: string }[];
  take: (ways: readonly string[]) => void;
}

export interface Acts {
  play: () => void;
  step: () => void;
  reset: () => void;
  leave: () => void;
  speed: (milliseconds: number) => void;
}

const BEATS = [
  { label: gettext("Slow"), milliseconds: 1_600 },
  { label: gettext("Usual"), milliseconds: 800 },
  { label: gettext("Fast"), milliseconds: 250 },
];
export const USUAL_BEAT = 800;
const MOST_LINES = 300;

export class Pane {
  readonly host: HTMLElement;
  private readonly playing: HTMLButtonElement;
  private readonly stepping: HTMLButtonElement;
  private readonly choices = h("div", { class: "game-choices", role: "group", "aria-label": gettext("What can go on") });
  private readonly warnings = h("div", { class: "game-warnings", role: "status" });
  private readonly lines = h("ol", { class: "game-lines" });
  private readonly log = h("div", { class: "game-log", role: "log", "aria-label": gettext("What happened"), tabindex: "0" }, this.lines);

  constructor(acts: Acts) {
    this.playing = h("button", { type: "button", class: "btn btn--primary", onclick: acts.play });
    this.stepping = h("button", { type: "button", class: "btn", "aria-keyshortcuts": "S", title: gettext("One move (S)"), onclick: acts.step }, icon("skip"), gettext("Step"));
    const again = h("button", { type: "button", class: "btn btn--quiet", "aria-keyshortcuts": "R", title: gettext("From the beginning (R)"), onclick: acts.reset }, gettext("Start over"));
    const leave = h("button", { type: "button", class: "btn btn--icon btn--small", "aria-label": gettext("Back to editing"), title: gettext("Back to editing (Esc)"), onclick: acts.leave }, icon("x"));
    const title = h("div", { class: "game-title" }, h("div", {}, h("small", {}, gettext("Nothing is called, sent or saved")), h("h2", {}, gettext("Play through"))), leave);
    this.host = h("aside", { class: "editor-panel editor-game", "aria-label": gettext("Play through") }, title, h("div", { class: "game-acts" }, this.playing, this.stepping, again), speeds(acts.speed), this.warnings, h("h3", {}, gettext("What can go on")), this.choices, h("h3", {}, gettext("What happened")), this.log);
    this.show(false);
  }

  focus(): void {
    this.playing.focus();
  }

  /** Shows whether it plays. */
  show(isPlaying: boolean): void {
    this.playing.replaceChildren(icon(isPlaying ? "pause" : "play"), isPlaying ? gettext("Pause") : gettext("Play"));
    this.playing.title = isPlaying ? gettext("Pause (Space)") : gettext("Goes on by itself until you must choose (Space)");
  }

  /** Offers what can go on. Whoever stands on a button that goes away stands on the first of the new ones. */
  offer(choices: readonly Choice[], empty: string): void {
    const wasHere = this.choices.contains(document.activeElement);
    this.choices.replaceChildren(...(choices.length ? choices.map(drawn) : [h("p", { class: "muted" }, empty)]));
    if (wasHere) (this.choices.querySelector<HTMLElement>("button, input") ?? this.playing).focus();
  }

  warn(words: readonly string[]): void {
    const shown = [...this.warnings.children].map((each) => each.textContent);
    if (shown.join("\n") === words.join("\n")) return;
    this.warnings.replaceChildren(...words.map((each) => h("div", { class: "note note--fail" }, icon("warn"), h("p", {}, each))));
  }

  /** Adds to what happened. */
  tell(lines: readonly string[]): void {
    this.lines.append(...lines.map((line) => h("li", {}, line)));
    while (this.lines.childElementCount > MOST_LINES) this.lines.firstElementChild?.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** Says something once, however often it is asked for. */
  say(line: string): void {
    if (this.lines.lastElementChild?.textContent !== line) this.tell([line]);
  }

  forget(): void {
    this.lines.replaceChildren();
    this.warnings.replaceChildren();
  }
}

function drawn({ words, ways, take }: Choice): HTMLElement {
  if (!ways.length) return h("button", { type: "button", class: "btn game-choice", onclick: () => take([]) }, words);
  const boxes = ways.map((way) => ({ way, box: h("input", { type: "checkbox" }) }));
  const chosen = (): string[] => boxes.filter(({ box }) => box.checked).map(({ way }) => way.id);
  const go = h("button", { type: "button", class: "btn btn--small", disabled: true, onclick: () => take(chosen()) }, gettext("Take these ways"));
  for (const { box } of boxes) box.addEventListener("change", () => (go.disabled = !chosen().length));
  return h("fieldset", { class: "game-several" }, h("legend", {}, words), ...boxes.map(({ way, box }) => h("label", { class: "choice" }, box, h("span", {}, way.words))), go);
}

function speeds(act: (milliseconds: number) => void): HTMLElement {
  const select = h("select", { id: "game-speed", class: "input" }, ...BEATS.map(({ label, milliseconds }) => h("option", { value: milliseconds, selected: milliseconds === USUAL_BEAT }, label)));
  select.addEventListener("change", () => act(Number(select.value)));
  return h("div", { class: "game-speed" }, h("label", { for: "game-speed" }, gettext("Speed")), select);
}
