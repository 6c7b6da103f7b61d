import { expect, test } from "vitest";

import { at, insert, make, move, neighbour, places, put, remove, renamed, type Schema } from "./schema";

const FORM: Schema = {
  id: "ask",
  components: [
    { type: "textfield", key: "a", label: "A" },
    { type: "group", label: "G", components: [{ type: "number", key: "b", label: "B" }] },
    { type: "textfield", key: "c", label: "C" },
  ],
};
const keys = (form: Schema): string[] => places(form.components).map((place) => at(form, place)?.key ?? at(form, place)?.label ?? "");

test("places are told in the order in which the form is shown", () => {
  expect(places(FORM.components)).toEqual([[0], [1], [1, 0], [2]]);
});

test("a component moves down, into the group above, and out again", () => {
  const down = move(FORM, [0], neighbour(FORM, [0], "down") ?? []);
  expect([keys(down.schema), down.place]).toEqual([["G", "b", "a", "c"], [1]]);
  const inside = move(down.schema, [1], neighbour(down.schema, [1], "in") ?? []);
  expect([keys(inside.schema), inside.place]).toEqual([["G", "b", "a", "c"], [0, 1]]);
  const out = move(inside.schema, [0, 1], neighbour(inside.schema, [0, 1], "out") ?? []);
  expect([keys(out.schema), out.place]).toEqual([["G", "b", "a", "c"], [1]]);
});

test("nothing moves beyond the ends, nor a group into itself", () => {
  expect([neighbour(FORM, [0], "up"), neighbour(FORM, [2], "down"), neighbour(FORM, [0], "in"), neighbour(FORM, [0], "out")]).toEqual([null, null, null, null]);
  expect(move(FORM, [1], [1, 0]).schema).toBe(FORM);
});

test("a group that moves past its neighbour keeps what is in it", () => {
  expect(keys(move(FORM, [1], [0]).schema)).toEqual(["G", "b", "a", "c"]);
});

test("what is added has a key of its own, which follows the label until somebody names it", () => {
  const twice = insert(insert(FORM, [0], make("number", FORM)), [0], make("number", insert(FORM, [0], make("number", FORM))));
  expect(keys(twice).slice(0, 2)).toEqual(["number_2", "number"]);
  const first = at(twice, [1])!;
  expect(renamed(first, "Minutes down", twice).key).toBe("minutes_down");
  expect(renamed({ ...first, key: "mine" }, "Minutes down", twice).key).toBe("mine");
});

test("a property that says nothing is taken away, with what held only it", () => {
  const needed = put({ type: "textfield" }, ["validate", "required"], true);
  expect(needed).toEqual({ type: "textfield", validate: { required: true } });
  expect(put(needed, ["validate", "required"], false)).toEqual({ type: "textfield" });
});

test("what the builder does not know is kept", () => {
  const odd: Schema = { components: [{ type: "textfield", key: "a", properties: { x: 1 } }, { type: "magic" }], exporter: { name: "x" } };
  expect(remove(insert(odd, [0], { type: "text" }), [0])).toEqual(odd);
});
