/** What is used of dmn-js, which comes without types. */
declare module "dmn-js/lib/Modeler" {
  import type { DmnViews } from "./modeler";
  const Modeler: new (options: { container: HTMLElement }) => DmnViews;
  export default Modeler;
}

declare module "dmn-js/lib/Viewer" {
  import type { DmnViews } from "./modeler";
  const Viewer: new (options: { container: HTMLElement }) => DmnViews;
  export default Viewer;
}
