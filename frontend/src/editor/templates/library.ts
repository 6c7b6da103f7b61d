/** The step library in the editor: what the catalogue offers, and what it does to a step, each as one undo. */
import { call } from "../../api/client";
import { eventOf, isA, type Model, type Shape } from "../../bpmn/elements";
import type { Diagram } from "../../bpmn/paper";
import type { Edits } from "../edits";
import { begun, settled } from "./filling";
import { type Pen, saidAt, unlink, write } from "./places";
import { type Effect, elementOf, type Field, nameOf, placeOf, type Row, type Said, type Template } from "./shapes";

/** What an upgrade would do, before it is done. */
export interface Upgrade {
  template: Template;
  effects: Effect[];
}

interface Factory {
  createShape(attributes: Record<string, unknown>): Shape;
}

const MARK = "zeebe:modelerTemplate";

export class Library {
  private rows: Row[] = [];
  private loaded: Promise<readonly Row[]> | null = null;
  private readonly versions = new Map<string, Template | null>();

  constructor(
    private readonly diagram: Diagram,
    private readonly edits: Edits,
    private readonly definitions: () => Model,
    private readonly draftUrl: string,
  ) {}

  /** Fetches the catalogue once; until then, and where that fails, the editor works without it. */
  load(): Promise<readonly Row[]> {
    this.loaded ??= call<{ templates: Row[] }>("GET", "/api/v1/step-templates").then(({ templates }) => {
      this.rows = templates;
      this.redraw();
      return this.offered();
    });
    // Where it failed, the next time asks again.
    this.loaded.catch(() => (this.loaded = null));
    return this.loaded;
  }

  /** Returns what can be chosen. */
  offered(): readonly Row[] {
    return this.rows.filter((row) => row.retired === "");
  }

  /** Returns the row of the template that a step was made from, and the version of it. */
  rowOf(model: Model): { row: Row | undefined; version: number; id: string } | null {
    const id = markOf(model);
    if (!id) return null;
    return { id, row: this.rows.find((row) => row.id === id), version: model.get<number | undefined>("zeebe:modelerTemplateVersion") ?? 0 };
  }

  /** Returns the template a step was made from; one that is not there yet is fetched, and the panel drawn again. */
  templateOf(model: Model): Template | null {
    const found = this.rowOf(model);
    if (!found?.row) return null;
    if (found.row.version === found.version) return found.row.template;
    const key = `${found.id} ${found.version}`;
    if (!this.versions.has(key)) {
      this.versions.set(key, null);
      void this.fetch(key, found.id, found.version);
    }
    return this.versions.get(key) ?? null;
  }

  /** Tells whether a template can be chosen for a part: one of a kind it applies to. */
  applies(row: Row, model: Model): boolean {
    const { type, event } = elementOf(row.template);
    if (model.$type === type && (event === "" || eventOf(model)?.$type === event)) return true;
    if (isA(model, "BoundaryEvent") !== (type === "bpmn:BoundaryEvent")) return false;
    if (type === "bpmn:Task" || row.template.appliesTo.some((each) => each === "bpmn:Task" || each === "bpmn:Activity")) return isA(model, "Task") || isA(model, "CallActivity");
    return row.template.appliesTo.includes(model.$type);
  }

  /** Applies a template to a part; returns the part as it is then. */
  apply(shape: Shape, template: Template): Shape {
    let now = shape;
    this.edits.together(
      () => (now = this.reshaped(shape, template)),
      () => this.fill(now, template, this.earlier(now.businessObject)),
    );
    this.diagram.get<{ select(shape: Shape): void }>("selection").select(now);
    return now;
  }

  /** Makes a shape that can be placed; it is filled once it is on the paper. */
  shapeOf(template: Template): Shape {
    const { type, event } = elementOf(template);
    const made = this.diagram.get<Factory>("elementFactory").createShape({ type, ...(event ? { eventDefinitionType: event } : {}) });
    made.businessObject.set("name", template.name);
    return made;
  }

