import { beforeEach, expect, test, vi } from "vitest";

import { Refused, Unreachable } from "../../api/client";
import type { Saved } from "../../api/shapes";
import { DraftKeeper, type DraftPorts, type Status } from "./draft";

let statuses: Status[];
let puts: [string, number][];
let kept: { xml: string; revision: number } | null;
let answer: () => Promise<Saved>;
let write: () => Promise<string>;
let commit: () => void;

const saved = (revision: number): Saved => ({ revision, problems: [], saved_at: "2026-11-19T14:08:21Z", lost: [] });

function keeper(): DraftKeeper {
  const ports: DraftPorts = {
    commit: () => commit(),
    write: () => write(),
    put: (xml, revision) => {
      puts.push([xml, revision]);
      return answer();
    },
    keep: (copy) => (kept = copy),
    forget: () => (kept = null),
    onStatus: (status) => statuses.push(status),
    onSaved: () => undefined,
    wait: (call, milliseconds) => setTimeout(call, milliseconds),
    cancel: (timer) => clearTimeout(timer as number),
  };
  return new DraftKeeper(4, null, ports);
}

const state = () => statuses.at(-1)?.state;

beforeEach(() => {
  vi.useFakeTimers();
  [statuses, puts, kept] = [[], [], null];
  answer = () => Promise.resolve(saved(5));
  write = () => Promise.resolve("<xml/>");
  commit = () => undefined;
});

test("an unedited model is never written back", async () => {
  expect(await keeper().save()).toBe(true);
  expect(puts).toEqual([]);
});

test("a save follows three seconds after the last of several edits, with the number it read", async () => {
  const draft = keeper();

  draft.edited();
  await vi.advanceTimersByTimeAsync(2_000);
  draft.edited();
  await vi.advanceTimersByTimeAsync(2_900);
  expect(puts).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);

  expect(puts).toEqual([["<xml/>", 4]]);
  expect(state()).toBe("clean");
  expect(kept).toBeNull();
});

test("an edit during a save is saved by the next one, under the new number", async () => {
  const draft = keeper();
  answer = () => new Promise((resolve) => setTimeout(() => resolve(saved(4 + puts.length)), 1_000));

  draft.edited();
  await vi.advanceTimersByTimeAsync(3_100);
  draft.edited();
  await vi.advanceTimersByTimeAsync(8_000);

  expect(puts.map(([, revision]) => revision)).toEqual([4, 5]);
  expect(state()).toBe("clean");
});

test("without a connection the edits are kept in the browser and tried again", async () => {
  const draft = keeper();
  answer = () => Promise.reject(new Unreachable());

  draft.edited();
  await vi.advanceTimersByTimeAsync(3_100);
  expect(state()).toBe("offline");
  expect(kept).toEqual({ xml: "<xml/>", revision: 4 });

  answer = () => Promise.resolve(saved(5));
  await vi.advanceTimersByTimeAsync(8_100);
  expect(state()).toBe("clean");
});

test("in a conflict nothing is saved until a person decides", async () => {
  const draft = keeper();
  answer = () => Promise.reject(new Refused({ title: "Yusuf saved.", status: 412, code: "designer.draft_changed" }));

  draft.edited();
  await vi.advanceTimersByTimeAsync(3_100);
  draft.edited();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(puts).toHaveLength(1);
  expect(state()).toBe("conflict");
  expect(kept).not.toBeNull();

  answer = () => Promise.resolve(saved(8));
  expect(await draft.keepMine(7)).toBe(true);
  expect(puts.at(-1)?.[1]).toBe(7);
});

test("a model that cannot be written loses nothing: the last copy stays and words say why", async () => {
  const draft = keeper();
  draft.edited();
  await vi.advanceTimersByTimeAsync(500);
  write = () => Promise.reject(new Error("no namespace uri given for prefix <ns0>"));

  draft.edited();
  await vi.advanceTimersByTimeAsync(3_100);

  expect(state()).toBe("unwritable");
  expect(statuses.at(-1)?.words).toContain("ns0");
  expect(kept?.xml).toBe("<xml/>");
  expect(puts).toEqual([]);
});

test("what is being typed is taken before a save, and is part of it", async () => {
  const draft = keeper();
  draft.edited();
  let typed = true;
  commit = () => {
    if (typed) draft.edited();
    typed = false;
    write = () => Promise.resolve("<typed/>");
  };

  expect(await draft.save()).toBe(true);
  expect(puts).toEqual([["<typed/>", 4]]);
});

test("edits begun from an older revision are saved under that one, so that they meet what came since", async () => {
  const draft = keeper();

  draft.resume(2);
  await vi.advanceTimersByTimeAsync(3_100);

  expect(puts).toEqual([["<xml/>", 2]]);
});

test("what somebody else saved is the state the next edit begins from", async () => {
  const draft = keeper();
  draft.take(9, 0);
  expect(state()).toBe("clean");

  draft.edited();
  await draft.save();

  expect(puts).toEqual([["<xml/>", 9]]);
});

test("where two cannot be brought together now, it is tried again, and the edits are kept", async () => {
  const draft = keeper();
  answer = () => Promise.reject(new Refused({ title: "Yusuf saved.", status: 412, code: "designer.draft_changed" }));
  draft.edited();
  await draft.save();

  draft.postpone("No connection.");
  expect(state()).toBe("offline");
  await vi.advanceTimersByTimeAsync(8_100);

  expect(puts).toHaveLength(2);
  expect(kept).not.toBeNull();
});
