/** The run that shows a problem: tokens where they wait, and the path by which they came there. */
import type Canvas from "diagram-js/lib/core/Canvas";

import type { Shape } from "../bpmn/elements";
import type { Diagram } from "../bpmn/paper";
import { countedTokens, tokenOn } from "../bpmn/tokens";

const LAYER = "counter-example";
const PATH = "on-path";

export class TokenTrail {
  private marked: string[] = [];

  constructor(private readonly diagram: Diagram) {}

  /** Shows tokens and a path; none of both clears the paper. */
  show(tokens: readonly string[], path: readonly string[]): void {
    const canvas = this.diagram.get<Canvas>("canvas");
    const layer = canvas.getLayer(LAYER, 2) as unknown as SVGGElement;
    layer.replaceChildren();
    for (const id of this.marked) if (this.shape(id)) canvas.removeMarker(id, PATH);
    this.marked = path.filter((id) => this.shape(id)?.parent);
    for (const id of this.marked) canvas.addMarker(id, PATH);
    for (const [id, count] of countedTokens(tokens)) {
      const shape = this.shape(id);
      if (shape?.parent) layer.append(tokenOn(shape, count));
    }
  }

  private shape(id: string): Shape | undefined {
    return this.diagram.get<{ get(id: string): Shape | undefined }>("elementRegistry").get(id);
  }
}
