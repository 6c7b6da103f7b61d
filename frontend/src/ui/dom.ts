/** Making elements without inline styles or markup in strings: the policy allows neither. */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | EventListener>;

/** Makes an element. `on…` attributes are listeners, true is an empty attribute, null is none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, attributes);
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

/** Makes an SVG element. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(element, attributes);
  element.append(...children.filter((child): child is Node | string => Boolean(child)));
  return element;
}

function apply(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, String(value));
    }
  }
}

/** Draws a sign of the sprite. Silent: what it says is said in words beside it. */
export function icon(name: string): SVGSVGElement {
  const sprite = document.documentElement.dataset["icons"] ?? "/static/icons.svg";
  return s(
    "svg",
    { class: name === "play" ? "icon icon--solid" : "icon", "aria-hidden": "true" },
    s("use", { href: `${sprite}#${name}` }),
  );
}

/** Returns the element that a page must have; its absence is a mistake of the template. */
export function must<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}

/** Tells the page, and tests, that the alive part can be used. */
export function ready(): void {
  document.documentElement.dataset["ready"] = "1";
}

/** Tells whether somebody is typing, so that single keys are letters and not commands. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Tells whether movement is unwelcome. */
export function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
