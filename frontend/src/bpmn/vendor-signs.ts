/** The vendor's signs of aligning and spreading, without the inline styles that the page's policy refuses. */
import ALIGNING from "bpmn-js/lib/features/align-elements/AlignElementsIcons";
import SPREADING from "bpmn-js/lib/features/distribute-elements/DistributeElementsIcons";

/** Writes each sign's styles as attributes of its shapes, which say the same. Once, before a menu is opened. */
export function plainSigns(): void {
  for (const signs of [ALIGNING, SPREADING] as Record<string, string>[]) {
    for (const [name, sign] of Object.entries(signs)) signs[name] = withAttributes(sign);
  }
}

/** Returns a markup with `style="a:b;c:d"` written as `a="b" c="d"`. */
export function withAttributes(markup: string): string {
  return markup.replaceAll(/style="([^"]*)"/g, (_whole, style: string) =>
    style
      .split(";")
      .filter((rule) => rule.includes(":"))
      .map((rule) => rule.replace(/\s*([\w-]+)\s*:\s*(.*?)\s*$/, '$1="$2"'))
      .join(" "),
  );
}
