/** Saving as the page shows it: when it is done, what is said of it, and what is kept meanwhile. */
import { call, Refused, Unreachable } from "../../api/client";
import type { Draft, Saved } from "../../api/shapes";
import { fit } from "../../bpmn/paper";
import { icon } from "../../ui/dom";
import { momentWords } from "../../ui/times";
import { toast } from "../../ui/toast";
import { gettext } from "../../ui/words";
import type { Modeler } from "../modeler";
import { Meetings } from "../together/meetings";
import { type Act, type Banners, sentence, type Tone } from "./banners";
import { DraftKeeper, type Status } from "./draft";
import { handOver, Keep } from "./keep";

interface Hooks {
  /** Takes what is being typed into the model. */
  commit: () => void;
  onSaved: (saved: Saved) => void;
  /** What somebody else saved is open here now. */
  onTaken: (draft: Draft, who: string) => void;
}

export class Saving {
  private readonly draft: DraftKeeper;
  private readonly keep: Keep;
  private readonly meetings: Meetings;
  private isMeeting = false;

  constructor(
    private readonly modeler: Modeler,
    private readonly opened: Draft,
    private readonly url: string,
    private readonly banners: Banners,
    private readonly hooks: Hooks,
  ) {
    this.keep = new Keep(opened.id);
    this.draft = new DraftKeeper(opened.revision, Date.parse(opened.saved_at), {
      commit: () => hooks.commit(),
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
    const { commit, onTaken } = hooks;
    this.meetings = new Meetings({ modeler, url, draft: this.draft, commit, write: () => this.write(), onTaken });
    addEventListener("pagehide", () => {
      this.hooks.commit();
      void this.draft.keepNow();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) void this.save();
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

  /** Somebody saved the draft. */
  follow(revision: number, who: string): void {
    void this.meetings.follow(revision, who);
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
        this.draft.resume(left.revision);
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
    if (status.state === "conflict") void this.meet();
    else if (status.state === "unwritable" || status.state === "refused") this.note("fail", status.words, [[gettext("Download a copy"), () => this.handOverMine()]]);
    else if (status.state === "offline") this.note("wait", OFFLINE, [[gettext("Try now"), async () => void (await this.save())]]);
  }

  private note(tone: Tone, words: string, acts: Act[]): void {
    this.banners.show(tone, words, acts).dataset["saving"] = "";
  }

  /** Brings both together, again and again while others save; both stay kept whatever becomes of it. */
  private async meet(): Promise<void> {
    if (this.isMeeting) return;
    this.isMeeting = true;
    try {
      while (this.draft.state === "conflict") {
        if (!(await this.meetings.meet())) return this.sayPutOff();
      }
    } catch (error) {
      this.cannotMeet(error);
    } finally {
      this.isMeeting = false;
    }
  }

  private cannotMeet(error: unknown): void {
    const isAway = error instanceof Unreachable || (error instanceof Refused && error.status >= 500);
    if (isAway) this.draft.postpone(OFFLINE);
    else this.sayApart(sentence(error));
  }

  /** A decision can wait; nothing is saved until then, and nothing lost. */
  private sayPutOff(): void {
    this.note("wait", gettext("Nothing is saved until you decide between two edits. Both are kept."), [
      [gettext("Decide now"), () => this.meet()],
      [gettext("Download mine"), () => this.handOverMine()],
    ]);
  }

  /** The two cannot be made one: a person keeps either. The other one's is on the server, this one's in the browser. */
  private sayApart(words: string): void {
    this.note("wait", gettext("%(cause)s Both are kept.", { cause: words }), [
      [gettext("Keep mine"), async () => {
        const { revision } = await call<Draft>("GET", this.url);
        if (await this.draft.keepMine(revision)) toast(gettext("Yours is saved. The other is among the earlier states."));
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

const OFFLINE = gettext("Not saved: no connection. Your work is kept in this browser, and saved by itself once the connection is back.");

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
