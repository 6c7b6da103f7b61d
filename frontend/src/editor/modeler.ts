/** The vendor's modeler with our colours, our namespaces and only what can be run. */
import "../bpmn/vendor.css";
import "../bpmn/vendor-editor.css";

import Modeler from "bpmn-js/lib/Modeler";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";

import interlock from "../bpmn/moddle/interlock.json";
import { hasColours, PAPER } from "../bpmn/paper";
import { VENDOR_WORDS } from "../bpmn/vendor-words";
import { gettext } from "../ui/words";
import { OFFERED } from "./offered";

export type { Modeler };

/** Makes a modeler in a host and opens a model in it. */
export async function openModeler(host: HTMLElement, xml: string): Promise<Modeler> {
  const modeler = new Modeler({
    container: host,
    moddleExtensions: { zeebe, interlock },
    additionalModules: [OFFERED as never, VENDOR_WORDS as never],
    ...PAPER,
  });
  host.setAttribute("role", "application");
  host.setAttribute("aria-label", gettext("Diagram"));
  await modeler.importXML(xml);
  // Colours of the file were chosen for light paper.
  if (hasColours(modeler.getDefinitions() as never)) host.closest<HTMLElement>(".canvas")?.setAttribute("data-paper", "light");
  return modeler;
}
