/** The editor while a model is played through: locked, with tokens on the paper and the game beside it. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type EventBus from "diagram-js/lib/core/EventBus";

import type { Model, Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import { isTyping } from "../../ui/dom";
import { gettext } from "../../ui/words";
import { lock } from "../lock";
import { play } from "./game";
import { isOwn, type Move, movesOf } from "./moves";
import type { Net } from "./net";
import { Pane, USUAL_BEAT } from "./pane";
import { readNet } from "./read";
import { clickable, Stage } from "./stage";
import { BEGINNING, type State } from "./state";
import { type Stuck, stuckIn } from "./waiting";
import { moveWords, stuckWords, toldWords, wayWords } from "./words";

export interface Around {
  diagram: Diagram;
  definitions: () => Model;
  /** The editor; what is edited with is put away for the time. */
  root: HTMLElement;
  /** Takes what is typed in the panel before it is put away. */
  commit: () => void;
}

/** With more there is a flaw that makes tokens without end; it is shown by then. */
const MOST_TOKENS = 200;
/** What is edited with. Of the toolbar, how it is looked at stays, and the way back. */
const PUT_AWAY = ".editor-palette, .editor-panel:not(.editor-game), .editor-outline, .editor-problems, .editor-tools > :not(.tools-gap, .tools-gap ~ *, [aria-pressed])";

/** Begins the game; returns what ends it. */
export function simulate(around: Around, onLeave: () => void): () => void {
  around.commit();
  const isDrawn = (id: string): boolean => around.diagram.get<{ get(id: string): Shape | undefined }>("elementRegistry").get(id)?.parent !== undefined;
  const game = new Simulation(around, readNet(around.definitions(), isDrawn), onLeave);
  return () => game.leave();
}

