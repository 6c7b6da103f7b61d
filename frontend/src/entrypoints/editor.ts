import { mountEditor } from "../editor/editor";
import { must } from "../ui/dom";
import { saySorry } from "../ui/sorry";

const root = must("#editor");
mountEditor(root).catch((error: unknown) => saySorry(root, error));
