"""Built-in functions of dates, times and durations. DMN 1.5, 10.3.4.1, 10.3.4.7 and 10.3.4.9.

`now` and `today` tell the moment the evaluation was given, so that the same one gives the same
value whenever it is evaluated.
"""

from __future__ import annotations

from decimal import Decimal

from engine.expressions import moments, temporal
from engine.expressions.budget import Run
from engine.expressions.errors import Refusal
from engine.expressions.moments import Date, DateTime, DaysTime, Time, YearsMonths
from engine.expressions.signatures import Registry, number_in, single, text_in, whole_in
from engine.expressions.values import CONTEXT, Value, described

TIMES = Registry()

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@TIMES.function("date", "from", "year, month, day")
def _date(_run: Run, *values: Value) -> Value:
    """Return a date from its text, from a date and time, or from year, month and day."""
    if len(values) > 1:
        return moments.make_date(*(whole_in(value) for value in _three(values)))
    value = single(values[0])
    if isinstance(value, DateTime):
        return value.date
    return value if isinstance(value, Date) else temporal.parse_date(text_in(value))


@TIMES.function("time", "from", "hour, minute, second, offset", "hour, minute, second", required=1)
def _time(_run: Run, *values: Value) -> Value:
    """Return a time of day from its text, from a date and time, or from its parts."""
    if len(values) > 1:
        return _time_of(*_three(values[:3]), values[3] if values[3:] else None)
    value = single(values[0])
    if isinstance(value, DateTime):
        return value.time
    if isinstance(value, Date):
        return moments.midnight(value).time
    return value if isinstance(value, Time) else temporal.parse_time(text_in(value))


def _time_of(hour: Value, minute: Value, second: Value, offset: Value) -> Time:
    if not isinstance(offset, DaysTime | None):
        raise Refusal(f"needs a duration as offset, and got {described(offset)}")
    zone = None if offset is None else moments.fixed_zone(offset.nanos // moments.SECOND)
    seconds = number_in(second)
    if not 0 <= seconds < 60:  # noqa: PLR2004
        raise Refusal("there is no such time of day")
    nanos = int(CONTEXT.multiply(seconds, Decimal(moments.SECOND)))
    return moments.make_time(whole_in(hour), whole_in(minute), nanos, zone)


@TIMES.function("date and time", "from", "date, time", "date, timezone")
def _date_and_time(_run: Run, first: Value, *rest: Value) -> Value:
    """Return a date and time from its text, from a date and a time, or in another zone."""
    first = single(first)
    if not rest:
        return _one_date_and_time(first)
    second = single(rest[0])
    if isinstance(first, DateTime) and isinstance(second, str):
        return moments.moment(first.nanos, moments.named_zone(second))
    day = first.date if isinstance(first, DateTime) else first
    if not isinstance(day, Date) or not isinstance(second, Time):
        raise Refusal(f"cannot put {described(first)} and {described(second)} together")
    return DateTime(day, second)


def _one_date_and_time(value: Value) -> Value:
    if isinstance(value, DateTime):
        return value
    if isinstance(value, Date):
        return moments.midnight(value)
    return temporal.parse_date_time(text_in(value))


@TIMES.function("duration", "from")
def _duration(_run: Run, value: Value) -> Value:
    if isinstance(value, DaysTime | YearsMonths):
        return value
    return temporal.parse_duration(text_in(value))


@TIMES.function("years and months duration", "from, to")
def _years_and_months(_run: Run, start: Value, end: Value) -> Value:
    """Return the whole months from one day to another."""
    return moments.months_between(_day_in(start), _day_in(end))


@TIMES.function("day of year", "date")
def _day_of_year(_run: Run, day: Value) -> Value:
    found = _day_in(day)
    return Decimal(found.number - Date(found.year, 1, 1).number + 1)


@TIMES.function("day of week", "date")
def _day_of_week(_run: Run, day: Value) -> Value:
    return _WEEKDAYS[_day_in(day).weekday - 1]


@TIMES.function("month of year", "date")
def _month_of_year(_run: Run, day: Value) -> Value:
    return _MONTHS[_day_in(day).month - 1]


@TIMES.function("week of year", "date")
def _week_of_year(_run: Run, day: Value) -> Value:
    """Return the week by ISO 8601: the first one holds the year's first Thursday."""
    found = _day_in(day)
    thursday = moments.date_at(found.number + 4 - found.weekday)
    return Decimal((thursday.number - Date(thursday.year, 1, 1).number) // 7 + 1)


@TIMES.function("now", "")
def _now(run: Run) -> Value:
    return _moment_of(run)


@TIMES.function("today", "")
def _today(run: Run) -> Value:
    return _moment_of(run).date


def _moment_of(run: Run) -> DateTime:
    if run.now is None:
        raise Refusal("there is no clock here")
    return run.now


def _day_in(value: Value) -> Date:
    found = single(value)
    if isinstance(found, DateTime):
        return found.date
    if isinstance(found, Date):
        return found
    raise Refusal(f"needs a date, and got {described(found)}")


def _three(values: tuple[Value, ...]) -> tuple[Value, Value, Value]:
    if len(values) != len(("first", "second", "third")):
        raise Refusal("needs one argument or three")
    return values[0], values[1], values[2]
