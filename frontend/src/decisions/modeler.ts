/** dmn-js, fetched only on the page of a decision. */
import "./vendor.css";

export interface View {
  id: string;
  name: string | undefined;
  type: "drd" | "decisionTable" | "literalExpression" | "boxedExpression";
  element: { id: string };
}

interface Row {
  id: string;
}

export interface ActiveViewer {
  get(name: "sheet"): { getRoot(): { id: string; rows: Row[]; businessObject: { id: string } } };
  get(name: "canvas"): { zoom(level: string, at?: string): void };
  on(event: string, listener: () => void): void;
}

/** What dmn-js's modeler and viewer have in common: several views of one file. */
export interface DmnViews {
  importXML(xml: string): Promise<unknown>;
  saveXML(options: { format: boolean }): Promise<{ xml: string }>;
  getViews(): View[];
  getActiveView(): View | undefined;
  getActiveViewer(): ActiveViewer;
  open(view: View): Promise<unknown>;
  on(event: string, listener: (event: { viewer: ActiveViewer }) => void): void;
}

export async function openViews(container: HTMLElement, mayEdit: boolean): Promise<DmnViews> {
  letStylesIn();
  const { default: Views } = mayEdit ? await import("dmn-js/lib/Modeler") : await import("dmn-js/lib/Viewer");
  return new Views({ container });
}

/**
 * The editor of a cell brings its styles as an element, and dmn-js has no way to tell it the number
 * that the policy asks for.
 */
function letStylesIn(): void {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (!nonce) return;
  const make = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const made = make(tag, options);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  }) as typeof document.createElement;
}
