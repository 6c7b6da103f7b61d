/** Saving as the page shows it: when it is done, what is said of it, and what is kept meanwhile. */
import { call } from "../../api/client";
import type { Draft, Saved } from "../../api/shapes";
import { fit } from "../../bpmn/paper";
import { icon } from "../../ui/dom";
import { momentWords } from "../../ui/times";
import { toast } from "../../ui/toast";
import { gettext } from "../../ui/words";
import type { Modeler } from "../modeler";
import type { Act, Banners, Tone } from "./banners";
import { DraftKeeper, type Status } from "./draft";
import { handOver, Keep } from "./keep";

interface Hooks {
  /** Takes what is being typed into the model. */
  commit: () => void;
  onSaved: (saved: Saved) => void;
}

export class Saving {
  private readonly draft: DraftKeeper;
  private readonly keep: Keep;

  constructor(
    private readonly modeler: Modeler,
    private readonly opened: Draft,
    private readonly url: string,
    private readonly banners: Banners,
    private readonly hooks: Hooks,
  ) {
    this.keep = new Keep(opened.id);
    this.draft = new DraftKeeper(opened.revision, Date.parse(opened.saved_at), {
      write: () => this.write(),
      put: (xml, revision) => call<Saved>("PUT", url, { body: { xml, drawn: true }, ifMatch: revision }),
      keep: (copy) => this.keep.put(copy.xml, copy.revision),
      forget: () => this.keep.forget(),
      onStatus: (status) => this.say(status),
      onSaved: (saved) => hooks.onSaved(saved),
      wait: (act, milliseconds) => window.setTimeout(act, milliseconds),
      cancel: (timer) => window.clearTimeout(timer as number),
    });
    addEventListener("beforeunload", (event) => {
      this.hooks.commit();
      if (!this.draft.isSaved) event.preventDefault();
    });
    addEventListener("online", () => void this.save());
    this.offerCopy();
  }

  /** An edit happened. */
  edited(): void {
    this.draft.edited();
  }

  /** Saves what is there now. What is being typed belongs to it: the field is left first. */
  async save(): Promise<boolean> {
    this.hooks.commit();
    await new Promise((resolve) => setTimeout(resolve, 0));
    return this.draft.save();
  }

  async write(): Promise<string> {
    return (await this.modeler.saveXML({ format: true })).xml ?? "";
  }

  /** Offers edits that an earlier visit could not save. */
  private offerCopy(): void {
    const left = this.keep.find();
    if (left === null || left.xml === this.opened.xml || !this.opened.may_edit) return this.keep.forget();
    const note = this.banners.show("wait", gettext("Edits of %(moment)s were not saved. They are kept in this browser.", { moment: momentWords(left.at) }), [
      [gettext("Open them"), async () => {
        await this.modeler.importXML(left.xml);
        fit(this.modeler, 0.4);
        this.draft.edited();
        note.remove();
      }],
      [gettext("Download them"), async () => handOver(left.xml, this.fileName("unsaved"))],
      [gettext("Discard them"), async () => {
        this.keep.forget();
        note.remove();
      }],
    ]);
  }

  private say(status: Status): void {
    const slot = document.querySelector<HTMLElement>('[data-slot="saved"]');
    if (slot) slot.replaceChildren(...savedWords(status));
    this.banners.host.querySelector("[data-saving]")?.remove();
    if (status.state === "conflict") this.sayConflict(status.words);
    else if (status.state === "unwritable" || status.state === "refused") this.note("fail", status.words, [[gettext("Download a copy"), () => this.handOverMine()]]);
    else if (status.state === "offline") this.note("wait", status.words, [[gettext("Try now"), async () => void (await this.save())]]);
  }

  private note(tone: Tone, words: string, acts: Act[]): void {
    this.banners.show(tone, words, acts).dataset["saving"] = "";
  }

  /** Both are kept: the other one's on the server, this one's in the browser. */
  private sayConflict(words: string): void {
    this.note("wait", gettext("%(cause)s Both are kept.", { cause: words || gettext("Somebody saved this draft meanwhile.") }), [
      [gettext("Keep mine"), async () => {
        const { revision } = await call<Draft>("GET", this.url);
        if (await this.draft.keepMine(revision)) toast(gettext("Yours is saved. The other is in the history."));
      }],
      [gettext("Take theirs"), async () => {
        await this.handOverMine();
        this.draft.settle();
        this.keep.forget();
        location.reload();
      }],
      [gettext("Download mine"), () => this.handOverMine()],
    ]);
  }

  private async handOverMine(): Promise<void> {
    try {
      handOver(await this.write(), this.fileName("mine"));
    } catch {
      const copy = this.keep.find();
      if (copy) handOver(copy.xml, this.fileName("mine"));
      else toast(gettext("There is no copy to hand over. Undo the last step, then try again."), "error");
    }
  }

  private fileName(what: string): string {
    return `${this.opened.process.key}-${what}.bpmn`;
  }
}

const STATUS_WORDS: Record<Status["state"], string> = {
  clean: gettext("Saved"),
  dirty: gettext("Edited"),
  saving: gettext("Saving"),
  offline: gettext("Not saved, kept here"),
  conflict: gettext("Not saved"),
  unwritable: gettext("Not saved"),
  refused: gettext("Not saved"),
};

function savedWords(status: Status): (Node | string)[] {
  const words = STATUS_WORDS[status.state];
  if (status.state !== "clean") return [words];
  return [icon("check"), status.savedAt === null ? words : gettext("Saved %(moment)s", { moment: momentWords(status.savedAt) })];
}
