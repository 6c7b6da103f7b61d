/** A diagram that can be looked at: navigated with mouse, wheel and keys, and never edited. */
import "./vendor.css";

import OutlineModule from "bpmn-js/lib/features/outline";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

import { forgetColours, PAPER } from "./paper";
import { VENDOR_WORDS } from "./vendor-words";

export type Viewer = NavigatedViewer;

/** Opens a model, drawn neutral, in a host. */
export async function openViewer(host: HTMLElement, xml: string, label: string): Promise<Viewer> {
  const viewer = new NavigatedViewer({ container: host, additionalModules: [OutlineModule, VENDOR_WORDS as never], ...PAPER });
  forgetColours(viewer);
  await viewer.importXML(xml);
  host.setAttribute("role", "application");
  host.setAttribute("aria-label", label);
  return viewer;
}