  /** Puts a step of a template after a part, or beside what is drawn. One undo. */
  place(template: Template, source: Shape | null): void {
    const shape = this.shapeOf(template);
    let placed = shape;
    this.edits.together(
      () => (placed = source ? this.diagram.get<{ append(source: Shape, shape: Shape): Shape }>("autoPlace").append(source, shape) : this.beside(shape)),
      () => this.fill(placed, template, []),
    );
    this.diagram.get<{ select(shape: Shape): void }>("selection").select(placed);
  }

  /** Sets one field; fields that this shows or hides come and go with it. */
  set(shape: Shape, template: Template, field: Field, value: string): void {
    const said = new Map(saidAt(shape.businessObject, template.properties)).set(placeOf(field.binding), value);
    const values = settled(template, said);
    // An empty field says nothing, even where the template began with something.
    if (value === "") values.delete(placeOf(field.binding));
    this.edits.together(() => write(this.pen(shape), this.definitions(), shape.businessObject, template, values, []));
  }

  unlink(shape: Shape): void {
    this.edits.together(() => unlink(this.pen(shape), shape.businessObject));
  }

  /** Asks what the latest version would change in a step. */
  async upgrade(model: Model): Promise<Upgrade> {
    const found = this.rowOf(model);
    const fields = [...this.earlier(model), ...(found?.row?.template.properties ?? [])];
    const said = saidAt(model, fields);
    const places = new Map(fields.map((field) => [placeOf(field.binding), field.binding]));
    const values = [...said].map(([place, value]) => ({ kind: places.get(place)?.type ?? "", name: nameOf(places.get(place) ?? { type: "" }), value }));
    return call<Upgrade>("POST", `${this.draftUrl}/step-impact`, { body: { template: found?.id ?? "", version: found?.version ?? 0, values } });
  }

  private fill(shape: Shape, template: Template, earlier: readonly Field[]): void {
    const model = shape.businessObject;
    const said: Said = saidAt(model, template.properties);
    write(this.pen(shape), this.definitions(), model, template, begun(template, said), earlier);
  }

  /** Returns the fields of the template that a step was made from until now. */
  private earlier(model: Model): readonly Field[] {
    return this.templateOf(model)?.properties ?? [];
  }

  private reshaped(shape: Shape, template: Template): Shape {
    const { type, event } = elementOf(template);
    const model = shape.businessObject;
    if (model.$type === type && (event === "" || eventOf(model)?.$type === event)) return shape;
    const replace = this.diagram.get<{ replaceElement(shape: Shape, target: Record<string, unknown>): Shape }>("bpmnReplace");
    return replace.replaceElement(shape, { type, ...(event ? { eventDefinitionType: event } : {}) });
  }

  private beside(shape: Shape): Shape {
    const canvas = this.diagram.get<{ viewbox(): { inner: Box } & Box; getRootElement(): unknown }>("canvas");
    const { inner, x, y, width, height } = canvas.viewbox();
    const at = inner.width ? { x: inner.x + inner.width / 2, y: inner.y + inner.height + 80 } : { x: x + width / 2, y: y + height / 2 };
    return this.diagram.get<{ createShape(shape: Shape, at: { x: number; y: number }, parent: unknown): Shape }>("modeling").createShape(shape, at, canvas.getRootElement());
  }

  private pen(shape: Shape): Pen {
    return {
      create: (type, attributes, parent) => this.edits.create(type, attributes, parent),
      set: (part, properties) => (part === shape.businessObject ? this.edits.set(shape, properties) : this.edits.setPart(shape, part, properties)),
      isAlone: (declaration, reference) => this.edits.holdersOf(declaration, reference).length <= 1,
    };
  }

  private async fetch(key: string, id: string, version: number): Promise<void> {
    try {
      this.versions.set(key, await call<Template>("GET", `/api/v1/step-templates/${encodeURIComponent(id)}/versions/${version}`));
      this.redraw();
    } catch {
      // The catalogue has no such version: the panel says so, and the server does with the problems.
    }
  }

  private redraw(): void {
    document.dispatchEvent(new CustomEvent("interlock:panel"));
  }
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Returns the id of the template that a part was made from, or an empty text. */
export function markOf(model: Model): string {
  return isA(model, "FlowElement") ? (model.get<string | undefined>(MARK) ?? "") : "";
}
