/** A form in a file of the draft, which a step names by its id; it is built on a page of its own. */
import { extensionOf, type Model } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import type { Subject } from "../group";

const FORM = "zeebe:FormDefinition";

/** Returns the id of the form file that a part asks for; empty where it names none. */
export function fileOf(model: Model): string {
  return extensionOf(model, FORM)?.get<string | undefined>("formId") ?? "";
}

/** Draws which form of the draft is asked, and the way to its builder. */
export function formFile({ model, shape, edits, fields }: Subject): HTMLElement[] {
  const draft = location.pathname.replace(/\/edit$/, "");
  const id = fileOf(model);
  const named = fields.text({
    key: "form-file",
    label: gettext("Form of the draft"),
    value: id,
    optional: true,
    mono: true,
    placeholder: "plan-change",
    hint: gettext("Its id. Such a form is built with a preview, and several steps may ask for it."),
    commit: (value) => edits.putExtension(shape, FORM, value ? { formId: value } : null),
  });
  return [named, h("a", { href: `${draft}/files` }, gettext("Forms and decisions of this draft"))];
}
