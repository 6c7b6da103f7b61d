/** The drawing that comments stand beside: what is chosen in it, and what its parts are called. */
import { type Model, nameOf } from "../bpmn/elements";
import type { Diagram } from "../bpmn/paper";
import { gettext } from "../ui/words";

/** A drawing as bpmn-js opens it. */
export type Opened = Diagram & { getDefinitions(): unknown };

export interface Around {
  /** The paper: pins on it are clicked. */
  canvas: HTMLElement;
  diagram: Opened;
  /** The address of the threads here. */
  url: string;
  /** Whether the drawing can change under the comments; a version stays what it is. */
  isDraft: boolean;
  /** Whether open comments show themselves. */
  opensItself: boolean;
  /** Returns the one element that is chosen. */
  chosen(): string | null;
  select(element: string): void;
  /** Saves what is drawn, so that the server knows the element; throws where that failed. */
  settle(): Promise<void>;
}

export class Drawing {
  constructor(private readonly around: Around) {}

  /** Returns the chosen element, else what stands for the whole process. */
  chosen(): string {
    return this.around.chosen() ?? this.around.diagram.get<{ getRootElement(): { businessObject: Model } }>("canvas").getRootElement().businessObject.id ?? "";
  }

  /** Returns what an element is called now, null where it is no longer there. */
  nameOf(element: string): string | null {
    const { diagram } = this.around;
    const shape = diagram.get<{ get(id: string): { businessObject: Model } | undefined }>("elementRegistry").get(element);
    // A process has no shape where several are drawn in pools.
    const roots = (diagram.getDefinitions() as Model).get<Model[]>("rootElements");
    const model = shape?.businessObject ?? roots.find((each) => each.id === element);
    return model ? nameOf(model) : null;
  }

  /** Says that an element is not there. A version may be older than the element. */
  goneWords(name: string): string {
    return this.around.isDraft ? gettext("“%(name)s” is no longer in the diagram.", { name }) : gettext("“%(name)s” is not in this version.", { name });
  }

  select(element: string): void {
    this.around.select(element);
  }

  settle(): Promise<void> {
    return this.around.settle();
  }
}
