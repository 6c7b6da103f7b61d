/** The editor page: palette, paper, panel and problems around one draft that saves itself. */
import type EventBus from "diagram-js/lib/core/EventBus";

import { call } from "../api/client";
import type { Draft, Saved } from "../api/shapes";
import type { Model, Shape } from "../bpmn/elements";
import { fit, reveal } from "../bpmn/paper";
import { ask } from "../ui/dialog";
import { h, isTyping, ready } from "../ui/dom";
import { toast } from "../ui/toast";
import { gettext, ngettext } from "../ui/words";
import { offerComments } from "./comments";
import { Edits } from "./edits";
import { Assist } from "./feel/assist";
import { Sample } from "./feel/sample";
import { lock } from "./lock";
import { Making } from "./making";
import { Menus } from "./menus";
import { makeModeler, type Modeler } from "./modeler";
import { Outline } from "./outline/outline";
import { Palette } from "./palette";
import { Paper } from "./paper-switch";
import { Panel } from "./panel/panel";
import { ComplexityView } from "./problem-complexity";
import { Extraction } from "./problem-extract";
import { Mends } from "./problem-mends";
import { Problems } from "./problems";
import { Banners } from "./saving/banners";
import { Saving } from "./saving/saving";
import { onPause, takeTyped } from "./saving/typing";
import { saveFirst } from "./save-first";
import { offerLibrary } from "./templates/entry";
import { Library } from "./templates/library";
import { type Preview, Tidy } from "./tidy";
import { offerTokens } from "./tokens/entry";
import { joinRoom } from "./together/join";
import { drawToolbar, find } from "./toolbar";

export async function mountEditor(root: HTMLElement): Promise<void> {
  const url = root.dataset["url"] ?? "";
  // What is wrong with a model takes the longest to say, and is asked for once it can be seen.
  const asked = call<Draft>("GET", `${url}?problems=later`);
  const host = h("div", { class: "canvas-host" });
  const canvas = h("div", { class: "canvas editor-canvas" }, host);
  root.append(canvas);
  const modeler = makeModeler(host);
  const draft = await asked;
  const editor = new Editor(root, canvas, modeler, draft, url);
  await modeler.importXML(draft.xml);
  editor.start();
  ready();
  // Without an answer nothing is said; the next save says it.
  await editor.judge().catch(() => undefined);
}

class Editor {
  private readonly edits: Edits;
  private readonly saving: Saving;
  private readonly problems: Problems;
  private panel: Panel | null = null;
  /** The newest of which it is known what is wrong. */
  private revision = 0;
  private readonly banners = new Banners();
  private readonly paper: Paper;
  private readonly tools = h("div", { class: "editor-tools" });
  private readonly palette = h("div", { class: "editor-palette" });
  private readonly side = h("aside", { class: "editor-panel", "aria-label": gettext("Properties") });

  constructor(
    private readonly root: HTMLElement,
    private readonly canvas: HTMLElement,
    private readonly modeler: Modeler,
    private readonly opened: Draft,
    private readonly url: string,
  ) {
    this.edits = new Edits(modeler);
    this.paper = new Paper(modeler, canvas, () => modeler.getDefinitions());
    const area = h("section", { class: "editor-problems" });
    const edit = opened.may_edit;
    const extraction = new Extraction(modeler, this.edits);
    const extract = (level: string): void => this.extract(extraction, level);
    const mends = new Mends(modeler, this.edits, () => location.assign(`/processes/${opened.process.key}/entry`), extract);
    const complexity = new ComplexityView(url, edit ? extract : null);
    this.problems = new Problems(area, modeler, (element) => this.select(element), (problem) => (edit ? mends.of(problem) : null), complexity);
    this.saving = new Saving(modeler, opened, url, this.banners, {
      commit: () => takeTyped(modeler, this.side),
      onSaved: (saved) => this.saved(saved),
      onTaken: (draft, who) => this.taken(draft, who),
    });
    root.before(this.banners.host);
    // Before the model is drawn: whatever takes room later would have it laid out once more.
    root.prepend(this.tools, ...(edit ? [this.palette] : []));
    root.append(area, this.side);
  }

