/** A form or decision that saves itself into its draft, and what the head of its page says of that. */
import { call, Refused } from "../api/client";
import type { Saved } from "../api/shapes";
import { DraftKeeper, type Status } from "../editor/saving/draft";
import { Keep } from "../editor/saving/keep";
import { h, icon } from "../ui/dom";
import { momentWords } from "../ui/times";
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";

export interface OpenedFile {
  name: string;
  digest: string;
  revision: number;
}

interface Ports {
  write: () => Promise<string>;
  onSaved: (saved: Saved) => void;
}

type Act = [label: string, act: () => Promise<void>];

/**
 * A draft counts its saves, and others edit its model meanwhile. Only where the file itself is
 * another than the one this page began from do two edits collide.
 */
export class FileKeeper {
  private readonly keeper: DraftKeeper;
  private readonly copy: Keep;
  private readonly banners = h("div", { class: "banners" });

  constructor(
    private readonly url: string,
    private readonly body: "json" | "xml",
    private opened: OpenedFile,
    root: HTMLElement,
    ports: Ports,
  ) {
    this.copy = new Keep(url);
    root.before(this.banners);
    this.keeper = new DraftKeeper(opened.revision, null, {
      commit: () => undefined,
      write: ports.write,
      put: (text, revision) => this.put(text, revision),
      keep: (copy) => this.copy.put(copy.xml, copy.revision),
      forget: () => this.copy.forget(),
      onStatus: (status) => this.say(status),
      onSaved: ports.onSaved,
      wait: (act, milliseconds) => window.setTimeout(act, milliseconds),
      cancel: (timer) => window.clearTimeout(timer as number),
    });
    addEventListener("beforeunload", (event) => {
      if (!this.keeper.isSaved) event.preventDefault();
    });
    addEventListener("online", () => void this.keeper.save());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        void this.keeper.save();
      }
    });
  }

  edited(): void {
    this.keeper.edited();
  }

  save(): Promise<boolean> {
    return this.keeper.save();
  }

  /** Offers edits that an earlier visit could not save. */
  offerLeft(now: string, open: (text: string) => void): void {
    const left = this.copy.find();
    if (!left || left.xml === now) return this.copy.forget();
    const note = this.banner("wait", gettext("Edits of %(moment)s were not saved. They are kept in this browser.", { moment: momentWords(left.at) }), [
      [gettext("Open them"), async () => {
        open(left.xml);
        this.keeper.edited();
        note.remove();
      }],
      [gettext("Discard them"), async () => {
        this.copy.forget();
        note.remove();
      }],
    ]);
  }

  private async put(text: string, revision: number): Promise<Saved> {
    try {
      return await this.putAt(text, revision);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 412) throw error;
      const now = await call<OpenedFile>("GET", this.url);
      if (now.digest !== this.opened.digest) throw error;
      return this.putAt(text, now.revision);
    }
  }

  private async putAt(text: string, revision: number): Promise<Saved> {
    const saved = await call<Saved>("PUT", this.url, { body: { [this.body]: text }, ifMatch: revision });
    this.opened = { ...this.opened, digest: await digestOf(text), revision: saved.revision };
    return saved;
  }

  private say(status: Status): void {
    const slot = document.querySelector<HTMLElement>('[data-slot="saved"]');
    slot?.replaceChildren(...words(status));
    this.banners.querySelector("[data-saving]")?.remove();
    if (status.state === "conflict") this.sayConflict(status.words);
    else if (status.state === "refused" || status.state === "unwritable") this.saving("fail", status.words, []);
    else if (status.state === "offline") this.saving("wait", status.words, [[gettext("Try now"), async () => void (await this.save())]]);
  }

  /** Both are kept: the other one's on the server, this one's in the browser. */
  private sayConflict(cause: string): void {
    this.saving("wait", gettext("%(cause)s Both are kept.", { cause: cause || gettext("Somebody saved this file meanwhile.") }), [
      [gettext("Keep mine"), async () => {
        const now = await call<OpenedFile>("GET", this.url);
        this.opened = { ...this.opened, digest: now.digest };
        if (await this.keeper.keepMine(now.revision)) toast(gettext("Yours is saved. The other is in the history."));
      }],
      [gettext("Take theirs"), async () => {
        this.keeper.settle();
        this.copy.forget();
        location.reload();
      }],
    ]);
  }

  private saving(tone: "wait" | "fail", text: string, acts: Act[]): void {
    this.banner(tone, text, acts).dataset["saving"] = "";
  }

  private banner(tone: "wait" | "fail", text: string, acts: Act[]): HTMLElement {
    const buttons = acts.map(([label, act]) =>
      h("button", { type: "button", class: "btn btn--small", onclick: () => void act().catch((error: unknown) => toast(String(error instanceof Error ? error.message : error), "error")) }, label),
    );
    const note = h("div", { class: `note note--${tone} note--edge`, role: "alert" }, icon(tone === "fail" ? "x" : "warn"), h("p", {}, text), h("span", { class: "row" }, ...buttons));
    this.banners.append(note);
    return note;
  }
}

async function digestOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function words(status: Status): (Node | string)[] {
  if (status.state === "clean") return status.savedAt === null ? [] : [icon("check"), gettext("Saved %(moment)s", { moment: momentWords(status.savedAt) })];
  if (status.state === "dirty") return [gettext("Edited")];
  if (status.state === "saving") return [gettext("Saving")];
  return [status.state === "offline" ? gettext("Not saved, kept here") : gettext("Not saved")];
}
