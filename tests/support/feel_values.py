"""FEEL values as typed JSON (see feel_cases): how ours are written so, and when two are one."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from engine.expressions import Date, DateTime, DaysTime, Time, Value, YearsMonths
from engine.expressions.temporal import format_temporal

Typed: TypeAlias = dict[str, Any] | None

#: Numbers are the same where they differ by less than what the TCK writes down of them.
_CLOSE = Decimal("1e-8")


@dataclass(frozen=True)
class _Kind:
    """The name of a type of value, and how one is written."""

    name: str
    write: Callable[[Any], object]


_KINDS: Mapping[type, _Kind] = {
    bool: _Kind("bool", bool),
    str: _Kind("str", str),
    Decimal: _Kind("num", str),
    Date: _Kind("date", format_temporal),
    Time: _Kind("time", format_temporal),
    DateTime: _Kind("dateTime", format_temporal),
    DaysTime: _Kind("duration", format_temporal),
    YearsMonths: _Kind("duration", format_temporal),
}
_OTHER = _Kind("other", str)
_DURATION = re.compile(
    r"(-?)P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)D)?"
    r"(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)


def typed(value: Value) -> Typed:
    """Return one of our values as typed JSON; ranges and functions are of type `other`."""
    if isinstance(value, list):
        return {"t": "list", "v": [typed(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "ctx", "v": {name: typed(item) for name, item in value.items()}}
    if value is None:
        return None
    kind = _KINDS.get(type(value), _OTHER)
    return {"t": kind.name, "v": kind.write(value)}


def same(one: Typed, other: Typed) -> bool:
    """Return whether two values are one in FEEL's sense."""
    if one is None or other is None:
        return one is other
    compare = _COMPARED.get(one["t"], operator.eq)
    return one["t"] == other["t"] and bool(compare(one["v"], other["v"]))


def _same_lists(one: list[Typed], other: list[Typed]) -> bool:
    return len(one) == len(other) and all(map(same, one, other))


def _same_contexts(one: dict[str, Typed], other: dict[str, Typed]) -> bool:
    return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)


def _same_numbers(one: str, other: str) -> bool:
    left, right = Decimal(one), Decimal(other)
    if not (left.is_finite() and right.is_finite()):
        return False
    return abs(left - right) <= _CLOSE * max(Decimal(1), abs(left))


def _same_durations(one: str, other: str) -> bool:
    return _length(one) == _length(other)


def _same_moments(one: str, other: str) -> bool:
    return _moment(one) == _moment(other)


def _length(text: str) -> tuple[str, Decimal] | str:
    """Return a duration in months or in seconds."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return text
    years, months, days, hours, minutes, seconds = (
        Decimal(part or 0) for part in found.groups()[1:]
    )
    sign = -1 if found[1] else 1
    if found[2] or found[3]:
        return "months", sign * (years * 12 + months)
    return "seconds", sign * (((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def _moment(text: str) -> str:
    """Return a time with one spelling of UTC, all of its seconds and no zeros after them."""
    text = re.sub(r"Z$|@(Etc/)?UTC$|\+00:00$", "+00:00", text)
    text = re.sub(r"^((?:.*T)?\d\d:\d\d)(?!:)", r"\1:00", text)
    return re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", text).replace(".+", "+").rstrip(".")


_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "list": _same_lists,
    "ctx": _same_contexts,
    "num": _same_numbers,
    "duration": _same_durations,
    "time": _same_moments,
    "dateTime": _same_moments,
}
