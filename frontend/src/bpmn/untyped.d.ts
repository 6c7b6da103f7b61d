/* Packages of the drawing library that bring no types. */
declare module "diagram-js-grid" {
  const module: object;
  export default module;
}
declare module "diagram-js-minimap" {
  const module: object;
  export default module;
}
declare module "bpmn-auto-layout" {
  export function layoutProcess(xml: string): Promise<string>;
}
declare module "bpmn-moddle" {
  export class BpmnModdle {
    constructor(packages?: Record<string, object>);
    fromXML(xml: string, type?: string): Promise<{ rootElement: object; elementsById: Record<string, object>; warnings: readonly object[] }>;
    toXML(element: object, options?: { format?: boolean }): Promise<{ xml: string }>;
    create(type: string, attributes?: Record<string, unknown>): object;
    createAny(type: string, uri: string, attributes: Record<string, unknown>): object;
  }
}
