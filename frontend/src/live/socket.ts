/** One websocket that resumes: it asks for what it missed, drops what it has seen. */
import type { Frame, Step } from "../api/shapes";
import { gettext } from "../ui/words";
import { backoff, judge } from "./sequence";

export type LiveState = "live" | "reconnecting" | "ended";

interface Hooks {
  onSteps: (steps: Step[], seq: number) => void;
  onState: (state: LiveState, words: string) => void;
  /** The server cannot fill the gap: fetch everything again. Answers the number fetched up to. */
  onReload: () => Promise<number>;
}

const PING_EACH = 25_000;
const PONG_WITHIN = 10_000;

/** Why the server closes for good, in words. */
const FINAL: Record<number, string> = {
  4400: gettext("This page is older than the server. Load it again."),
  4401: gettext("You were signed out. Sign in to see it live again."),
  4403: gettext("You may no longer watch this run."),
  4404: gettext("This run is gone."),
};

export class LiveSocket {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer = 0;
  private pongTimer = 0;
  private ended = false;

  constructor(
    private readonly path: string,
    private seq: number,
    private readonly hooks: Hooks,
  ) {
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
  }

  open(): void {
    const url = new URL(this.path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("since", String(this.seq));
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (event) => void this.take(JSON.parse(String(event.data)) as Frame);
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  private async take(frame: Frame): Promise<void> {
    clearTimeout(this.pongTimer);
    if (frame.type === "hello") this.greeted();
    else if (frame.type === "reload") {
      this.seq = await this.hooks.onReload();
      this.reopen();
    } else if (frame.type === "advance") this.advance(frame);
  }

  private greeted(): void {
    this.attempt = 0;
    this.hooks.onState("live", gettext("Live"));
    this.beat();
  }

  private advance(frame: Extract<Frame, { type: "advance" }>): void {
    const verdict = judge(this.seq, frame);
    if (verdict === "gap") this.reopen();
    if (verdict !== "apply") return;
    const fresh = frame.steps.filter((step) => step.seq > this.seq);
    this.seq = frame.seq;
    this.hooks.onSteps(fresh, frame.seq);
  }

  private beat(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (this.socket?.readyState !== WebSocket.OPEN) return;
      this.socket.send('{"type":"ping"}');
      this.pongTimer = window.setTimeout(() => this.reopen(), PONG_WITHIN);
      this.beat();
    }, PING_EACH);
  }

  /** Asks again from the last number seen; the answer fills the hole. */
  private reopen(): void {
    this.drop();
    this.wait();
  }

  private drop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.pongTimer);
    const old = this.socket;
    this.socket = null;
    old?.close();
  }

  private closed(code: number): void {
    const words = FINAL[code];
    this.drop();
    this.ended = words !== undefined;
    if (words !== undefined) this.hooks.onState("ended", words);
    else this.wait();
  }

  private wait(): void {
    this.attempt += 1;
    const delay = backoff(this.attempt, Math.random());
    if (this.attempt > 1) {
      this.hooks.onState("reconnecting", gettext("Connection lost. Trying again in %(seconds)s s.", { seconds: Math.ceil(delay / 1000) }));
    }
    this.timer = window.setTimeout(() => this.open(), this.attempt === 1 ? 200 : delay);
  }

  private retryNow(): void {
    if (this.socket !== null || this.ended || this.attempt < 2) return;
    clearTimeout(this.timer);
    this.open();
  }
}
