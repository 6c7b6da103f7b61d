import { mountReview } from "../review/review";
import { must } from "../ui/dom";
import { saySorry } from "../ui/sorry";

const root = must("#review");
mountReview(root).catch((error: unknown) => saySorry(root, error));