  start(): void {
    const definitions = () => this.modeler.getDefinitions() as unknown as Model;
    const library = new Library(this.modeler, this.edits, definitions, this.url);
    // Without the catalogue the editor is what it was before there was one.
    library.load().catch(() => toast(gettext("The step library cannot be reached now."), "warning"));
    const making = new Making(this.modeler, this.edits);
    const menus = new Menus(this.modeler, making, this.opened.may_edit);
    if (this.opened.may_edit) {
      new Palette(this.modeler, making, menus, this.palette);
      offerLibrary(this.modeler, library, this.palette);
    } else lock(this.modeler, this.root, gettext("This draft is shown, not edited."));
    drawToolbar(this.tools, {
      diagram: this.modeler,
      menus,
      paper: this.paper,
      tidy: this.opened.may_edit ? new Tidy(this.modeler, this.edits, () => this.saving.write(), (preview) => this.offerLayout(preview)) : null,
      paste: () => making.paste(),
    });
    offerTokens(this.tools, { diagram: this.modeler, definitions, root: this.root, commit: () => takeTyped(this.modeler, this.side) });
    const outline = h("section", { class: "editor-outline", hidden: true });
    this.canvas.before(outline);
    const { dataClass = "", riskClass = "" } = this.root.dataset;
    const facts = { processKey: this.opened.process.key, dataClass, riskClass, library };
    const people = joinRoom(this.modeler, this.opened.id, this.tools, (revision, who) => this.saving.follow(revision, who));
    this.panel = new Panel(this.side, this.modeler, this.edits, definitions, !this.opened.may_edit, facts, (element) => people.noticeOf(element));
    onPause([this.side, this.canvas], () => takeTyped(this.modeler, this.side));
    new Outline(outline, { diagram: this.modeler, edits: this.edits, making, definitions, tools: this.tools, panel: this.side, mayEdit: this.opened.may_edit });
    const save = this.opened.may_edit ? () => this.saving.save() : null;
    offerComments({ canvas: this.canvas, modeler: this.modeler, url: this.url, select: (element) => this.select(element), save });
    new Assist(this.side, this.url, new Sample(this.opened.id), () => this.panel?.shown ?? null);
    fit(this.modeler, 0.4);
    this.listen();
    this.showDepth();
    const wanted = new URL(location.href).searchParams.get("element");
    if (wanted !== null) this.select(wanted);
  }

  /** Shows a layout on the paper, and asks whether it stays. */
  private offerLayout({ words, keep, back }: Preview): void {
    const note = this.banners.show("wait", words, [
      [gettext("Keep it"), async () => (keep(), note.remove())],
      [gettext("Put everything back"), async () => (back(), note.remove())],
    ]);
  }

  private listen(): void {
    const bus = this.modeler.get<EventBus>("eventBus");
    bus.on("commandStack.changed", (event: { trigger?: string }) => {
      // `clear` comes with an import, which is no edit.
      if (event.trigger !== "clear") this.saving.edited();
      this.showDepth();
    });
    bus.on("selection.changed", (event: { newSelection: Shape[] }) => {
      const one = event.newSelection.length === 1 ? (event.newSelection[0]?.labelTarget ?? event.newSelection[0]) : undefined;
      this.problems.follow(one?.id ?? null);
      const address = new URL(location.href);
      if (one) address.searchParams.set("element", one.id);
      else address.searchParams.delete("element");
      history.replaceState(null, "", address);
    });
    document.addEventListener("click", (event) => {
      const act = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-act]")?.dataset["act"] : undefined;
      if (act !== undefined) void this.act(act);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    saveFirst("[data-try]", () => this.saving.save());
  }

  private async act(act: string): Promise<void> {
    if (act === "undo") this.edits.undo();
    else if (act === "redo") this.edits.redo();
    else if (act === "validate") await this.validate();
    else if (act === "download") await this.download();
    else if (act === "svg" || act === "png") await this.picture(act);
    else if (act === "submit") await this.submit();
    else if (act === "save") await this.saving.save();
  }

  private key(event: KeyboardEvent): void {
    const typing = isTyping(event.target);
    const inCanvas = this.canvas.contains(event.target as Node);
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === "F8") this.problems.next();
    else if (ctrl && key === "s") void this.saving.save();
    else if (ctrl && key === "f" && !typing) find(this.modeler);
    // The canvas listens itself; a text field has its own undo.
    else if (ctrl && key === "z" && !typing && !inCanvas) event.shiftKey ? this.edits.redo() : this.edits.undo();
    else if (ctrl && key === "y" && !typing && !inCanvas) this.edits.redo();
    else return;
    event.preventDefault();
  }

