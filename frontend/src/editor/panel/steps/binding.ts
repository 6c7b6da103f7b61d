/** Which version of what it calls a step is bound to. */
import { gettext } from "../../../ui/words";
import { attributeField, attributeOf, type Subject } from "../group";

const BINDINGS = [
  { value: "latest", label: gettext("The newest released when it is called") },
  { value: "deployment", label: gettext("The one that is there when this is published") },
  { value: "versionTag", label: gettext("The one with a version tag") },
] as const;

export function bindingFields(subject: Subject, type: string): HTMLElement[] {
  const { shape, edits, fields } = subject;
  const binding = attributeOf(subject, type, "bindingType") || "latest";
  const choose = (bindingType: string) => edits.setExtension(shape, type, { bindingType: bindingType === "latest" ? undefined : bindingType, versionTag: undefined });
  return [
    fields.select("binding", gettext("Which version"), binding, BINDINGS, choose, gettext("Processes of risk class high may only use the one that was there when they were published.")),
    ...(binding === "versionTag" ? [fields.text({ key: "tag", label: gettext("Version tag"), ...attributeField(subject, type, "versionTag") })] : []),
  ];
}
