"""What `value.name` can name besides the keys of a context. DMN 1.5, table 65."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.expressions.temporal import seconds_of
from engine.expressions.values import Value, YearsMonths, kind_of

MISSING: Final = object()
"""No such property; null may be the value of one."""


def property_of(value: Value, name: str) -> object:
    """Return the property of the value, or `MISSING`."""
    if isinstance(value, dict):
        return value.get(name, MISSING)
    read = _PROPERTIES.get((kind_of(value), name))
    return MISSING if read is None else read(value)


def _offset(moment: datetime | time) -> Value:
    return moment.utcoffset()


def _zone(moment: datetime | time) -> Value:
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None


def _whole(length: timedelta, unit: int, limit: int | None) -> Decimal:
    """Return how many units of so many seconds the length has, towards zero, below the limit."""
    count = int(abs(seconds_of(length))) // unit
    count = count % limit if limit else count
    return Decimal(-count if length < timedelta() else count)


def _months(length: YearsMonths, limit: int) -> Decimal:
    count = abs(length.months) % 12 if limit else abs(length.months) // 12
    return Decimal(-count if length.months < 0 else count)


_DAY: Mapping[str, Callable[[date], Value]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.isoweekday()),
}
_CLOCK: Mapping[str, Callable[[Any], Value]] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": lambda clock: Decimal(clock.second) + Decimal(clock.microsecond) / 1_000_000,
    "time offset": _offset,
    "timezone": _zone,
}
_LENGTH: Mapping[str, Callable[[timedelta], Value]] = {
    "days": lambda length: _whole(length, 86_400, None),
    "hours": lambda length: _whole(length, 3_600, 24),
    "minutes": lambda length: _whole(length, 60, 60),
    "seconds": lambda length: _whole(length, 1, 60),
}
_PROPERTIES: Mapping[tuple[str, str], Callable[[Any], Value]] = {
    **{("date", name): read for name, read in _DAY.items()},
    **{("date and time", name): read for name, read in _DAY.items()},
    **{("date and time", name): read for name, read in _CLOCK.items()},
    **{("time", name): read for name, read in _CLOCK.items()},
    **{("days and time duration", name): read for name, read in _LENGTH.items()},
    ("years and months duration", "years"): lambda length: _months(length, 0),
    ("years and months duration", "months"): lambda length: _months(length, 12),
    ("range", "start"): lambda span: span.low,
    ("range", "end"): lambda span: span.high,
    ("range", "start included"): lambda span: span.low_included,
    ("range", "end included"): lambda span: span.high_included,
}
