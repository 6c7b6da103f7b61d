/** The vendor's pad and menu, with what is drawn most and in the words of this product. */
import type Canvas from "diagram-js/lib/core/Canvas";
import type ElementRegistry from "diagram-js/lib/core/ElementRegistry";
import type EventBus from "diagram-js/lib/core/EventBus";
import ContextPad from "diagram-js/lib/features/context-pad/ContextPad";

import type { Shape } from "../bpmn/elements";
import { gettext } from "../ui/words";
import { PARTS } from "./parts";

interface Entry {
  className?: string;
  title?: string;
  label?: string;
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

const APPENDED = [
  { key: "append.user-task", type: "bpmn:UserTask", className: "bpmn-icon-user-task", title: gettext("Then a person") },
  { key: "append.service-task", type: "bpmn:ServiceTask", className: "bpmn-icon-service-task", title: gettext("Then a service") },
  { key: "append.gateway", type: "bpmn:ExclusiveGateway", className: "bpmn-icon-gateway-xor", title: gettext("Then a decision") },
];

/** What the vendor's replacements are called, by the ends of their keys. */
const PLAIN: Record<string, string> = {
  task: labelOf("plain"),
  "user-task": labelOf("person"),
  "service-task": labelOf("service"),
  "send-task": labelOf("send"),
  "receive-task": labelOf("receive"),
  "manual-task": labelOf("manual"),
  "rule-task": labelOf("decision"),
  "script-task": labelOf("script"),
  "call-activity": labelOf("call"),
  transaction: labelOf("transaction"),
  "event-subprocess": labelOf("event-sub"),
  subprocess: labelOf("sub"),
  "expanded-subprocess": labelOf("sub"),
  "collapsed-subprocess": gettext("Sub-process, folded"),
  "ad-hoc-subprocess": labelOf("any-order"),
  "expanded-ad-hoc-subprocess": labelOf("any-order"),
  "collapsed-ad-hoc-subprocess": gettext("Steps in any order, folded"),
  "exclusive-gateway": labelOf("decide"),
  "parallel-gateway": labelOf("split"),
  "inclusive-gateway": labelOf("some"),
  "event-based-gateway": labelOf("first"),
  "complex-gateway": labelOf("complex"),
  "sequence-flow": gettext("Plain flow"),
  "default-flow": gettext("Taken otherwise"),
  "conditional-flow": gettext("Taken on a condition"),
  "none-start": labelOf("start"),
  "timer-start": labelOf("start-time"),
  "message-start": labelOf("start-message"),
  "signal-start": labelOf("start-signal"),
  "timer-intermediate-catch": labelOf("wait"),
  "message-intermediate-catch": labelOf("message"),
  "signal-intermediate-catch": labelOf("wait-signal"),
  "conditional-intermediate-catch": labelOf("wait-condition"),
  "link-intermediate-catch": labelOf("link-here"),
  "message-intermediate-throw": labelOf("tell-message"),
  "signal-intermediate-throw": labelOf("tell-signal"),
  "escalation-intermediate-throw": labelOf("escalate"),
  "compensation-intermediate-throw": labelOf("undo"),
  "link-intermediate-throw": labelOf("link-there"),
  "none-end": labelOf("end"),
  "terminate-end": labelOf("end-all"),
  "error-end": labelOf("end-error"),
  "message-end": labelOf("end-message"),
  "signal-end": labelOf("end-signal"),
  "escalation-end": labelOf("end-escalation"),
  "compensation-end": labelOf("end-undo"),
  "cancel-end": labelOf("end-cancel"),
  "timer-boundary": labelOf("edge-time"),
  "error-boundary": labelOf("edge-error"),
  "message-boundary": labelOf("edge-message"),
  "signal-boundary": labelOf("edge-signal"),
  "conditional-boundary": labelOf("edge-condition"),
  "escalation-boundary": labelOf("edge-escalation"),
  "compensation-boundary": labelOf("edge-undo"),
  "non-interrupting-timer-boundary": gettext("Time limit, beside the step"),
  "non-interrupting-message-boundary": gettext("When a message comes, beside the step"),
  "non-interrupting-signal-boundary": gettext("When a signal comes, beside the step"),
  "non-interrupting-conditional-boundary": gettext("When a condition holds, beside the step"),
  "non-interrupting-escalation-boundary": gettext("When it escalates, beside the step"),
};

function labelOf(key: string): string {
  return PARTS.find((part) => part.key === key)?.label ?? key;
}

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

/** Says in the menu of replacements what the parts are called here; the vendor's names are BPMN's. */
class PlainMenu {
  static readonly $inject = ["popupMenu"];

  constructor(menu: Menu) {
    menu.registerProvider("bpmn-replace", 500, this);
  }

  getPopupMenuEntries(_element: Shape): Change {
    return (entries) => Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, { ...entry, label: PLAIN[key.replace("replace-with-", "")] ?? entry.label ?? "" }]));
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
 * below, such as the part's own label or the end of the paper. That of a flow hangs at its middle:
 * at its end it would lie over the part that the flow leads to.
 */
class PadInARow extends ContextPad {
  constructor(private readonly paper: Canvas, ...others: [ElementRegistry, EventBus, never]) {
    super(paper, ...others);
  }

  _getPosition(target: Shape | Shape[]): Place {
    if (Array.isArray(target)) return VENDOR_PLACE.call(this, target);
    const { x, y, scale } = this.paper.viewbox();
    const on = (point: { x: number; y: number }): Place => ({ left: (point.x - x) * scale, top: (point.y - y) * scale });
    if (target.waypoints !== undefined) {
      const { left, top } = on(middleOf(target.waypoints));
      return { left: left - PAD_GAP, top: top + PAD_GAP };
    }
    const end = target.y + target.height;
    const { left, top } = on(target);
    const bottom = top + target.height * scale;
    const below = [...(target.labels ?? []), ...(target.attachers ?? [])].some((each) => each.y + each.height > end);
    const isOver = below || bottom + PAD_ROOM > this.paper.getContainer().clientHeight;
    return { left, top: isOver ? top - PAD_ROOM : bottom + PAD_GAP };
  }
}

interface Point {
  x: number;
  y: number;
}

/** Returns the middle of the longest piece of a line. */
function middleOf(points: readonly Point[]): Point {
  const pieces = points.slice(1).map((to, index) => ({ from: points[index] ?? to, to }));
  const length = ({ from, to }: { from: Point; to: Point }) => Math.hypot(to.x - from.x, to.y - from.y);
  const longest = pieces.reduce((best, each) => (length(each) > length(best) ? each : best), pieces[0] ?? { from: { x: 0, y: 0 }, to: { x: 0, y: 0 } });
  return { x: (longest.from.x + longest.to.x) / 2, y: (longest.from.y + longest.to.y) / 2 };
}

/** No palette of the vendor: ours stands beside the canvas. */
class NoPalette {}

export const OFFERED = {
  __init__: ["offeredPad", "plainMenu"],
  offeredPad: ["type", OfferedPad],
  plainMenu: ["type", PlainMenu],
  paletteProvider: ["type", NoPalette],
  contextPad: ["type", PadInARow],
};