  private taken(draft: Draft, who: string): void {
    this.revision = draft.revision;
    this.problems.show(draft.problems);
    if (who) toast(gettext("%(who)s saved. You see it now.", { who }));
  }

  private saved(saved: Saved): void {
    this.revision = saved.revision;
    this.problems.show(saved.problems);
    if (saved.lost.length) toast(gettext("%(what)s Undo brings it back.", { what: saved.lost.slice(0, 3).join(" ") }), "warning");
  }

  /** Says what is wrong with what was opened, unless it was saved since. */
  async judge(): Promise<void> {
    const { problems, revision } = await call<Draft>("GET", this.url);
    if (revision < this.revision) return;
    this.problems.show(problems);
    this.problems.follow(new URL(location.href).searchParams.get("element"));
  }

  private async validate(): Promise<void> {
    if (!(await this.saving.save())) return toast(gettext("Not checked: the draft could not be saved."), "warning");
    const { problems } = await call<Draft>("GET", this.url);
    this.problems.show(problems);
    if (problems.length) this.problems.next();
    else toast(gettext("No problems found."));
  }

  private async download(): Promise<void> {
    if (await this.saving.save()) location.assign(`${this.url}/model`);
    else toast(gettext("The file would be older than the paper: save first."), "warning");
  }

  private async picture(kind: "svg" | "png"): Promise<void> {
    if (!(await this.saving.save())) return toast(gettext("The picture would be older than the paper: save first."), "warning");
    const { downloadPicture } = await import("./pictures");
    await downloadPicture(this.url, this.opened.process.key, kind);
  }

  private async submit(): Promise<void> {
    if (!(await this.saving.save())) return toast(gettext("Not sent: the draft could not be saved."), "warning");
    const question = {
      title: gettext("Request a review of %(name)s?", { name: this.opened.process.name }),
      text: gettext("The board sees exactly what is saved now. An edit later asks for a new review."),
      act: gettext("Request review"),
      keep: gettext("Keep editing"),
      field: gettext("What changes, and why"),
      required: true,
    };
    ask(question, async (note) => {
      const { review } = await call<{ review: { url: string } }>("POST", `${this.url}/submit`, { body: { note } });
      location.assign(review.url);
    });
  }

  /** Shows the part that would become a sub-process, and makes it where that is wanted. */
  private extract(extraction: Extraction, level: string): void {
    const region = extraction.choose(level);
    if (typeof region === "string") return toast(region, "warning");
    const hide = extraction.preview(region);
    const question = {
      title: gettext("Extract a sub-process?"),
      text: ngettext("The marked step becomes one step that opens into it. Undo takes it back.", "The %(count)s marked parts become one step that opens into them. Undo takes it back.", region.inside.size, { count: region.inside.size }),
      act: gettext("Extract"),
      keep: gettext("Leave it"),
      field: null,
    };
    ask(question, async () => {
      const made = extraction.extract(region);
      if (made) this.select(made.id);
    });
    document.querySelector("dialog[open]")?.addEventListener("close", hide, { once: true });
  }

  private select(element: string | null): void {
    const shape = element === null ? undefined : this.modeler.get<{ get(id: string): Shape | undefined }>("elementRegistry").get(element);
    const selection = this.modeler.get<{ select(shape: Shape | null): void }>("selection");
    if (!shape?.parent) return selection.select(null);
    selection.select(shape);
    reveal(this.modeler, shape.id);
  }

  private showDepth(): void {
    const stack = this.modeler.get<{ canUndo(): boolean; canRedo(): boolean }>("commandStack");
    this.enable("undo", stack.canUndo());
    this.enable("redo", stack.canRedo());
  }

  private enable(act: string, on: boolean): void {
    for (const button of document.querySelectorAll<HTMLButtonElement>(`[data-act="${act}"]`)) button.disabled = !on;
  }
}
