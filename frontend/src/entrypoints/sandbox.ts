import { mountSandbox } from "../sandbox/sandbox";
import { must } from "../ui/dom";
import { saySorry } from "../ui/sorry";

const root = must("#sandbox");
mountSandbox(root).catch((error: unknown) => saySorry(root, error));
