/** One thread on the page. It is redrawn as others write; what is being typed in it stays. */
import { h, icon } from "../ui/dom";
import { momentWords } from "../ui/times";
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";
import type { Desk } from "./desk";
import { type Comment, pieces, type Talk, type Thread } from "./threads";
import { Writer } from "./writer";

export class ThreadView {
  readonly element = h("article", { class: "comment-thread" });
  private readonly said = h("ul", { class: "log" });
  private readonly acts = h("div", { class: "comment-acts" });
  private writer: Writer | null = null;
  private drawn = "";

  constructor(
    private readonly desk: Desk,
    private readonly id: string,
  ) {
    this.element.id = `thread-${id}`;
    this.element.append(this.said, this.acts);
  }

  show(thread: Thread, talk: Talk): void {
    const isUnread = talk.unread.includes(thread.id);
    const told = JSON.stringify([thread, isUnread, talk.may_comment, talk.may_resolve]);
    if (told === this.drawn) return;
    this.drawn = told;
    this.element.classList.toggle("is-unread", isUnread);
    this.element.classList.toggle("is-resolved", thread.resolved_at !== null);
    this.said.replaceChildren(...thread.comments.map(commentRow));
    this.offer(thread, talk);
  }

  /** Shows that this is the thread that was asked for. */
  mark(): void {
    this.element.classList.add("is-asked");
    this.element.scrollIntoView({ block: "nearest" });
  }

  answer(): void {
    this.writer ??= this.makeWriter();
    this.writer.focus();
  }

  private offer(thread: Thread, talk: Talk): void {
    const isResolved = thread.resolved_at !== null;
    const reply = talk.may_comment && button(gettext("Answer"), () => Promise.resolve(this.answer()));
    const settle = talk.may_resolve && !isResolved && button(gettext("Resolve"), () => this.desk.resolve(this.id));
    const reopen = talk.may_resolve && isResolved && button(gettext("Open again"), () => this.desk.reopen(this.id));
    const state = thread.resolved_at && h("span", { class: "muted small with-icon" }, icon("check"), gettext("%(who)s resolved it, %(moment)s", { who: thread.resolved_by?.name ?? "", moment: momentWords(Date.parse(thread.resolved_at), Date.now(), false) }));
    const held = this.acts.contains(document.activeElement) ? document.activeElement?.textContent : null;
    this.acts.replaceChildren(...[state, reply, settle, reopen].filter((each) => each !== false && each !== null && each !== ""));
    // Whoever pressed a button that is gone now stays where they were.
    if (held) this.acts.querySelector("button")?.focus();
  }

  private makeWriter(): Writer {
    const close = () => {
      this.writer?.element.remove();
      this.writer = null;
      this.acts.querySelector("button")?.focus();
    };
    const writer = new Writer({
      label: gettext("Answer"),
      send: gettext("Send"),
      people: (name) => this.desk.people(name),
      onSend: async (words) => {
        await this.desk.answer(this.id, words);
        close();
      },
      onLeave: close,
    });
    this.element.append(writer.element);
    return writer;
  }
}

/** A quiet button whose refusal is said in words. */
function button(label: string, act: () => Promise<void>): HTMLElement {
  const press = () => void act().catch((reason: unknown) => toast(reason instanceof Error ? reason.message : String(reason), "error"));
  return h("button", { type: "button", class: "btn btn--quiet btn--small", onclick: press }, label);
}

function commentRow(comment: Comment): HTMLElement {
  const at = Date.parse(comment.at);
  const words = pieces(comment.text, comment.mentions).map((piece) => (piece.isName ? h("b", { class: "mention" }, piece.words) : piece.words));
  return h(
    "li",
    {},
    h("span", { class: "avatar", "aria-hidden": "true" }, comment.person.initials),
    h(
      "div",
      {},
      h("b", {}, comment.person.name),
      h("span", { class: "comment-when" }, h("time", { datetime: comment.at, title: new Date(at).toLocaleString() }, momentWords(at, Date.now(), false)), ` ${placeWords(comment)}`),
      h("p", { class: "comment-text" }, ...words),
    ),
  );
}

function placeWords({ place, place_number: number }: Comment): string {
  if (place === "review") return gettext("on RV-%(number)s", { number });
  if (place === "version") return gettext("on version %(number)s", { number });
  return "";
}
