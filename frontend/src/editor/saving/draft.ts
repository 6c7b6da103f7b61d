/** Saving a draft: when, with which number, and what becomes of it when that fails. Pure of the page. */
import { Refused, Unreachable } from "../../api/client";
import type { Saved } from "../../api/shapes";
import { gettext } from "../../ui/words";

export type DraftState = "clean" | "dirty" | "saving" | "offline" | "conflict" | "unwritable" | "refused";

export interface Status {
  state: DraftState;
  savedAt: number | null;
  /** Why it is not saved, in words; empty where it is. */
  words: string;
}

export interface DraftPorts {
  /** Takes what is being typed, so that it is part of what is written. */
  commit: () => void;
  /** Writes the model as text. Fails where the model cannot be written. */
  write: () => Promise<string>;
  put: (xml: string, revision: number) => Promise<Saved>;
  keep: (copy: { xml: string; revision: number }) => void;
  forget: () => void;
  onStatus: (status: Status) => void;
  onSaved: (saved: Saved) => void;
  wait: (call: () => void, milliseconds: number) => unknown;
  cancel: (timer: unknown) => void;
}

const AFTER_EDIT = 3_000;
const AFTER_FAILURE = 8_000;
const KEEP_AFTER = 400;

/**
 * Saves three seconds after the last edit, one save at a time. An unedited model is never written
 * back: the bytes somebody imported stay as they are until somebody changes something.
 */
export class DraftKeeper {
  private timer: unknown = null;
  private keepTimer: unknown = null;
  private edits = 0;
  private savedEdits = 0;
  private running: Promise<boolean> | null = null;
  private status: Status;

  constructor(
    private revision: number,
    savedAt: number | null,
    private readonly ports: DraftPorts,
  ) {
    this.status = { state: "clean", savedAt, words: "" };
  }

  get isSaved(): boolean {
    return this.edits === this.savedEdits;
  }

  /** The number of the last state that this page knows of, and how many edits it has seen. */
  get known(): { revision: number; edits: number } {
    return { revision: this.revision, edits: this.edits };
  }

  get state(): DraftState {
    return this.status.state;
  }

  /** An edit happened. */
  edited(): void {
    this.edits += 1;
    this.ports.cancel(this.keepTimer);
    this.keepTimer = this.ports.wait(() => void this.keepCopy(), KEEP_AFTER);
    // In a conflict a person decides; saving by itself would decide for them.
    if (this.status.state === "conflict") return;
    this.tell("dirty");
    this.plan(AFTER_EDIT);
  }

  /** Saves now if there is something to save. Answers whether everything is saved. */
  async save(): Promise<boolean> {
    while (this.running) await this.running;
    if (this.isSaved) return true;
    if (this.status.state === "conflict") return false;
    this.running = this.saveOnce();
    try {
      return await this.running;
    } finally {
      this.running = null;
    }
  }

  /** Somebody else saved, and this person keeps their own: the next save replaces that one. */
  async keepMine(revision: number): Promise<boolean> {
    this.revision = revision;
    this.edits += 1;
    this.tell("dirty");
    return this.save();
  }

  /** Edits begun from another revision than the one that was opened are in hand again. */
  resume(revision: number): void {
    this.revision = revision;
    this.edited();
  }

  /** Somebody else saved, and this person had nothing to save: theirs is what is open now. */
  take(revision: number, savedAt: number): void {
    this.revision = revision;
    this.status = { ...this.status, savedAt };
    this.tell("clean");
  }

  /** Waits until no save is under way. */
  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  /** Keeps what is there in the browser at once: the page may be gone in a moment. */
  async keepNow(): Promise<void> {
    if (!this.isSaved) await this.keepCopy();
  }

  /** The two could not be brought together now: it is tried again. */
  postpone(words: string): void {
    this.tell("offline", words);
    this.plan(AFTER_FAILURE);
  }

  /** Nothing is to be saved any more: the other's draft is taken. */
  settle(): void {
    this.ports.cancel(this.timer);
    this.ports.cancel(this.keepTimer);
    this.savedEdits = this.edits;
  }

  private async saveOnce(): Promise<boolean> {
    this.ports.commit();
    this.ports.cancel(this.timer);
    const edits = this.edits;
    this.tell("saving");
    let xml: string;
    try {
      xml = await this.ports.write();
    } catch (error) {
      this.tell("unwritable", unwritable(error));
      return false;
    }
    this.ports.keep({ xml, revision: this.revision });
    try {
      this.saved(await this.ports.put(xml, this.revision), edits);
      return this.isSaved;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  private saved(saved: Saved, edits: number): void {
    this.revision = saved.revision;
    this.savedEdits = edits;
    this.status = { ...this.status, savedAt: Date.parse(saved.saved_at) };
    if (this.isSaved) {
      // A copy that is about to be kept would outlive what it stands in for.
      this.ports.cancel(this.keepTimer);
      this.ports.forget();
    }
    this.tell(this.isSaved ? "clean" : "dirty");
    if (!this.isSaved) this.plan(AFTER_EDIT);
    this.ports.onSaved(saved);
  }

  private failed(error: unknown): void {
    if (error instanceof Refused && error.status === 412) this.tell("conflict", error.message);
    else if (error instanceof Refused && error.status < 500) this.tell("refused", error.message);
    else {
      this.tell("offline", error instanceof Unreachable ? error.message : gettext("The server cannot save now. Your edits are kept in this browser."));
      this.plan(AFTER_FAILURE);
    }
  }

  private async keepCopy(): Promise<void> {
    try {
      this.ports.keep({ xml: await this.ports.write(), revision: this.revision });
    } catch {
      // Nothing to keep: the copy before it stays, and the next save says why.
    }
  }

  private plan(milliseconds: number): void {
    this.ports.cancel(this.timer);
    this.timer = this.ports.wait(() => void this.save(), milliseconds);
  }

  private tell(state: DraftState, words = ""): void {
    this.status = { ...this.status, state, words };
    this.ports.onStatus(this.status);
  }
}

function unwritable(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return gettext("This model cannot be written (%(reason)s). What was saved last is kept; undo the last step, then it saves again.", { reason });
}
