/** Whether the paper is light or dark: as the page is, light where a file brings colours, or as chosen. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type EventBus from "diagram-js/lib/core/EventBus";

import { colourOf, hasColours } from "../bpmn/paper";
import type { Diagram } from "../bpmn/paper";

type Tone = "light" | "dark";

const KEPT = "interlock.editor.paper";
const COLOURED = "has-colours";

interface Drawn {
  id: string;
  di?: unknown;
}

export class Paper {
  private chosen = readTone(localStorage.getItem(KEPT));
  private readonly night = matchMedia("(prefers-color-scheme: dark)");
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly diagram: Diagram,
    private readonly canvas: HTMLElement,
    private readonly definitions: () => unknown,
  ) {
    this.night.addEventListener("change", () => this.paint());
    const bus = diagram.get<EventBus>("eventBus");
    bus.on("import.done", () => this.paint());
    bus.on("elements.changed", (event: { elements: Drawn[] }) => this.mark(event.elements));
    // The tone that no file has a say in, before one is drawn: another tone later would have all of it styled once more.
    this.paint();
  }

  get isDark(): boolean {
    return this.tone === "dark";
  }

  /** Turns the paper over, and remembers that for this browser. */
  turn(): void {
    this.chosen = this.isDark ? "light" : "dark";
    localStorage.setItem(KEPT, this.chosen);
    this.paint();
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private get tone(): Tone {
    if (this.chosen) return this.chosen;
    const definitions = this.definitions();
    if (definitions && hasColours(definitions as never)) return "light";
    return readTone(document.documentElement.dataset["theme"] ?? null) ?? (this.night.matches ? "dark" : "light");
  }

  private paint(): void {
    const tone = this.tone;
    if (this.canvas.dataset["paper"] !== tone) this.canvas.dataset["paper"] = tone;
    this.mark(this.diagram.get<{ getAll(): Drawn[] }>("elementRegistry").getAll());
    for (const listener of this.listeners) listener();
  }

  /** What has colours of its own is drawn as on light paper and then inverted: hues stay what they are. */
  private mark(elements: readonly Drawn[]): void {
    const canvas = this.diagram.get<Canvas>("canvas");
    const registry = this.diagram.get<{ get(id: string): unknown }>("elementRegistry");
    for (const { id, di } of elements) {
      if (!registry.get(id)) continue;
      if (di && colourOf(di as never)) canvas.addMarker(id, COLOURED);
      else if (canvas.hasMarker(id, COLOURED)) canvas.removeMarker(id, COLOURED);
    }
  }
}

function readTone(written: string | null): Tone | null {
  return written === "light" || written === "dark" ? written : null;
}
