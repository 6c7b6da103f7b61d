import { mountBuilder } from "../forms/builder";
import { must } from "../ui/dom";
import { saySorry } from "../ui/sorry";

const root = must("#form-builder");
mountBuilder(root).catch((error: unknown) => saySorry(root, error));
