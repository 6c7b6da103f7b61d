/** The order in which a model is told: along its flows, ways under what splits, edges under their step. */
import { isA, type Model } from "../../bpmn/elements";

/** A line of the outline: a part, or a way (a flow) under the part that it leaves. */
export interface Item {
  id: string;
  model: Model;
  /** What it is told after: the part that leads to it; for a way, where it leaves. */
  after: Model | null;
  /** A way's place among the ways that leave the same part, from 1; 1 of 1 for every other item. */
  at: number;
  of: number;
  /** Where a way leads, when that is told elsewhere; null when it follows. */
  elsewhere: Model | null;
  /** Whether a run can come here. */
  reached: boolean;
  children: Item[];
}

/** Returns the items of a file, without what `isDrawn` denies: that cannot be selected. */
export function outlineOf(definitions: Model, isDrawn: (id: string) => boolean): Item[] {
  const roots = listOf(definitions, "rootElements");
  const drawn = (model: Model) => model.id !== undefined && isDrawn(model.id);
  const pools = roots.filter((each) => isA(each, "Collaboration")).flatMap((each) => partsOf(each, drawn));
  const owned = new Set(pools.map((pool) => pool.model.get<Model | undefined>("processRef")));
  const alone = roots.filter((each) => isA(each, "Process") && !owned.has(each));
  const ofPool = (item: Item): Item => {
    const process = isA(item.model, "Participant") ? item.model.get<Model | undefined>("processRef") : undefined;
    return process ? { ...item, children: contentsOf(process, drawn) } : item;
  };
  return [...pools.map(ofPool), ...alone.flatMap((process) => contentsOf(process, drawn))];
}

type Drawn = (model: Model) => boolean;

/** Pools first, then what passes between them and stands beside them. */
function partsOf(collaboration: Model, drawn: Drawn): Item[] {
  const parts = [...listOf(collaboration, "participants"), ...listOf(collaboration, "messageFlows"), ...listOf(collaboration, "artifacts")];
  return parts.filter(drawn).map(beside);
}

function contentsOf(container: Model, drawn: Drawn): Item[] {
  const inside = listOf(container, "flowElements").filter(drawn);
  const notes = listOf(container, "artifacts").filter((each) => drawn(each) && !isA(each, "Association"));
  const data = inside.filter((each) => !isA(each, "FlowNode", "SequenceFlow"));
  return [...new Telling(inside, drawn).items(), ...[...data, ...lanesOf(container).filter(drawn), ...notes].map(beside)];
}

/** Returns the lanes of a process, the outer ones first. */
function lanesOf(container: Model): Model[] {
  const inSet = (set: Model | undefined): Model[] => (set ? listOf(set, "lanes").flatMap((lane) => [lane, ...inSet(lane.get<Model | undefined>("childLaneSet"))]) : []);
  return listOf(container, "laneSets").flatMap(inSet);
}

function beside(model: Model): Item {
  return { id: model.id ?? "", model, after: null, at: 1, of: 1, elsewhere: null, reached: true, children: [] };
}

/** What comes after the ways around, the innermost last: what is told next once a way ends. */
type Stops = readonly Model[];

/** Tells one process or sub-process. */
class Telling {
  private readonly nodes: Model[];
  private readonly flows = new Map<Model, Model[]>();
  private readonly entered = new Set<Model>();
  private readonly edges = new Map<Model, Model[]>();
  private readonly told = new Set<Model>();
  /** Events at edges wait until the way past them is told: what both lead to belongs to that way. */
  private waiting: { event: Model; item: Item }[] = [];

  constructor(
    inside: readonly Model[],
    private readonly drawn: Drawn,
  ) {
    this.nodes = inside.filter((each) => isA(each, "FlowNode"));
    for (const flow of inside) if (isA(flow, "SequenceFlow")) this.join(flow);
    for (const event of this.nodes) if (isA(event, "BoundaryEvent")) push(this.edges, event.get<Model>("attachedToRef"), event);
  }

  items(): Item[] {
    const free = this.nodes.filter((node) => !isA(node, "BoundaryEvent"));
    const starts = free.filter((node) => isA(node, "StartEvent"));
    const sources = free.filter((node) => !this.entered.has(node) && !isA(node, "StartEvent"));
    // Without a start event a run begins wherever nothing leads.
    const first = starts.length ? starts : sources.filter((node) => !isCalled(node));
    const called = sources.filter(isCalled);
    const reached = [...first, ...called].flatMap((node) => this.path(node, true));
    return [...reached, ...[...sources, ...free].flatMap((node) => this.path(node, false))];
  }

  private join(flow: Model): void {
    const [source, target] = [flow.get<Model | undefined>("sourceRef"), flow.get<Model | undefined>("targetRef")];
    if (!source || !target) return;
    push(this.flows, source, flow);
    this.entered.add(target);
  }

