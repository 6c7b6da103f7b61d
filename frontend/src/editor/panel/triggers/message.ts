/** A message: its name, and which waiting run it is for. */
import { extensionOf, isA, type Model } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import { declaredName, declaredNames, ensure, MESSAGE, refer } from "../declared";
import type { Subject } from "../group";

/** Returns the fields of a message that a part waits for or sends; `isCorrelated` where a run is found by it. */
export function messageFields(subject: Subject, holder: Model, isCorrelated: boolean): (HTMLElement | null)[] {
  const { shape, edits, fields, model } = subject;
  const found = holder.get<Model | undefined>("messageRef");
  const key = found && extensionOf(found, "zeebe:Subscription")?.get<string | undefined>("correlationKey");
  const isSent = isA(model, "ThrowEvent", "SendTask");
  const setKey = (value: string) =>
    edits.together(() => {
      const message = ensure(subject, holder, MESSAGE);
      edits.putExtension(shape, "zeebe:Subscription", value ? { correlationKey: value } : null, message);
    });
  return [
    fields.text({
      key: "message-name",
      label: gettext("Name of the message"),
      value: declaredName(holder, MESSAGE),
      suggestions: declaredNames(subject, MESSAGE),
      placeholder: gettext("for example vendor-answered"),
      commit: (name) => refer(subject, holder, MESSAGE, name),
    }),
    isCorrelated
      ? fields.text({
          key: "correlation",
          label: gettext("Which run it is for"),
          value: key ?? "",
          feel: "always",
          mono: true,
          placeholder: "= ticket_id",
          hint: isSent ? gettext("An expression; the run that waits with the same value gets it.") : gettext("An expression; the message that carries the same value wakes this run."),
          commit: setKey,
        })
      : null,
  ];
}
