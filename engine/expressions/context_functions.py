"""Built-in functions on contexts. DMN 1.5, 10.3.4.8."""

from __future__ import annotations

from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.properties import MISSING, property_of
from engine.expressions.signatures import Registry, context_in, list_in, text_in
from engine.expressions.values import Value

CONTEXTS = Registry()


@CONTEXTS.function("get value", "m, key", "context, keys")
def _get_value(run: Run, context: Value, key: Value) -> Value:
    """Return what a context holds under a key, or under a path of keys; null for none."""
    value: Value = context_in(context)
    for name in key if isinstance(key, list) else [key]:
        run.spend()
        found = property_of(value, text_in(name)) if isinstance(value, dict) else MISSING
        if found is MISSING:
            return None
        value = found  # type: ignore[assignment]  # MISSING is the only foreign object
    return value


@CONTEXTS.function("get entries", "m")
def _get_entries(run: Run, context: Value) -> Value:
    entries = context_in(context).items()
    run.reserve(2 * len(entries))
    return [{"key": key, "value": value} for key, value in entries]


@CONTEXTS.function("context", "entries")
def _context(run: Run, entries: Value) -> Value:
    """Return the context of a list of `{key: …, value: …}`, in which no key comes twice."""
    made: dict[str, Value] = {}
    for entry in list_in(entries):
        pair = context_in(entry)
        if "key" not in pair or "value" not in pair:
            raise Refusal("needs entries with `key` and `value`")
        key = text_in(pair["key"])
        if key in made:
            raise Refusal(f"needs every key once, and got `{key[:40]}` twice")
        made[key] = pair["value"]
    run.reserve(len(made))
    return made


@CONTEXTS.function(
    "context put", "context, key, value", "context, keys, value", key="string", keys="list"
)
def _context_put(run: Run, context: Value, key: Value, value: Value) -> Value:
    """Return a context with one more entry, or with one deeper inside along a path of keys."""
    path = [text_in(name) for name in key] if isinstance(key, list) else [text_in(key)]
    if not path:
        raise Refusal("needs at least one key")
    outer = context_in(context)
    levels = [outer]
    for name in path[:-1]:
        levels.append(context_in(levels[-1].get(name)))
    made = value
    for level, name in zip(reversed(levels), reversed(path), strict=True):
        run.reserve(len(level) + 1)
        made = {**level, name: made}
    return made


@CONTEXTS.function("context merge", "contexts")
def _context_merge(run: Run, contexts: Value) -> Value:
    """Return the entries of all contexts; of equal keys the last wins."""
    merged: dict[str, Value] = {}
    for context in list_in(contexts):
        merged.update(context_in(context))
        run.reserve(len(merged))
    return merged
