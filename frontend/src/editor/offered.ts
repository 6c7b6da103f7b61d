/** Restricts what the vendor's pad and menu offer to what this product can run. */
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

/** No palette of the vendor: ours stands beside the canvas. */
class NoPalette {}

export const OFFERED = {
  __init__: ["offeredPad", "offeredMenu"],
  offeredPad: ["type", OfferedPad],
  offeredMenu: ["type", OfferedMenu],
  paletteProvider: ["type", NoPalette],
};
