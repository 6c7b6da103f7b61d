/** What a part is called, and what the history of runs calls it. */
import type { Read } from "../../../bpmn/durations";
import { extensionOf, isA, type Model } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import type { Group, Subject } from "../group";

export function basics(subject: Subject): Group {
  const { model, shape, edits, fields } = subject;
  const property = isA(model, "TextAnnotation") ? "text" : "name";
  return {
    title: gettext("Basics"),
    value: "",
    body: [
      fields.text({
        key: "name",
        label: property === "text" ? gettext("Text") : gettext("Name"),
        value: model.get<string | undefined>(property) ?? "",
        ...(property === "text" ? { lines: 3 } : {}),
        ...(isA(model, "Gateway") ? { hint: gettext("A question, so that its flows can be the answers.") } : {}),
        commit: (value) => edits.set(shape, { [property]: value || undefined }),
      }),
      fields.text({
        key: "id",
        label: gettext("Id"),
        value: model.id ?? "",
        mono: true,
        hint: gettext("What the history of runs calls it. Change it only before the first run."),
        read: (text) => readId(subject, text),
        commit: (value) => edits.set(shape, { id: value }),
      }),
      ...ofProcess(subject),
    ],
  };
}

/** Reads an id: a name of XML that no other part of the model has. */
function readId(subject: Subject, text: string): Read {
  const value = text.trim();
  if (!/^[A-Za-z_][\w.-]*$/.test(value)) return { ok: false, error: gettext("Write letters, digits, dots, dashes or underscores, and begin with a letter.") };
  const ids = (subject.definitions as unknown as { $model: { ids: { assigned(id: string): unknown } } }).$model.ids;
  if (value !== subject.model.id && ids.assigned(value)) return { ok: false, error: gettext("%(id)s is taken. Every part of a model has its own id.", { id: value }) };
  return { ok: true, value };
}

function ofProcess({ model, shape, edits, fields }: Subject): HTMLElement[] {
  const process = isA(model, "Participant") ? model.get<Model | undefined>("processRef") : isA(model, "Process") ? model : undefined;
  if (!process) return [];
  const isRun = process.get<boolean | undefined>("isExecutable") === true;
  const tag = extensionOf(process, "zeebe:VersionTag")?.get<string | undefined>("value") ?? "";
  return [
    fields.check("executable", gettext("This process can be run"), isRun, (checked) => edits.setPart(shape, process, { isExecutable: checked }), gettext("A pool that stands for somebody else is a drawing only.")),
    fields.text({
      key: "version-tag",
      label: gettext("Version tag"),
      value: tag,
      optional: true,
      hint: gettext("Calls may ask for the version with this tag."),
      commit: (value) => edits.putExtension(shape, "zeebe:VersionTag", value ? { value } : null, process),
    }),
  ];
}
