import { mountRun } from "../instance/run";
import { must } from "../ui/dom";
import { saySorry } from "../ui/sorry";

const root = must("#run");
mountRun(root).catch((error: unknown) => saySorry(root, error));
