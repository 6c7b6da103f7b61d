"""What `value.name` can name besides the keys of a context. DMN 1.5, table 65."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.expressions.moments import DAY, HOUR, MINUTE, SECOND, Date, DaysTime, Time, YearsMonths
from engine.expressions.values import Value, kind_of

MISSING: Final = object()
"""No such property; null may be the value of one."""


def property_of(value: Value, name: str) -> object:
    """Return the property of the value, or `MISSING`."""
    if isinstance(value, dict):
        return value.get(name, MISSING)
    read = _PROPERTIES.get((kind_of(value), name))
    return MISSING if read is None else read(value)


def _offset(seconds: int | None) -> Value:
    return None if seconds is None else DaysTime(seconds * SECOND)


def _zone(clock: Time) -> Value:
    return clock.zone.key if isinstance(clock.zone, ZoneInfo) else None


def _whole(length: DaysTime, unit: int, limit: int) -> Decimal:
    """Return how many units of so many nanoseconds the length has below the limit, signed."""
    count = abs(length.nanos) % limit // unit if limit else abs(length.nanos) // unit
    return Decimal(-count if length.nanos < 0 else count)


def _months(length: YearsMonths, limit: int) -> Decimal:
    count = abs(length.months) % 12 if limit else abs(length.months) // 12
    return Decimal(-count if length.months < 0 else count)


def _of_date(read: Callable[[Date], Value]) -> Callable[[Any], Value]:
    return lambda moment: read(moment.date)


def _of_time(read: Callable[[Time], Value]) -> Callable[[Any], Value]:
    return lambda moment: read(moment.time)


_DAY: Mapping[str, Callable[[Date], Value]] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.weekday),
}
_CLOCK: Mapping[str, Callable[[Time], Value]] = {
    "hour": lambda clock: Decimal(clock.nanos // HOUR),
    "minute": lambda clock: Decimal(clock.nanos % HOUR // MINUTE),
    "second": lambda clock: Decimal(clock.nanos % MINUTE // SECOND),
    "timezone": _zone,
}
_LENGTH: Mapping[str, Callable[[DaysTime], Value]] = {
    "days": lambda length: _whole(length, DAY, 0),
    "hours": lambda length: _whole(length, HOUR, DAY),
    "minutes": lambda length: _whole(length, MINUTE, HOUR),
    "seconds": lambda length: _whole(length, SECOND, MINUTE),
}
_PROPERTIES: Mapping[tuple[str, str], Callable[[Any], Value]] = {
    **{("date", name): read for name, read in _DAY.items()},
    **{("date and time", name): _of_date(read) for name, read in _DAY.items()},
    **{("date and time", name): _of_time(read) for name, read in _CLOCK.items()},
    **{("time", name): read for name, read in _CLOCK.items()},
    ("date and time", "time offset"): lambda moment: _offset(moment.offset),
    ("time", "time offset"): lambda clock: _offset(clock.offset),
    **{("days and time duration", name): read for name, read in _LENGTH.items()},
    ("years and months duration", "years"): lambda length: _months(length, 0),
    ("years and months duration", "months"): lambda length: _months(length, 12),
    ("range", "start"): lambda span: span.low,
    ("range", "end"): lambda span: span.high,
    ("range", "start included"): lambda span: span.low_included,
    ("range", "end included"): lambda span: span.high_included,
}