  private path(start: Model, reached: boolean): Item[] {
    const items = this.follow(start, null, [], reached);
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      next.item.children.push(...this.onward(next.event, [], next.item.reached));
    }
    return items;
  }

  /** Tells a part and what follows it, up to what is told already or comes after the ways around. */
  private follow(start: Model, before: Model | null, stops: Stops, reached: boolean): Item[] {
    const items: Item[] = [];
    let [node, after]: [Model | undefined, Model | null] = [start, before];
    while (node && !this.told.has(node) && !stops.includes(node)) {
      const item = this.open(node, after, reached);
      items.push(item);
      const meeting = this.ways(item, stops);
      [node, after] = [meeting, node];
    }
    return items;
  }

  private open(node: Model, after: Model | null, reached: boolean): Item {
    this.told.add(node);
    const item = { ...beside(node), after, reached };
    if (isA(node, "SubProcess")) item.children.push(...contentsOf(node, this.drawn));
    for (const event of this.edges.get(node) ?? []) {
      const edge = { ...beside(event), after: node, reached };
      this.told.add(event);
      item.children.push(edge);
      this.waiting.push({ event, item: edge });
    }
    return item;
  }

  /** Tells the ways out of a part under it; returns what is told next, on the same level. */
  private ways(item: Item, stops: Stops): Model | undefined {
    const out = this.flows.get(item.model) ?? [];
    const [only] = out;
    if (only && out.length === 1) {
      const target = only.get<Model>("targetRef");
      const isPassedBy = stops.includes(target) && target !== stops.at(-1);
      if (isPassedBy || this.told.has(target)) item.children.push(this.way(only, 1, 1, stops, item.reached));
      return target;
    }
    const meeting = this.meeting(out.map((flow) => flow.get<Model>("targetRef")), stops);
    const around = meeting ? [...stops, meeting] : stops;
    for (const [index, flow] of out.entries()) item.children.push(this.way(flow, index + 1, out.length, around, item.reached));
    return meeting;
  }

  private way(flow: Model, at: number, of: number, stops: Stops, reached: boolean): Item {
    const [source, target] = [flow.get<Model>("sourceRef"), flow.get<Model>("targetRef")];
    const isTold = this.told.has(target) || stops.includes(target);
    const item = { ...beside(flow), after: source, at, of, reached, elsewhere: isTold ? target : null };
    item.children = isTold ? [] : this.follow(target, source, stops, reached);
    return item;
  }

  /** Tells what follows an event at an edge, under it. */
  private onward(event: Model, stops: Stops, reached: boolean): Item[] {
    const out = this.flows.get(event) ?? [];
    const [only] = out;
    if (!only || out.length > 1 || this.told.has(only.get<Model>("targetRef"))) {
      return out.map((flow, index) => this.way(flow, index + 1, out.length, stops, reached));
    }
    return this.follow(only.get<Model>("targetRef"), event, stops, reached);
  }

  /** Returns the nearest part where most of several ways meet, or undefined where no two do. */
  private meeting(targets: readonly Model[], stops: Stops): Model | undefined {
    const counts = new Map<Model, number>();
    for (const target of targets) for (const node of this.ahead(target, stops)) counts.set(node, (counts.get(node) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    if (most < 2) return undefined;
    return [...this.ahead(targets, stops)].find((node) => counts.get(node) === most);
  }

  /** Returns what lies ahead, the nearest first, not past what is told or comes after. */
  private ahead(from: Model | readonly Model[], stops: Stops): Set<Model> {
    const found = new Set<Model>();
    const queue = [from].flat() as Model[];
    for (let node = queue.shift(); node; node = queue.shift()) {
      if (found.has(node) || this.told.has(node)) continue;
      found.add(node);
      if (!stops.includes(node)) queue.push(...(this.flows.get(node) ?? []).map((flow) => flow.get<Model>("targetRef")));
    }
    return found;
  }
}

/** Tells whether a part begins by itself, without a flow: by an event, a link or an undoing. */
function isCalled(node: Model): boolean {
  if (isA(node, "SubProcess") && node.get<boolean | undefined>("triggeredByEvent") === true) return true;
  if (isA(node, "Activity") && node.get<boolean | undefined>("isForCompensation") === true) return true;
  return isA(node, "IntermediateCatchEvent") && listOf(node, "eventDefinitions").some((each) => isA(each, "LinkEventDefinition"));
}

function listOf(model: Model, name: string): Model[] {
  return model.get<Model[] | undefined>(name) ?? [];
}

function push(map: Map<Model, Model[]>, key: Model | undefined, value: Model): void {
  if (key) map.set(key, [...(map.get(key) ?? []), value]);
}
