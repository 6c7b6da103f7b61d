/** Links to pages that show the draft as it is saved: what is being typed is saved before. */
import { toast } from "../ui/toast";
import { gettext } from "../ui/words";

/** Follows a link only once everything is saved. */
export function saveFirst(selector: string, save: () => Promise<boolean>): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(selector)) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      void save().then((saved) => (saved ? location.assign(link.href) : toast(gettext("Not tried: the draft could not be saved."), "warning")));
    });
  }
}