class Simulation {
  private state: State = BEGINNING;
  private isPlaying = false;
  private timer = 0;
  private beat = USUAL_BEAT;
  private readonly stage: Stage;
  private readonly pane: Pane;
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly around: Around,
    private readonly net: Net,
    private readonly onLeave: () => void,
  ) {
    this.stage = new Stage(around.diagram);
    this.pane = new Pane({
      play: () => this.turn(!this.isPlaying),
      step: () => this.step(),
      reset: () => this.reset(),
      leave: () => this.leave(),
      speed: (milliseconds) => (this.beat = milliseconds),
    });
    this.enter();
    this.show();
    this.pane.focus();
  }

  leave(): void {
    this.turn(false);
    this.stage.clear();
    for (const act of this.undo.reverse()) act();
    this.onLeave();
  }

  private enter(): void {
    const { diagram, root } = this.around;
    this.undo.push(lock(diagram, root, gettext("While it is played through, nothing is edited.")));
    this.undo.push(this.putAway());
    const bus = diagram.get<EventBus>("eventBus");
    const clicked = (event: unknown): void => this.click((event as { element: Shape }).element);
    const turned = (): void => this.show();
    bus.on("element.click", clicked);
    bus.on("root.set", turned);
    const pressed = (event: KeyboardEvent): void => this.key(event);
    addEventListener("keydown", pressed, { capture: true });
    this.undo.push(() => {
      bus.off("element.click", clicked);
      bus.off("root.set", turned);
      removeEventListener("keydown", pressed, { capture: true });
    });
  }

  /** Puts what is edited with out of reach, and back as it was. */
  private putAway(): () => void {
    const { diagram, root } = this.around;
    const canvas = diagram.get<Canvas>("canvas");
    const away = [...root.querySelectorAll<HTMLElement>(PUT_AWAY)];
    diagram.get<{ select(none: null): void }>("selection").select(null);
    for (const each of away) each.inert = true;
    root.dataset["playing"] = "true";
    root.append(this.pane.host);
    canvas.resized();
    return () => {
      for (const each of away) each.inert = false;
      delete root.dataset["playing"];
      this.pane.host.remove();
      canvas.resized();
    };
  }

  private turn(isPlaying: boolean): void {
    this.isPlaying = isPlaying;
    this.pane.show(isPlaying);
    clearTimeout(this.timer);
    if (isPlaying) this.goOn();
  }

  /** Makes the next move that goes on by itself, and so on; where somebody must choose, it waits for that. */
  private goOn(): void {
    clearTimeout(this.timer);
    const own = this.own();
    if (own) this.make(own);
    if (this.isPlaying && (own || this.own())) this.timer = window.setTimeout(() => this.goOn(), this.beat);
  }

  private step(): void {
    this.turn(false);
    const own = this.own();
    if (own) this.make(own);
    else this.pane.say(gettext("You must choose."));
  }

  private own(): Move | undefined {
    if (this.state.tokens.length > MOST_TOKENS) return undefined;
    const moves = movesOf(this.net, this.state);
    const isUntouched = this.state === BEGINNING && moves.length === 1;
    return isUntouched ? moves[0] : moves.find((move) => isOwn(move, moves));
  }

  private make(move: Move): void {
    const before = this.state.taken;
    const { state, told } = play(this.net, this.state, move);
    this.state = state;
    const flows = [...state.taken].flatMap(([flow, count]) => (count > (before.get(flow) ?? 0) ? [flow] : []));
    this.stage.move(flows, this.beat * 0.6);
    this.pane.tell(told.map((each) => toldWords(this.net, each)));
    this.show();
  }

  /** Makes a move that somebody chose; where it was playing, it goes on from there. */
  private choose(move: Move, ways: readonly string[]): void {
    this.make(ways.length ? { ...move, ways } : move);
    if (this.isPlaying) this.timer = window.setTimeout(() => this.goOn(), this.beat);
  }

  private reset(): void {
    this.turn(false);
    this.state = BEGINNING;
    this.pane.forget();
    this.show();
  }

  private show(): void {
    const moves = movesOf(this.net, this.state);
    const stuck = stuckIn(this.net, this.state);
    this.stage.show(this.state, moves.filter((move) => !isOwn(move, moves)), stuck);
    this.pane.warn(this.warnings(moves, stuck));
    const choices = moves.map((move) => ({
      words: moveWords(this.net, move),
      ways: move.several ? move.ways.map((id) => ({ id, words: wayWords(this.net, id) })) : [],
      take: (ways: readonly string[]) => this.choose(move, ways),
    }));
    this.pane.offer(choices, this.net.processes.length ? gettext("Nothing more.") : gettext("Nothing is drawn that could be played through."));
  }

  private warnings(moves: readonly Move[], stuck: readonly Stuck[]): string[] {
    const words = stuck.map((each) => stuckWords(this.net, each));
    if (this.state.tokens.length > MOST_TOKENS) words.push(gettext("There are more and more tokens: something is split again and again, and never joined."));
    const isStill = this.state.tokens.length > 0 && !moves.some((move) => move.tokens.length > 0);
    if (isStill && !stuck.length) words.push(gettext("Nothing can go on: what waits, waits for each other."));
    return words;
  }

  /** A click on a way, an event or a start chooses it, where that says which move is meant. */
  private click(element: Shape): void {
    const id = element.labelTarget?.id ?? element.id;
    const meant = movesOf(this.net, this.state).filter((move) => clickable(move).includes(id));
    const [move] = meant;
    if (!move || (meant.length > 1 && !meant.every((each) => each.node === move.node && each.act === move.act))) return;
    this.choose(move, move.several ? [id] : []);
  }

  /** The keys of the game; those of editing rest. */
  private key(event: KeyboardEvent): void {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const onControl = isTyping(event.target) || event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
    const act = isPlain ? this.keyed(event.key.toLowerCase(), onControl) : null;
    const isEditing = (isPlain && /^([a-z]|delete|backspace|f8)$/i.test(event.key)) || ((event.ctrlKey || event.metaKey) && /^[zyxvf]$/i.test(event.key));
    if (isTyping(event.target) && !act) return;
    if (act || isEditing) event.stopImmediatePropagation();
    if (!act) return;
    event.preventDefault();
    act();
  }

  private keyed(key: string, onControl: boolean): (() => void) | null {
    if (key === "escape" || key === "t") return () => this.leave();
    if (key === " " && !onControl) return () => this.turn(!this.isPlaying);
    if (key === "s") return () => this.step();
    return key === "r" ? () => this.reset() : null;
  }
}
