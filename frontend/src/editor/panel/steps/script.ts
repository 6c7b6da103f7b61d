/** A script step: one expression, or a script in Starlark. */
import { gettext } from "../../../ui/words";
import { readName } from "../fields";
import { attributeField, attributeOf, type Group, type Subject } from "../group";

/** The format of script tasks that the script runner takes; docs/scripts.md. */
const STARLARK = "starlark";

const LANGUAGES = [
  { value: "", label: gettext("One expression (FEEL)") },
  { value: STARLARK, label: gettext("A script (Starlark)") },
] as const;

export function script(subject: Subject): Omit<Group, "title"> {
  const { model, shape, edits, fields } = subject;
  const variable = attributeOf(subject, "zeebe:Script", "resultVariable");
  const format = model.get<string | undefined>("scriptFormat") ?? "";
  const isStarlark = format.toLowerCase() === STARLARK;
  const choose = (language: string) =>
    edits.together(
      () => edits.setExtension(shape, "zeebe:Script", { expression: undefined }),
      () => edits.set(shape, { scriptFormat: language || undefined, script: undefined }),
    );
  const source = isStarlark
    ? fields.text({
        key: "script",
        label: gettext("Script"),
        value: model.get<string | undefined>("script") ?? "",
        lines: 12,
        mono: true,
        placeholder: "result = impact * urgency",
        hint: gettext("It sees the variables it names. Its last value, or what it assigns to result, is the result."),
        commit: (value) => edits.set(shape, { script: value.trim() ? value : undefined }),
      })
    : fields.text({ key: "expression", label: gettext("Expression"), ...attributeField(subject, "zeebe:Script", "expression"), feel: "always", lines: 4, mono: true, placeholder: "= impact * urgency" });
  return {
    value: variable ? gettext("sets %(variable)s", { variable }) : "",
    body: [
      fields.select("language", gettext("Written as"), isStarlark ? STARLARK : format, LANGUAGES, choose),
      source,
      fields.text({ key: "result", label: gettext("Result goes into"), ...attributeField(subject, "zeebe:Script", "resultVariable"), mono: true, placeholder: "priority", read: readName }),
    ],
  };
}
