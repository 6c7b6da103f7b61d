/** The threads of a process as the server has them: asked for, written to, and asked for again when it rings. */
import { call } from "../api/client";
import { Bell } from "../live/bell";
import { type Comment, fresh, type Person, type Talk, type Thread } from "./threads";

export interface Words {
  text: string;
  mentions: string[];
}

type Listener = (talk: Talk, news: { thread: Thread; comment: Comment }[]) => void;

export class Desk {
  private talk: Talk | null = null;
  private asking: Promise<void> | null = null;
  private isStale = false;
  private listener: Listener = () => undefined;

  /** `url` is the address of the threads at a draft, a review or a version. */
  constructor(private readonly url: string) {}

  /** Calls back with all threads now, and whenever one of them changed. */
  async open(listener: Listener): Promise<void> {
    this.listener = listener;
    await this.refresh();
    if (this.talk) new Bell(`/ws/processes/${this.talk.process.id}/threads`, () => void this.refresh().catch(() => undefined)).open();
  }

  async begin(element: string, words: Words): Promise<Thread> {
    return this.write(this.url, { element, ...words });
  }

  async answer(thread: string, words: Words): Promise<Thread> {
    return this.write(`${this.url}/${thread}/comments`, words);
  }

  async resolve(thread: string): Promise<void> {
    await this.write(`/api/v1/threads/${thread}/resolve`);
  }

  async reopen(thread: string): Promise<void> {
    await this.write(`/api/v1/threads/${thread}/reopen`);
  }

  /** Says that the reader saw what names them in a thread. */
  async read(thread: string): Promise<void> {
    await call("POST", `/api/v1/threads/${thread}/read`, {}).catch(() => undefined);
  }

  /** Returns who can be named, by how a word of their name begins. */
  async people(name: string): Promise<Person[]> {
    const found = await call<{ people: Person[] }>("GET", `${this.url}/people?q=${encodeURIComponent(name)}`);
    return found.people;
  }

  private async write(url: string, body?: unknown): Promise<Thread> {
    const { thread } = await call<{ thread: Thread }>("POST", url, body === undefined ? {} : { body });
    await this.refresh();
    return thread;
  }

  /** Asks once at a time; what rings meanwhile is asked for after. */
  private refresh(): Promise<void> {
    this.isStale = true;
    this.asking ??= this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  private async ask(): Promise<void> {
    while (this.isStale) {
      this.isStale = false;
      const found = await call<Talk>("GET", this.url);
      const news = this.talk ? fresh(this.talk.threads, found.threads) : [];
      this.talk = found;
      this.listener(found, news);
    }
  }
}
