/** Two editors of one draft: what the other saved comes onto this paper, beside what is edited here. */
import { call } from "../../api/client";
import type { Draft, Meeting } from "../../api/shapes";
import type { Modeler } from "../modeler";
import type { DraftKeeper } from "../saving/draft";
import { askWhose, type Choices } from "./conflicts";
import { isBusy, layAnew, takeOver } from "./takeover";

interface Ports {
  modeler: Modeler;
  url: string;
  draft: DraftKeeper;
  commit: () => void;
  write: () => Promise<string>;
  /** The other's state is open here now. */
  onTaken: (draft: Draft, who: string) => void;
}

const LOOKS_EACH = 300;

export class Meetings {
  private following: Promise<void> = Promise.resolve();

  constructor(private readonly ports: Ports) {}

  /** Somebody saved. Without edits of one's own that state is opened; with them the two meet at the next save. */
  follow(revision: number, who: string): Promise<void> {
    this.following = this.following.then(() => this.followNow(revision, who)).catch(() => undefined);
    return this.following;
  }

  /**
   * Makes one of both and saves it; asks where only one can be. Answers false where that is put off.
   * Whatever is edited on the way is part of it: it begins anew then.
   */
  async meet(): Promise<boolean> {
    const { draft, modeler } = this.ports;
    const asked = new Map<string, string>();
    let choices: Choices = {};
    for (;;) {
      const [edits, mine] = await this.mine();
      const meeting = await call<Meeting>("POST", `${this.ports.url}/merge`, { body: { xml: mine, revision: draft.known.revision, choices } });
      // An answer counts for the sentences it was given to, and for no later ones of the same place.
      const open = meeting.conflicts.filter((conflict) => asked.get(conflict.key) !== JSON.stringify(conflict));
      if (open.length) {
        const answers = await askWhose({ ...meeting, conflicts: open });
        if (answers === null) return false;
        for (const conflict of open) asked.set(conflict.key, JSON.stringify(conflict));
        choices = { ...choices, ...answers };
        continue;
      }
      await this.free();
      this.ports.commit();
      if (draft.known.edits !== edits) continue;
      await this.open(meeting.xml, mine);
      layAnew(modeler, meeting.redrawn);
      await draft.keepMine(meeting.revision);
      return true;
    }
  }

  private async mine(): Promise<[edits: number, xml: string]> {
    await this.free();
    this.ports.commit();
    const { edits } = this.ports.draft.known;
    return [edits, await this.ports.write()];
  }

  /** Opens what both make; where that cannot be drawn, one's own is put back. */
  private async open(xml: string, mine: string): Promise<void> {
    const { modeler } = this.ports;
    try {
      await takeOver(modeler, xml);
    } catch (error) {
      await takeOver(modeler, mine);
      throw error;
    }
  }

  private async followNow(revision: number, who: string): Promise<void> {
    const { draft, modeler, url, commit } = this.ports;
    await draft.settled();
    if (revision <= draft.known.revision || draft.state === "conflict") return;
    await this.free();
    const now = await call<Draft>("GET", url);
    commit();
    await draft.settled();
    if (now.revision <= draft.known.revision) return;
    if (!draft.isSaved) return void draft.save();
    await takeOver(modeler, now.xml);
    draft.take(now.revision, Date.parse(now.saved_at));
    this.ports.onTaken(now, who);
  }

  /** Waits until nobody is in the middle of dragging or choosing something. */
  private async free(): Promise<void> {
    while (isBusy(this.ports.modeler)) await new Promise((resolve) => setTimeout(resolve, LOOKS_EACH));
  }
}
