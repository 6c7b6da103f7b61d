"""Built-in functions that make dates, times and durations. DMN 1.5, 10.3.4.1 and 10.3.4.7.

`now` and `today` are left out: an expression gives the same value whenever it is evaluated. Who
needs the time puts it into a variable.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.expressions import temporal
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.signatures import Registry, number_in, text_in, whole_in
from engine.expressions.values import CONTEXT, Value, YearsMonths, described

TIMES = Registry()

_PER_SECOND = 1_000_000
_MICROS = Decimal(_PER_SECOND)


@TIMES.function("date", "from", "year, month, day")
def _date(_run: Run, *values: Value) -> Value:
    """Return a date from its text, from a date and time, or from year, month and day."""
    if len(values) > 1:
        return temporal.make_date(*(whole_in(value) for value in _three(values)))
    value = values[0]
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else temporal.parse_date(text_in(value))


@TIMES.function("time", "from", "hour, minute, second, offset", required=1)
def _time(_run: Run, *values: Value) -> Value:
    """Return a time of day from its text, from a date and time, or from its parts."""
    if len(values) > 1:
        return _time_of(*_three(values[:3]), values[3] if values[3:] else None)
    value = values[0]
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, date):
        return temporal.midnight(value).timetz()
    return value if isinstance(value, time) else temporal.parse_time(text_in(value))


def _time_of(hour: Value, minute: Value, second: Value, offset: Value) -> time:
    if not isinstance(offset, timedelta | None):
        raise Refusal(f"needs a duration as offset, and got {described(offset)}")
    zone = None if offset is None else temporal.offset_zone(offset)
    micros = whole_in(CONTEXT.to_integral_value(CONTEXT.multiply(number_in(second), _MICROS)))
    try:
        clock = time(whole_in(hour), whole_in(minute), micros // _PER_SECOND, tzinfo=zone)
        return clock.replace(microsecond=micros % _PER_SECOND)
    except (ValueError, OverflowError):
        raise Refusal("there is no such time of day") from None


@TIMES.function("date and time", "from", "date, time")
def _date_and_time(_run: Run, first: Value, second: Value = None) -> Value:
    """Return a date and time from its text, or from a date and a time."""
    if isinstance(first, str):
        return temporal.parse_date_time(first)
    if isinstance(first, datetime) and second is None:
        return first
    day = first.date() if isinstance(first, datetime) else first
    if not isinstance(day, date) or not isinstance(second, time | None):
        raise Refusal(f"cannot put {described(first)} and {described(second)} together")
    return temporal.midnight(day) if second is None else datetime.combine(day, second)


@TIMES.function("duration", "from")
def _duration(_run: Run, value: Value) -> Value:
    if isinstance(value, timedelta | YearsMonths):
        return value
    return temporal.parse_duration(text_in(value))


@TIMES.function("years and months duration", "from, to")
def _years_and_months(_run: Run, start: Value, end: Value) -> Value:
    """Return the whole months from one day to another."""
    if not isinstance(start, date) or not isinstance(end, date):
        raise Refusal("needs two dates")
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


def _three(values: tuple[Value, ...]) -> tuple[Value, Value, Value]:
    if len(values) != len(("first", "second", "third")):
        raise Refusal("needs one argument or three")
    return values[0], values[1], values[2]
