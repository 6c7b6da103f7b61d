/** What the author leaves for the people who meet a part: it is shown at their work. */
import type { Model } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import type { Group, Subject } from "../group";

export function documentation({ model, shape, edits, fields }: Subject): Group {
  const words = model.get<Model[] | undefined>("documentation")?.[0]?.get<string | undefined>("text") ?? "";
  const write = (value: string) => edits.set(shape, { documentation: value.trim() ? [edits.create("bpmn:Documentation", { text: value.trim() }, model)] : [] });
  return {
    title: gettext("Documentation"),
    value: words.length > 28 ? `${words.slice(0, 27)}…` : words,
    body: [fields.text({ key: "documentation", label: gettext("What people should know"), value: words, lines: 5, optional: true, hint: gettext("Shown to whoever works on it, and on the page of the process."), commit: write })],
  };
}
