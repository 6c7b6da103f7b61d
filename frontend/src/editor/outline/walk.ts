/** How keys move through the tree: pure, over the rows that are in sight. */
import type { Item } from "./order";

export interface Row {
  item: Item;
  level: number;
  parent: string | null;
  /** Its place among the items beside it, from 1. */
  position: number;
  size: number;
}

/** Returns the rows in sight: all but what is folded away. */
export function rowsOf(items: readonly Item[], folded: ReadonlySet<string>, level = 1, parent: string | null = null): Row[] {
  return items.flatMap((item, index) => [
    { item, level, parent, position: index + 1, size: items.length },
    ...(folded.has(item.id) ? [] : rowsOf(item.children, folded, level + 1, item.id)),
  ]);
}

/** What a key does: go to a row, fold or unfold the one it is on, or nothing. */
export type Move = { go: string } | { fold: string } | { unfold: string } | null;

export function moveOf(key: string, rows: readonly Row[], at: string, folded: ReadonlySet<string>): Move {
  const index = rows.findIndex((row) => row.item.id === at);
  const row = rows[index];
  if (!row) return null;
  const to = (target: Row | undefined): Move => (target ? { go: target.item.id } : null);
  const inner = row.item.children[0];
  if (key === "ArrowDown") return to(rows[index + 1]);
  if (key === "ArrowUp") return to(rows[index - 1]);
  if (key === "Home") return to(rows[0]);
  if (key === "End") return to(rows.at(-1));
  if (key === "ArrowRight" && inner) return folded.has(at) ? { unfold: at } : { go: inner.id };
  if (key !== "ArrowLeft") return null;
  return inner && !folded.has(at) ? { fold: at } : row.parent === null ? null : { go: row.parent };
}

/** Returns the next row after `at`, around the end, whose text begins with what was typed. */
export function typedTo(typed: string, rows: readonly Row[], at: string, textOf: (item: Item) => string): string | null {
  const from = rows.findIndex((row) => row.item.id === at);
  // A single letter goes on to the next; more letters may still fit where one is.
  const skip = typed.length > 1 ? 0 : 1;
  const around = [...rows.slice(from + skip), ...rows.slice(0, from + skip)];
  const wanted = typed.toLocaleLowerCase();
  return around.find((row) => textOf(row.item).toLocaleLowerCase().startsWith(wanted))?.item.id ?? null;
}

/** Returns where to go once an item is gone, the best first: what is beside it, what holds it, what is near. */
export function neighbours(rows: readonly Row[], gone: string): string[] {
  const index = rows.findIndex((row) => row.item.id === gone);
  const row = rows[index];
  if (!row) return [];
  const [before, beyond] = [rows.slice(0, index).reverse(), rows.slice(index + 1)];
  const beside = [...beyond, ...before].filter((each) => each.parent === row.parent);
  return [...beside.map((each) => each.item.id), ...(row.parent === null ? [] : [row.parent]), ...[...before, ...beyond].map((each) => each.item.id)];
}

/** Returns the ids of everything that holds an item, the outermost first; null where there is no such item. */
export function pathTo(items: readonly Item[], id: string): string[] | null {
  for (const item of items) {
    if (item.id === id) return [];
    const inner = pathTo(item.children, id);
    if (inner) return [item.id, ...inner];
  }
  return null;
}
