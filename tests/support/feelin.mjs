// The browser's FEEL behind pipes: a line asks ({expr, inp}), a line answers ({value} or {error}).
// Values are JSON with their types, as engine/expressions/typed.py has them.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { evaluate } = await import(pathToFileURL(process.argv[2]).href);
const MOMENTS = { FeelDate: "date", FeelTime: "time", FeelDateTime: "dateTime", FeelDuration: "duration" };

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

function answer({ expr, inp }) {
  try {
    return { value: typed(evaluate(expr, untyped({ t: "ctx", v: inp })).value) };
  } catch (error) {
    return { error: String(error.message).split("\n")[0] };
  }
}

function untyped(value) {
  if (value === null) return null;
  const { t, v } = value;
  if (t === "list") return v.map(untyped);
  if (t === "ctx") return Object.fromEntries(Object.entries(v).map(([name, one]) => [name, untyped(one)]));
  return t === "num" ? Number(v) : v;
}

function typed(value) {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return { t: "list", v: value.map(typed) };
  const moment = MOMENTS[value.constructor?.name];
  if (moment) return { t: moment, v: value.iso };
  switch (typeof value) {
    case "number": return { t: "num", v: String(value) };
    case "boolean": return { t: "bool", v: value };
    case "string": return { t: "str", v: value };
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return { t: "other", v: String(value.constructor?.name) };
  return { t: "ctx", v: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typed(one)])) };
}
