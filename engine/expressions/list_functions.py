"""Built-in functions on lists and contexts. DMN 1.5, 10.3.4.4 and 10.3.4.8."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.operators import same
from engine.expressions.properties import MISSING, property_of
from engine.expressions.signatures import (
    Registry,
    context_in,
    list_in,
    spread,
    text_in,
    whole_in,
)
from engine.expressions.values import Value

LISTS = Registry()


@LISTS.function("list contains", "list, element")
def _list_contains(run: Run, items: Value, element: Value) -> Value:
    return any(same(run, item, element) for item in list_in(items))


@LISTS.function("append", "list, item", variadic=True)
def _append(run: Run, items: Value, *added: Value) -> Value:
    return run.items([*list_in(items), *added])


@LISTS.function("concatenate", "list", variadic=True)
def _concatenate(run: Run, *lists: Value) -> Value:
    return _joined(run, lists)


@LISTS.function("flatten", "list")
def _flatten(run: Run, items: Value) -> Value:
    """Return the items of lists in lists, at any depth, in one list."""
    flat: list[Value] = []
    pending: list[Value] = [list_in(items)]
    while pending:
        run.spend()
        item = pending.pop()
        if isinstance(item, list):
            run.reserve(len(item))
            pending.extend(reversed(item))
        else:
            flat.append(item)
    return run.items(flat)


@LISTS.function("distinct values", "list")
def _distinct_values(run: Run, items: Value) -> Value:
    return run.items(_distinct(run, list_in(items)))


@LISTS.function("union", "list", variadic=True)
def _union(run: Run, *lists: Value) -> Value:
    return run.items(_distinct(run, _joined(run, lists)))


@LISTS.function("reverse", "list")
def _reverse(run: Run, items: Value) -> Value:
    return run.items(list_in(items)[::-1])


@LISTS.function("sublist", "list, start position, length", required=2)
def _sublist(run: Run, items: Value, start: Value, length: Value = None) -> Value:
    """Return a part of a list; positions count from 1, negative ones from the end."""
    whole, first = list_in(items), whole_in(start)
    if not 1 <= abs(first) <= len(whole):
        raise Refusal("the start position lies outside the list")
    begin = first - 1 if first > 0 else len(whole) + first
    end = len(whole) if length is None else begin + whole_in(length)
    if not begin < end <= len(whole):
        raise Refusal("the part lies outside the list")
    return run.items(whole[begin:end])


@LISTS.function("index of", "list, match")
def _index_of(run: Run, items: Value, match: Value) -> Value:
    found = [at for at, item in enumerate(list_in(items), 1) if same(run, item, match)]
    return run.items([Decimal(at) for at in found])


@LISTS.function("all", "list", variadic=True)
def _all(run: Run, *values: Value) -> Value:
    return _verdict(run, spread(values), deciding=False)


@LISTS.function("any", "list", variadic=True)
def _any(run: Run, *values: Value) -> Value:
    return _verdict(run, spread(values), deciding=True)


@LISTS.function("get value", "m, key", "context, keys")
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


@LISTS.function("get entries", "m")
def _get_entries(run: Run, context: Value) -> Value:
    entries = context_in(context).items()
    run.reserve(2 * len(entries))
    return [{"key": key, "value": value} for key, value in entries]


@LISTS.function("get or else", "value, default")
def _get_or_else(_run: Run, value: Value, default: Value) -> Value:
    return default if value is None else value


def _joined(run: Run, lists: Iterable[Value]) -> list[Value]:
    joined: list[Value] = []
    for items in lists:
        joined.extend(list_in(items))
        run.reserve(len(joined))
    return joined


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    """Return the items without repetitions, the first of each kept.

    Values without parts are looked up by their hash, so that a long list of them stays cheap.
    """
    kept: list[Value] = []
    composites: list[Value] = []
    seen: set[tuple[type, object]] = set()
    for item in items:
        run.spend()
        if isinstance(item, list | dict):
            if not any(same(run, item, other) for other in composites):
                composites.append(item)
                kept.append(item)
        elif (type(item), item) not in seen:
            seen.add((type(item), item))
            kept.append(item)
    return kept


def _verdict(run: Run, items: list[Value], *, deciding: bool) -> Value:
    run.spend(1 + len(items) // 10)
    if any(item is deciding for item in items):
        return deciding
    return (not deciding) if all(isinstance(item, bool) for item in items) else None
