/** The groups of the panel in the order they are shown. Each says itself whether it applies. */
import { template } from "../../templates/groups";
import type { GroupMaker } from "../group";
import { assignment } from "./assignment";
import { basics } from "./basics";
import { condition } from "./condition";
import { dataClass } from "./data-class";
import { documentation } from "./documentation";
import { form } from "./form";
import { gate } from "./gate";
import { inputsAndOutputs } from "./mappings";
import { listeners } from "./listeners";
import { repeat } from "./repeat";
import { retry } from "./retry";
import { routing } from "./routing";
import { serviceLevel } from "./service-level";
import { step } from "./step";
import { trigger } from "./trigger";

export const GROUPS: readonly GroupMaker[] = [
  basics,
  template,
  step,
  trigger,
  routing,
  condition,
  assignment,
  gate,
  form,
  repeat,
  inputsAndOutputs,
  retry,
  serviceLevel,
  listeners,
  dataClass,
  documentation,
];
