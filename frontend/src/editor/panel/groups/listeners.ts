/** Jobs at a turn of a part's life: they are done before the run goes on. */
import { extensionOf, isA, type Model } from "../../../bpmn/elements";
import { h } from "../../../ui/dom";
import { gettext, ngettext } from "../../../ui/words";
import type { Choice } from "../fields";
import type { Group, Subject } from "../group";

interface Family {
  list: string;
  item: string;
  events: readonly Choice[];
}

const EXECUTION: Family = {
  list: "zeebe:ExecutionListeners",
  item: "zeebe:ExecutionListener",
  events: [
    { value: "start", label: gettext("Before it begins") },
    { value: "end", label: gettext("When it is done") },
  ],
};
const TASK: Family = {
  list: "zeebe:TaskListeners",
  item: "zeebe:TaskListener",
  events: [
    { value: "creating", label: gettext("When it is offered") },
    { value: "assigning", label: gettext("When somebody takes it") },
    { value: "completing", label: gettext("When somebody completes it") },
  ],
};

interface Row {
  eventType: string;
  type: string;
  retries?: string;
}

export function listeners(subject: Subject): Group | null {
  const { model } = subject;
  const families = isA(model, "UserTask") ? [EXECUTION, TASK] : [EXECUTION];
  const count = families.reduce((sum, family) => sum + rowsOf(model, family).length, 0);
  if (!isA(model, "Activity") && !isA(model, "IntermediateCatchEvent", "ThrowEvent")) return null;
  return {
    title: gettext("Listeners"),
    value: count ? ngettext("%(count)s listener", "%(count)s listeners", count) : "",
    body: [...families.map((family) => list(subject, family)), h("p", { class: "hint" }, gettext("A connector is called at that turn, and the run waits for it."))],
  };
}

function rowsOf(model: Model, family: Family): Row[] {
  const found = extensionOf(model, family.list)?.get<Model[] | undefined>("listeners") ?? [];
  return found.map((each) => ({ eventType: each.get<string | undefined>("eventType") ?? "", type: each.get<string | undefined>("type") ?? "", ...retriesOf(each) }));
}

function retriesOf(listener: Model): { retries?: string } {
  const retries = listener.get<string | undefined>("retries");
  return retries === undefined ? {} : { retries };
}

function list(subject: Subject, family: Family): HTMLElement {
  const { model, shape, edits, fields } = subject;
  const change = (edit: (now: Row[]) => Row[]) => {
    const parts = edit(rowsOf(model, family)).map((row) => edits.create(family.item, { ...row }));
    edits.putExtension(shape, family.list, parts.length ? { listeners: parts } : null);
  };
  const put = (index: number, changed: Partial<Row>) => change((now) => now.map((row, at) => (at === index ? { ...row, ...changed } : row)));
  const isTask = family === TASK;
  const line = (row: Row, index: number) =>
    h(
      "div",
      { class: "line" },
      fields.choice(`${family.item}-${index}-event`, gettext("When"), row.eventType, family.events, (eventType) => put(index, { eventType })),
      fields.cell({ key: `${family.item}-${index}-type`, label: gettext("connector, such as http:1"), value: row.type, mono: true, commit: (type) => put(index, { type }) }),
      fields.remove(gettext("Remove %(what)s", { what: row.type || gettext("this line") }), () => change((now) => now.filter((_, at) => at !== index))),
    );
  return h(
    "div",
    { class: "lines" },
    h("span", { class: "label" }, isTask ? gettext("Around the person's work") : gettext("Around the step")),
    ...rowsOf(model, family).map(line),
    fields.button(gettext("Add a listener"), () => change((now) => [...now, { eventType: family.events[0]?.value ?? "", type: "http:1" }])),
  );
}
