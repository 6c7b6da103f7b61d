/** What makes a user task a decision: approve or reject, by several different persons. */
import { extensionOf, isA } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext, ngettext } from "../../../ui/words";
import { readWhole } from "../fields";
import type { Group, Subject } from "../group";

const MOST_APPROVALS = 20;

export function gate({ model, shape, edits, fields }: Subject): Group | null {
  if (!isA(model, "UserTask")) return null;
  const found = extensionOf(model, "interlock:Gate");
  const quorum = found?.get<string | undefined>("quorum") ?? "1";
  return {
    title: gettext("Gate"),
    value: found ? ngettext("%(count)s approval", "%(count)s approvals", Number(quorum) || 1) : gettext("none"),
    body: [
      fields.check("gate", gettext("A gate: somebody approves or rejects"), found !== undefined, (on) => edits.putExtension(shape, "interlock:Gate", on ? { quorum: "1" } : null), gettext("Who started the run, and who wrote this version, may not decide.")),
      ...(found
        ? [
            fields.text({ key: "quorum", label: gettext("Approvals needed"), value: quorum, read: readWhole(1, MOST_APPROVALS), hint: gettext("Of different persons. One rejection rejects."), commit: (value) => edits.putExtension(shape, "interlock:Gate", { quorum: value || "1" }) }),
            h("p", { class: "hint" }, gettext("What they decide is in the variable decision: approve or reject. A time limit under Service level may escalate or reject; it never approves.")),
          ]
        : []),
    ],
  };
}
