/** The comments beside a drawing: by element, open or resolved, written to and answered. */
import { kindWords } from "../bpmn/elements";
import { h, icon } from "../ui/dom";
import { gettext, ngettext } from "../ui/words";
import { Desk, type Words } from "./desk";
import type { Drawing } from "./drawing";
import { type Comment, type Filter, type Group, grouped, sifted, type Talk, type Thread } from "./threads";
import { ThreadView } from "./thread-view";
import { Writer } from "./writer";

const FILTERS: [Filter, string][] = [
  ["open", gettext("Open")],
  ["resolved", gettext("Resolved")],
];

export class CommentsPanel {
  private readonly desk: Desk;
  private readonly list = h("div", { class: "comment-groups" });
  private readonly none = h("p", { class: "muted small comment-none" });
  private readonly filters = h("div", { class: "segments", role: "group", "aria-label": gettext("Which comments") });
  private readonly said = h("p", { class: "sr-only", role: "status" });
  private readonly composer: Writer;
  private readonly views = new Map<string, ThreadView>();
  private readonly groups = new Map<string, HTMLElement>();
  private talk: Talk | null = null;
  private filter: Filter = "open";
  /** Somebody wants to write, and the threads are still on their way. */
  private composes = false;
  /** The thread that the address asks for, until it is shown. */
  private asked = new URL(location.href).searchParams.get("thread");

  constructor(
    host: HTMLElement,
    url: string,
    private readonly drawing: Drawing,
    /** Hears of all threads whenever one of them changed. */
    private readonly onTalk: (talk: Talk) => void,
  ) {
    this.desk = new Desk(url);
    this.composer = new Writer({ label: "", send: gettext("Comment"), people: (name) => this.desk.people(name), onSend: (words) => this.begin(words) });
    this.composer.element.hidden = true;
    host.append(this.filters, this.composer.element, this.none, this.list, this.said);
  }

  /** Asks for the threads, and for what changes in them from then on. */
  async open(): Promise<void> {
    await this.desk.open((talk, news) => this.show(talk, news));
  }

  /** Tells whether the address asks for a thread. */
  get isAskedFor(): boolean {
    return this.asked !== null;
  }

  /** Puts the chosen element first, and lets one write about it. */
  follow(): void {
    if (this.talk) this.draw();
  }

  /** Leads to the field for a new comment. */
  compose(): void {
    this.composes = this.talk === null;
    if (this.talk?.may_comment === true) this.composer.focus();
  }

  private async begin(words: Words): Promise<void> {
    const element = this.drawing.chosen();
    await this.drawing.settle();
    await this.desk.begin(element, words);
    this.turn("open");
  }

  private show(talk: Talk, news: { thread: Thread; comment: Comment }[]): void {
    this.talk = talk;
    this.onTalk(talk);
    const asked = talk.threads.find((thread) => thread.id === this.asked);
    if (asked) this.filter = asked.resolved_at === null ? "open" : "resolved";
    this.draw();
    if (asked) this.lead(asked);
    if (this.composes) this.compose();
    this.say(news);
  }

  /** Shows the thread that was asked for, and that it was read. */
  private lead(thread: Thread): void {
    this.asked = null;
    if (this.drawing.nameOf(thread.element) !== null) this.drawing.select(thread.element);
    this.views.get(thread.id)?.mark();
  }

  private say(news: { thread: Thread; comment: Comment }[]): void {
    const last = news.at(-1);
    if (!last) return;
    this.said.textContent = gettext("%(who)s wrote about %(element)s.", { who: last.comment.person.name, element: this.called(last.thread.element, last.thread.element_name, last.thread.element_kind) });
  }

  private turn(filter: Filter): void {
    this.filter = filter;
    this.draw();
  }

  private draw(): void {
    const talk = this.talk;
    if (!talk) return;
    const shown = sifted(talk.threads, this.filter);
    const chosen = this.drawing.chosen();
    this.drawFilters(talk);
    this.composer.element.hidden = !talk.may_comment;
    this.composer.name(gettext("About %(element)s", { element: this.drawing.nameOf(chosen) ?? talk.process.name }));
    this.none.hidden = shown.length > 0;
    this.none.textContent = this.filter === "open" ? gettext("No open comments.") : gettext("No resolved comments.");
    const groups = grouped(shown, chosen);
    const ids = new Set(groups.map((group) => group.element));
    for (const element of this.groups.keys()) if (!ids.has(element)) this.groups.delete(element);
    arrange(this.list, groups.map((group) => this.drawGroup(group, talk, group.element === chosen)));
  }

  private drawFilters(talk: Talk): void {
    const buttons = FILTERS.map(([filter, label]) =>
      h("button", { type: "button", "aria-pressed": String(filter === this.filter), onclick: () => this.turn(filter) }, label, ` ${sifted(talk.threads, filter).length}`),
    );
    const held = [...this.filters.children].indexOf(document.activeElement as Element);
    this.filters.replaceChildren(...buttons);
    buttons[held]?.focus();
  }

  private drawGroup(group: Group, talk: Talk, isChosen: boolean): HTMLElement {
    const section = this.groups.get(group.element) ?? h("section", { class: "comment-group" }, h("h3"), h("p", { class: "comment-gone small" }), h("div"));
    this.groups.set(group.element, section);
    const [head, gone, threads] = section.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
    const now = this.drawing.nameOf(group.element);
    const name = this.called(group.element, group.name, group.kind);
    const kind = group.name || now ? h("small", {}, kindWords(group.kind)) : false;
    section.classList.toggle("is-chosen", isChosen);
    section.setAttribute("aria-label", name);
    const title = `${name}|${now === null}`;
    if (head.dataset["title"] !== title) {
      head.dataset["title"] = title;
      const words = now === null ? h("s", {}, name) : h("button", { type: "button", class: "btn-link", onclick: () => this.drawing.select(group.element) }, name);
      head.replaceChildren(words, ...(kind ? [kind] : []));
      gone.replaceChildren(icon("trash"), this.drawing.goneWords(name));
    }
    gone.hidden = now !== null;
    arrange(threads, group.threads.map((thread) => this.drawThread(thread, talk)));
    return section;
  }

  private drawThread(thread: Thread, talk: Talk): HTMLElement {
    const view = this.views.get(thread.id) ?? new ThreadView(this.desk, thread.id);
    this.views.set(thread.id, view);
    view.show(thread, talk);
    // What names the reader is read once they have come to its thread.
    if (talk.unread.includes(thread.id)) this.readWhenSeen(view, thread.id);
    return view.element;
  }

  private readWhenSeen(view: ThreadView, thread: string): void {
    const watch = new IntersectionObserver((seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      void this.desk.read(thread);
    });
    watch.observe(view.element);
  }

  private called(element: string, name: string, kind: string): string {
    return this.drawing.nameOf(element) ?? (name || kindWords(kind));
  }
}

/** Returns how many open comments there are, in words. */
export function openWords(count: number): string {
  return ngettext("%(count)s open comment", "%(count)s open comments", count);
}

/** Makes these the children of a host; those that stand right are not touched, so that focus stays. */
function arrange(host: Element, wanted: readonly Element[]): void {
  for (const child of [...host.children]) if (!wanted.includes(child)) child.remove();
  for (const [index, child] of wanted.entries()) {
    if (host.children[index] !== child) host.insertBefore(child, host.children[index] ?? null);
  }
}
