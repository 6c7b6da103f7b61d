/** The reader and writer of models behind the editor, which brings no types; used by tests only. */
declare module "bpmn-moddle" {
  export class BpmnModdle {
    constructor(packages: Record<string, unknown>);
    fromXML(xml: string): Promise<{ rootElement: object; elementsById: Record<string, object> }>;
    toXML(element: object, options: { format: boolean }): Promise<{ xml: string }>;
  }
}
