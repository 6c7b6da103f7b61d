/** What a step does, by its kind: one file for each in `steps/`. */
import { isA } from "../../../bpmn/elements";
import { gettext } from "../../../ui/words";
import type { Group, Subject } from "../group";
import { call } from "../steps/call";
import { connector } from "../steps/connector";
import { decision } from "../steps/decision";
import { receive, send } from "../steps/message";
import { plain } from "../steps/plain";
import { script } from "../steps/script";
import { subProcess } from "../steps/sub-process";

type Step = Omit<Group, "title">;
type StepMaker = (subject: Subject) => Step;

const MAKERS: readonly (readonly [kind: string, make: StepMaker])[] = [
  ["ServiceTask", connector],
  ["ScriptTask", script],
  ["BusinessRuleTask", decision],
  ["CallActivity", call],
  ["SendTask", send],
  ["ReceiveTask", receive],
  ["SubProcess", subProcess],
  ["ManualTask", plain],
];

export function step(subject: Subject): Group | null {
  const { model, facts } = subject;
  // What a template decides is not changed by hand: its fields stand in its own groups.
  if (facts.library?.templateOf(model)) return null;
  const make = MAKERS.find(([kind]) => isA(model, kind))?.[1] ?? (model.$type === "bpmn:Task" ? plain : null);
  return make && { title: gettext("Step"), ...make(subject) };
}
