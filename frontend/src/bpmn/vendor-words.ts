/** The texts of bpmn-js itself: its menus and pads ask here, as ours ask the catalogue. */
import { gettext } from "../ui/words";

/** Returns a text of the vendor's, whose own placeholders are in braces. */
function translate(template: string, replacements: Record<string, string> = {}): string {
  return gettext(template).replaceAll(/\{(\w+)\}/g, (whole, name: string) => replacements[name] ?? whole);
}

export const VENDOR_WORDS = { translate: ["value", translate] };
