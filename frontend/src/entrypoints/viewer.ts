/** A model that is only looked at: the page of a process shows its live version so. */
import { text } from "../api/client";
import { addZoom, fit } from "../bpmn/paper";
import { openViewer } from "../bpmn/viewer";
import { must, ready } from "../ui/dom";
import { saySorry } from "../ui/sorry";
import { gettext } from "../ui/words";

async function mount(root: HTMLElement): Promise<void> {
  const host = must("#canvas");
  const viewer = await openViewer(host, await text(root.dataset["model"] ?? ""), root.dataset["label"] ?? gettext("The model"));
  fit(viewer);
  addZoom(root, viewer);
  new ResizeObserver(() => fit(viewer)).observe(root);
  const comments = document.querySelector<HTMLElement>("#comments");
  // What is said is asked for once the drawing is there.
  if (comments) await (await import("../comments/beside")).mountBeside(comments, root, viewer);
  ready();
}

const root = must("#viewer");
mount(root).catch((error: unknown) => saySorry(root, error));
