/** What every page can do; each is asked for by an attribute (docs/look.md lists them). */
import { isTyping } from "./dom";
import { agoWords, dueWords } from "./times";
import { toast } from "./toast";
import { gettext } from "./words";

const YEAR = 31_536_000;
const REFRESH = 20_000;

/** Wires the page once. Listens at the document, so parts that arrive later work too. */
export function startShell(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("keydown", onKey);
  document.addEventListener("visibilitychange", markHidden);
  setInterval(refreshTimes, REFRESH);
  for (const note of document.querySelectorAll(".toast--success, .toast--info")) {
    setTimeout(() => note.remove(), 8_000);
  }
}

function onClick(event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  closeMenus(event.target);
  const actor = event.target.closest<HTMLElement>(
    "[data-dialog], [data-close], [data-dismiss], [data-back], [data-copy], [data-theme-choice]",
  );
  if (!actor) return;
  const { dialog, close, dismiss, back, copy, themeChoice } = actor.dataset;
  if (dialog !== undefined) openDialog(dialog);
  else if (close !== undefined) actor.closest("dialog")?.close();
  else if (dismiss !== undefined) actor.closest("[data-toast]")?.remove();
  else if (back !== undefined) history.back();
  else if (copy !== undefined) void copyText(copy);
  else if (themeChoice !== undefined) chooseTheme(themeChoice);
}

function openDialog(id: string): void {
  const found = document.getElementById(id);
  if (found instanceof HTMLDialogElement) found.showModal();
}

async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast(gettext("Copied."));
}

function chooseTheme(choice: string): void {
  const root = document.documentElement;
  if (choice) root.dataset["theme"] = choice;
  else delete root.dataset["theme"];
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${choice}; Path=/; Max-Age=${choice ? YEAR : 0}; SameSite=Lax${secure}`;
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === choice));
  }
}

function closeMenus(target: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    if (!target || !menu.contains(target)) menu.open = false;
  }
}

function onChange(event: Event): void {
  if (!(event.target instanceof HTMLElement)) return;
  event.target.closest<HTMLFormElement>("form[data-submit-on-change]")?.requestSubmit();
}

function onSubmit(event: SubmitEvent): void {
  if (!(event.target instanceof HTMLFormElement) || event.target.dataset["busy"] === undefined) return;
  event.submitter?.setAttribute("aria-busy", "true");
}

function onKey(event: KeyboardEvent): void {
  if (event.key === "Escape") closeMenus(null);
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
  else pressKey(event);
}

function pressKey(event: KeyboardEvent): void {
  const wanted = event.shiftKey && event.key.length === 1 ? `Shift+${event.key.toLowerCase()}` : event.key;
  const found = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted)}"]`);
  if (!found) return;
  event.preventDefault();
  if (isTyping(found)) found.focus();
  else found.click();
}

function moveRow(step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>("[data-rows] :is(.row-link, .list-row, .change)")];
  if (!links.length) return;
  const rowOf = (link: Element) => link.closest("tr, li") ?? link;
  const focused = links.findIndex((link) => rowOf(link).contains(document.activeElement));
  const chosen = links.findIndex((link) => rowOf(link).matches(".is-selected, [aria-selected=true], :has(.is-selected)"));
  const from = focused >= 0 ? focused : chosen;
  const next = links[Math.min(links.length - 1, Math.max(0, from + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function refreshTimes(): void {
  const now = Date.now();
  for (const element of document.querySelectorAll<HTMLTimeElement>("time[data-time]")) {
    const at = Date.parse(element.dateTime);
    const kind = element.dataset["time"];
    const words = kind === "ago" ? agoWords(at, now) : kind === "due" ? dueWords(at, now) : null;
    if (words !== null && words !== element.textContent) element.textContent = words;
    if (kind === "due") element.classList.toggle("bad", at < now);
  }
}

function markHidden(): void {
  document.documentElement.toggleAttribute("data-hidden", document.hidden);
}
