"""Built-in functions on lists. DMN 1.5, 10.3.4.4 and 10.3.4.10."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cmp_to_key

from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.moments import DateTime, Time
from engine.expressions.operators import instant, same
from engine.expressions.signatures import (
    Registry,
    list_in,
    spread,
    whole_in,
)
from engine.expressions.values import Function, Range, Value, described

LISTS = Registry()


@LISTS.function("list contains", "list, element")
def _list_contains(run: Run, items: Value, element: Value) -> Value:
    return any(same(run, item, element) for item in _walked(run, items))


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
    return run.items(distinct(run, list_in(items)))


@LISTS.function("union", "list", variadic=True)
def _union(run: Run, *lists: Value) -> Value:
    return run.items(distinct(run, _joined(run, lists)))


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
    found = [at for at, item in enumerate(_walked(run, items), 1) if same(run, item, match)]
    return run.items([Decimal(at) for at in found])


@LISTS.function("all", "list", variadic=True)
def _all(run: Run, *values: Value) -> Value:
    return _verdict(run, spread(values), deciding=False)


@LISTS.function("any", "list", variadic=True)
def _any(run: Run, *values: Value) -> Value:
    return _verdict(run, spread(values), deciding=True)


@LISTS.function("insert before", "list, position, newItem")
def _insert_before(run: Run, items: Value, position: Value, added: Value) -> Value:
    whole = list_in(items)
    at = _index_in(whole, position)
    return run.items([*whole[:at], added, *whole[at:]])


@LISTS.function("remove", "list, position")
def _remove(run: Run, items: Value, position: Value) -> Value:
    whole = list_in(items)
    at = _index_in(whole, position)
    return run.items([*whole[:at], *whole[at + 1 :]])


@LISTS.function("list replace", "list, position, newItem", "list, match, newItem")
def _list_replace(run: Run, items: Value, which: Value, added: Value) -> Value:
    """Replace the item at a position, or each that a function of it and the new one chooses."""
    whole = list_in(items)
    if isinstance(which, Function):
        return run.items([added if _chosen(run, which, item, added) else item for item in whole])
    at = _index_in(whole, which)
    return run.items([*whole[:at], added, *whole[at + 1 :]])


def _chosen(run: Run, match: Function, item: Value, added: Value) -> bool:
    run.spend()
    verdict = match.call(run, [item, added])
    if not isinstance(verdict, bool):
        raise Refusal(f"needs a function that says true or false, and got {described(verdict)}")
    return verdict


def _index_in(items: list[Value], position: Value) -> int:
    """Return the index of a position that counts from 1, or from the end when it is negative."""
    place = whole_in(position)
    if not 1 <= abs(place) <= len(items):
        raise Refusal("the position lies outside the list")
    return place - 1 if place > 0 else len(items) + place


@LISTS.function("sort", "list, precedes")
def _sort(run: Run, items: Value, precedes: Value) -> Value:
    """Return the list in the order that a function of two items tells; equal ones stay put."""
    if not isinstance(precedes, Function):
        raise Refusal(f"needs a function, and got {described(precedes)}")

    def compare(one: Value, other: Value) -> int:
        run.spend()
        return -1 if precedes.call(run, [one, other]) is True else 0

    # Sorting only ever asks which of two comes first, so 0 may stand for everything else.
    return run.items(sorted(list_in(items), key=cmp_to_key(compare)))


def _walked(run: Run, items: Value) -> list[Value]:
    whole = list_in(items)
    run.spend(1 + len(whole) // 10)
    return whole


def _joined(run: Run, lists: Iterable[Value]) -> list[Value]:
    joined: list[Value] = []
    for items in lists:
        joined.extend(list_in(items))
        run.reserve(len(joined))
    return joined


def distinct(run: Run, items: list[Value]) -> list[Value]:
    """Return the items without repetitions, the first of each kept.

    Values without parts are looked up by their hash, so that a long list of them stays cheap.
    """
    kept: list[Value] = []
    composites: list[Value] = []
    seen: set[tuple[type, object]] = set()
    for item in items:
        run.spend()
        if isinstance(item, list | dict | Range):
            if not any(same(run, item, other) for other in composites):
                composites.append(item)
                kept.append(item)
        elif (looked_up := _looked_up(item)) not in seen:
            seen.add(looked_up)
            kept.append(item)
    return kept


def _looked_up(item: Value) -> tuple[type, object]:
    return type(item), instant(item) if isinstance(item, Time | DateTime) else item


def _verdict(run: Run, items: list[Value], *, deciding: bool) -> Value:
    run.spend(1 + len(items) // 10)
    if any(item is deciding for item in items):
        return deciding
    for item in items:
        if item is not None and not isinstance(item, bool):
            raise Refusal(f"needs true or false, and got {described(item)}")
    return None if None in items else not deciding
