import { mountDecisionEditor } from "../decisions/editor";
import { must } from "../ui/dom";
import { saySorry } from "../ui/sorry";

const root = must("#decision-editor");
mountDecisionEditor(root).catch((error: unknown) => saySorry(root, error));
