/** The room of a draft: who else is there, what each holds, and word that somebody saved. */
import { backoff } from "../../live/sequence";

export interface Seat {
  key: string;
  person: string;
  name: string;
  element: string | null;
  holds: boolean;
}

interface Hooks {
  onSeats: (seats: Seat[]) => void;
  onSaved: (revision: number, who: string) => void;
}

type Frame = { type: "hello"; seat: string; revision: number } | { type: "seats"; seats: Seat[] } | { type: "draft.changed"; revision: number; who: string };

/** A code from here on is the server's last word: signed out, no right, no draft. */
const FINAL = 4400;
const STILL_EACH = 30_000;

export class Room {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private element: string | null = null;
  private activeAt = 0;

  constructor(
    private readonly draft: string,
    private readonly hooks: Hooks,
  ) {
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => this.still(), { passive: true });
    addEventListener("online", () => {
      if (this.socket === null) this.open();
    });
    this.open();
  }

  /** Says which element is in hand. */
  select(element: string | null): void {
    this.element = element;
    this.say({ type: "select", element });
  }

  private open(): void {
    const url = new URL(`/ws/drafts/${this.draft}`, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (event) => this.take(JSON.parse(String(event.data)) as Frame);
    socket.onclose = (event) => this.closed(event.code);
  }

  private take(frame: Frame): void {
    if (frame.type === "seats") this.hooks.onSeats(frame.seats);
    else if (frame.type === "draft.changed") this.hooks.onSaved(frame.revision, frame.who);
    else if (frame.type === "hello") {
      this.attempt = 0;
      this.select(this.element);
      this.hooks.onSaved(frame.revision, "");
    }
  }

  private closed(code: number): void {
    this.socket = null;
    this.hooks.onSeats([]);
    if (code >= FINAL) return;
    this.attempt += 1;
    setTimeout(() => {
      if (this.socket === null) this.open();
    }, backoff(this.attempt, Math.random()));
  }

  /** Whoever does something keeps what they hold; said seldom, because it is done often. */
  private still(): void {
    if (Date.now() - this.activeAt < STILL_EACH) return;
    this.activeAt = Date.now();
    this.say({ type: "still" });
  }

  private say(words: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(words));
  }
}
