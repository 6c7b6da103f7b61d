/** A websocket that only rings: somebody changed what the page shows, and the page asks for it. */
import { backoff } from "./sequence";

/** Closes that no new attempt would mend: this page is old, or its person may not listen. */
const FINAL = new Set([4400, 4401, 4403, 4404]);
const PING_EACH = 25_000;
const PONG_WITHIN = 10_000;

/** Rings at the first connection, because something may have been missed, and then for each change. */
export class Bell {
  private socket: WebSocket | null = null;
  private attempt = 0;
  private timer = 0;
  private pongTimer = 0;
  /** What stands for the state that the page has, as the server told it last. */
  private stamp = "";

  constructor(
    private readonly path: string,
    private readonly onRing: () => void,
  ) {
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.retryNow();
    });
  }

  open(): void {
    const url = new URL(this.path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (event) => this.heard(JSON.parse(String(event.data)) as { type: string; stamp?: string });
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code);
    };
  }

  private heard({ type, stamp }: { type: string; stamp?: string }): void {
    clearTimeout(this.pongTimer);
    if (type === "hello") {
      this.attempt = 0;
      this.beat();
    }
    // A new connection to what has not changed is no news.
    if (stamp === undefined || stamp === this.stamp) return;
    this.stamp = stamp;
    this.onRing();
  }

  private beat(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (this.socket?.readyState !== WebSocket.OPEN) return;
      this.socket.send('{"type":"ping"}');
      this.pongTimer = window.setTimeout(() => this.socket?.close(), PONG_WITHIN);
      this.beat();
    }, PING_EACH);
  }

  private closed(code: number): void {
    clearTimeout(this.timer);
    clearTimeout(this.pongTimer);
    this.socket = null;
    if (FINAL.has(code)) return;
    this.attempt += 1;
    this.timer = window.setTimeout(() => this.open(), backoff(this.attempt, Math.random()));
  }

  private retryNow(): void {
    if (this.socket !== null || this.attempt === 0) return;
    clearTimeout(this.timer);
    this.open();
  }
}
