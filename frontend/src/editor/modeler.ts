/** The vendor's modeler with our colours, our namespaces and only what can be run. */
import "../bpmn/vendor.css";
import "../bpmn/vendor-editor.css";

import Modeler from "bpmn-js/lib/Modeler";
import GridModule from "diagram-js-grid";
import MinimapModule from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import interlock from "../bpmn/moddle/interlock.json";
import { PAPER } from "../bpmn/paper";
import { plainSigns } from "../bpmn/vendor-signs";
import { VENDOR_WORDS } from "../bpmn/vendor-words";
import { gettext } from "../ui/words";
import { COPYING } from "./clipboard";
import { OFFERED } from "./offered";

export type { Modeler };

/** Makes a modeler in a host, with nothing in it. */
export function makeModeler(host: HTMLElement): Modeler {
  plainSigns();
  const modeler = new Modeler({
    container: host,
    moddleExtensions: { zeebe, interlock },
    additionalModules: [OFFERED, COPYING, VENDOR_WORDS, GridModule, MinimapModule] as never[],
    ...PAPER,
  });
  host.setAttribute("role", "application");
  host.setAttribute("aria-label", gettext("Diagram"));
  for (const pattern of host.querySelectorAll('pattern[id^="djs-grid-pattern"]')) widen(pattern);
  return modeler;
}

/** Every second dot of the grid is enough to see where things stand. */
function widen(pattern: Element): void {
  pattern.setAttribute("width", "20");
  pattern.setAttribute("height", "20");
}
