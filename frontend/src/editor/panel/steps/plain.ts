/** Steps that no machine does: passed at once, or done by hand and told. */
import { isA } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext } from "../../../ui/words";
import type { Group, Subject } from "../group";

export function plain({ model }: Subject): Omit<Group, "title"> {
  const isManual = isA(model, "ManualTask");
  const words = isManual
    ? gettext("Done outside of any system. A person says when it is done.")
    : gettext("It says nothing of how it is done, so runs pass it at once. Change it with the wrench into what does it: a person, a service, a script.");
  return { value: isManual ? gettext("by hand") : gettext("passed at once"), body: [h("p", { class: "hint" }, words)] };
}
