/** A copy of unsaved edits in this browser, for the day the connection or the tab is lost. */

export interface Copy {
  xml: string;
  revision: number;
  at: number;
}

export class Keep {
  private readonly name: string;

  constructor(draft: string) {
    this.name = `interlock.draft.${draft}`;
  }

  put(xml: string, revision: number): void {
    try {
      localStorage.setItem(this.name, JSON.stringify({ xml, revision, at: Date.now() } satisfies Copy));
    } catch {
      // No room, or storage is off: the server's copy is the one that counts.
    }
  }

  forget(): void {
    localStorage.removeItem(this.name);
  }

  /** Returns the copy that was left behind, or null. */
  find(): Copy | null {
    try {
      const found: unknown = JSON.parse(localStorage.getItem(this.name) ?? "null");
      return found !== null && typeof found === "object" && "xml" in found ? (found as Copy) : null;
    } catch {
      return null;
    }
  }
}

/** Hands a text or a picture to the person as a file. */
export function handOver(content: BlobPart, name: string, type = "application/xml"): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
