/** How the data of a process is classed. The register says it, for all versions at once. */
import { isA } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import type { Group, Subject } from "../group";

export function dataClass({ model, facts }: Subject): Group | null {
  if (!isA(model, "Process", "Collaboration") || !facts.dataClass) return null;
  const address = `/processes/${encodeURIComponent(facts.processKey)}/entry`;
  return {
    title: gettext("Data class"),
    value: facts.dataClass,
    body: [
      h("dl", { class: "facts" }, h("dt", {}, gettext("Data class")), h("dd", {}, facts.dataClass), h("dt", {}, gettext("Risk class")), h("dd", {}, facts.riskClass)),
      h("p", { class: "hint" }, gettext("They hold for every version, so they stand in the register and not in the file."), " ", h("a", { href: address }, gettext("Change them there"))),
    ],
  };
}
