/** Restricts what the vendor's pad and menu offer to what this product can run. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type EventBus from "diagram-js/lib/core/EventBus";
import ContextPad from "diagram-js/lib/features/context-pad/ContextPad";

import type { Shape } from "../bpmn/elements";
import { gettext } from "../ui/words";

interface Entry {
  className?: string;
  title?: string;
  group?: string;
  action: { click?: (event: Event, element: Shape) => void; dragstart?: (event: Event, element: Shape) => void };
}

type Entries = Record<string, Entry>;
type Change = (entries: Entries) => Entries;

interface Pad {
  registerProvider(priority: number, provider: { getContextPadEntries(element: Shape): Change }): void;
}

interface Menu {
  registerProvider(id: string, priority: number, provider: { getPopupMenuEntries(element: Shape): Change }): void;
}

interface Factory {
  createShape(attributes: Record<string, unknown>): Shape;
}

interface Create {
  start(event: Event, shape: Shape, context: { source: Shape }): void;
}

interface Placer {
  append(source: Shape, shape: Shape): void;
}

/** From a part to its pad, and what the pad takes with it, in pixels. */
const PAD_GAP = 12;
const PAD_ROOM = 40;

/** Entries of the pad that are kept as they are. */
const KEPT = /^(delete|connect|replace|lane-|append\.(end-event|text-annotation)$)/;

const REPLACEMENTS =
  /^replace-with-(none-start|none-end|terminate-end|message-start|timer-start|message-intermediate-catch|timer-intermediate-catch|exclusive-gateway|parallel-gateway|user-task|service-task|script-task|sequence-flow|default-flow|conditional-flow|(non-interrupting-)?(timer|message)-boundary|collapsed-pool|expanded-pool)$/;

const APPENDED = [
  { key: "append.user-task", type: "bpmn:UserTask", className: "bpmn-icon-user-task", title: gettext("Then a person") },
  { key: "append.service-task", type: "bpmn:ServiceTask", className: "bpmn-icon-service-task", title: gettext("Then a service") },
  { key: "append.gateway", type: "bpmn:ExclusiveGateway", className: "bpmn-icon-gateway-xor", title: gettext("Then a decision") },
];

class OfferedPad {
  static readonly $inject = ["contextPad", "elementFactory", "create", "autoPlace"];

  constructor(
    pad: Pad,
    private readonly factory: Factory,
    private readonly create: Create,
    private readonly placer: Placer,
  ) {
    pad.registerProvider(500, this);
  }

  getContextPadEntries(_element: Shape): Change {
    return (entries) => {
      const kept = Object.fromEntries(Object.entries(entries).filter(([key]) => KEPT.test(key)));
      if (!("append.append-task" in entries)) return kept;
      return { ...Object.fromEntries(APPENDED.map((each) => [each.key, this.append(each)])), ...kept };
    };
  }

  private append({ type, className, title }: (typeof APPENDED)[number]): Entry {
    const make = () => this.factory.createShape({ type });
    return {
      group: "model",
      className,
      title,
      action: {
        click: (_event, element) => this.placer.append(element, make()),
        dragstart: (event, element) => this.create.start(event, make(), { source: element }),
      },
    };
  }
}

class OfferedMenu {
  static readonly $inject = ["popupMenu"];

  constructor(menu: Menu) {
    menu.registerProvider("bpmn-replace", 500, this);
  }

  getPopupMenuEntries(_element: Shape): Change {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([key]) => REPLACEMENTS.test(key)));
  }
}

interface Place {
  left: number;
  top: number;
}

/** What the vendor's pad does to find its place, which its types keep to themselves. */
const VENDOR_PLACE = (ContextPad.prototype as unknown as { _getPosition(target: unknown): Place })._getPosition;

/**
 * Puts the pad in a row under a part, where it covers no neighbour; over it where something is
 * below, such as the part's own label or the end of the paper.
 */
class PadInARow extends ContextPad {
  constructor(private readonly paper: Canvas, ...others: [ElementRegistry, EventBus, never]) {
    super(paper, ...others);
  }

  _getPosition(target: Shape | Shape[]): Place {
    if (Array.isArray(target) || target.waypoints !== undefined) return VENDOR_PLACE.call(this, target);
    const { x, y, scale } = this.paper.viewbox();
    const end = target.y + target.height;
    const [left, top, bottom] = [(target.x - x) * scale, (target.y - y) * scale, (end - y) * scale];
    const below = [...(target.labels ?? []), ...(target.attachers ?? [])].some((each) => each.y + each.height > end);
    const isOver = below || bottom + PAD_ROOM > this.paper.getContainer().clientHeight;
    return { left, top: isOver ? top - PAD_ROOM : bottom + PAD_GAP };
  }
}

/** No palette of the vendor: ours stands beside the canvas. */
class NoPalette {}

export const OFFERED = {
  __init__: ["offeredPad", "offeredMenu"],
  offeredPad: ["type", OfferedPad],
  offeredMenu: ["type", OfferedMenu],
  paletteProvider: ["type", NoPalette],
  contextPad: ["type", PadInARow],
};
