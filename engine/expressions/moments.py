"""Days, times of day, moments and durations as FEEL has them, and calculating with them.

DMN 1.5, 10.3.2.3.4 to 10.3.2.3.9. Wider than Python's own: years from -999 999 999 to 999 999 999
in the proleptic Gregorian calendar, and nanoseconds.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from engine.expressions.errors import Refusal

MAX_YEAR = 999_999_999
SECOND = 1_000_000_000
"""Nanoseconds in a second, as all lengths here are counted in them."""
MINUTE, HOUR, DAY = 60 * SECOND, 3_600 * SECOND, 86_400 * SECOND
MAX_LENGTH = 2 * MAX_YEAR * 366 * DAY
_MAX_MONTHS = 12 * 2 * MAX_YEAR
_MAX_OFFSET = 18 * 3_600
_FEBRUARY = 2
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_EPOCH = 719_468
"""Days from 0000-03-01, where leap years are easiest counted from, to 1970-01-01."""
_ZONES_KNOW_UNTIL = 9_000
"""Zones are asked about years in Python's calendar; others have a twin 400 years away."""

Zone: TypeAlias = int | ZoneInfo | None
"""Seconds east of UTC, a zone by its name, or none: a local time."""


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, counted in months; negative ones point to the past."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > _MAX_MONTHS:
            raise Refusal("there is no such duration")


@dataclass(frozen=True, slots=True, order=True)
class DaysTime:
    """A days and time duration, counted in nanoseconds."""

    nanos: int

    def __post_init__(self) -> None:
        if abs(self.nanos) > MAX_LENGTH:
            raise Refusal("there is no such duration")


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day of the calendar."""

    year: int
    month: int
    day: int

    @property
    def number(self) -> int:
        """Return the days since 1970-01-01."""
        # Years begin in March here, so that the leap day is the last.
        year = self.year - (self.month <= _FEBRUARY)
        month = (self.month - _FEBRUARY - 1) % 12
        cycle, of_cycle = divmod(year, _CYCLE_YEARS)
        of_year = (153 * month + 2) // 5 + self.day - 1
        return (
            cycle * _CYCLE_DAYS
            + of_cycle * 365
            + of_cycle // 4
            - of_cycle // 100
            + of_year
            - _EPOCH
        )

    @property
    def weekday(self) -> int:
        """Return 1 for Monday to 7 for Sunday."""
        return (self.number + 3) % 7 + 1


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: nanoseconds since midnight, and where."""

    nanos: int
    zone: Zone = None

    @property
    def offset(self) -> int | None:
        """Return the seconds east of UTC; None without a zone, or if the day would decide."""
        if not isinstance(self.zone, ZoneInfo):
            return self.zone
        fixed = self.zone.utcoffset(None)
        return None if fixed is None else int(fixed.total_seconds())


@dataclass(frozen=True, slots=True)
class DateTime:
    """A moment, or a local time where it has no zone.

    `later` chooses the second of the two moments that a clock set back shows the same for.
    """

    date: Date
    time: Time
    later: bool = False

    @property
    def offset(self) -> int | None:
        """Return the seconds east of UTC on that day, None without a zone."""
        zone = self.time.zone
        if not isinstance(zone, ZoneInfo):
            return zone
        shown = _in_python(self.date, self.time.nanos).replace(tzinfo=zone, fold=self.later)
        return _seconds(shown.utcoffset())

    @property
    def nanos(self) -> int:
        """Return the nanoseconds since 1970, in UTC, or local where there is no zone."""
        return self.date.number * DAY + self.time.nanos - (self.offset or 0) * SECOND


_Day = TypeVar("_Day", Date, DateTime)


def make_date(year: int, month: int, day: int) -> Date:
    """Return the date of three numbers; `Refusal` when the calendar has no such day."""
    if abs(year) <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in(year, month):  # noqa: PLR2004
        return Date(year, month, day)
    raise Refusal("there is no such day in the calendar")


def days_in(year: int, month: int) -> int:
    """Return how many days a month has."""
    return monthrange(year % _CYCLE_YEARS + _CYCLE_YEARS, month)[1]


def date_at(number: int) -> Date:
    """Return the date so many days after 1970-01-01."""
    cycle, of_cycle = divmod(number + _EPOCH, _CYCLE_DAYS)
    year = (of_cycle - of_cycle // 1_460 + of_cycle // 36_524 - of_cycle // 146_096) // 365
    of_year = of_cycle - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    year += cycle * _CYCLE_YEARS
    return make_date(*((year, month + 3, day) if month < 10 else (year + 1, month - 9, day)))  # noqa: PLR2004


def make_time(hour: int, minute: int, nanos: int, zone: Zone = None) -> Time:
    """Return a time of day; `nanos` counts within the minute."""
    if 0 <= hour < 24 and 0 <= minute < 60 and 0 <= nanos < MINUTE:  # noqa: PLR2004
        return Time(hour * HOUR + minute * MINUTE + nanos, zone)
    raise Refusal("there is no such time of day")


def fixed_zone(seconds: int) -> Zone:
    """Return the zone of a fixed offset, at most eighteen hours from UTC."""
    if abs(seconds) > _MAX_OFFSET:
        raise Refusal("an offset is at most 18 hours")
    return seconds


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def named_zone(name: str) -> ZoneInfo:
    """Return a zone of the IANA database, whose names are data shipped with the program.

    What a machine has beside them, such as `localtime`, would mean another zone on each.
    """
    if name not in _zone_names():
        raise Refusal(f'there is no time zone named "{name[:60]}"')
    return ZoneInfo(name)


def midnight(day: Date) -> DateTime:
    """Return the start of the day in UTC, which is how a date meets a date and time."""
    return DateTime(day, Time(0, 0))


def moment(nanos: int, zone: Zone) -> DateTime:
    """Return the moment so many nanoseconds after 1970, as a clock of the zone shows it."""
    zone_offset, later = 0, False
    if isinstance(zone, ZoneInfo):
        day, clock = divmod(nanos, DAY)
        # `fromutc` reads the fields as UTC, which is what they are here.
        shown = zone.fromutc(_in_python(date_at(day), clock).replace(tzinfo=zone))
        zone_offset, later = _seconds(shown.utcoffset()), bool(shown.fold)
    elif zone is not None:
        zone_offset = zone
    day, clock = divmod(nanos + zone_offset * SECOND, DAY)
    return DateTime(date_at(day), Time(clock, zone), later)


def add_length(start: DateTime, length: DaysTime) -> DateTime:
    """Return the moment that much later; across a change of clocks, elapsed time counts."""
    return moment(start.nanos + length.nanos, start.time.zone)


def add_to_date(start: Date, length: DaysTime) -> Date:
    """Return the day reached by adding the length to the start of the day."""
    return date_at(start.number + length.nanos // DAY)


def add_to_time(start: Time, length: DaysTime) -> Time:
    """Return the time of day that much later, round the clock."""
    return Time((start.nanos + length.nanos) % DAY, start.zone)


def add_months(start: _Day, months: int) -> _Day:
    """Return the day that many months later, or the last of its month if it is shorter."""
    day = start.date if isinstance(start, DateTime) else start
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > MAX_YEAR:
        raise Refusal("the result lies outside the calendar")
    moved = Date(year, month + 1, min(day.day, days_in(year, month + 1)))
    return DateTime(moved, start.time) if isinstance(start, DateTime) else moved


def between(later: DateTime, earlier: DateTime) -> DaysTime:
    """Return the time elapsed from one moment to another."""
    if (later.time.zone is None) != (earlier.time.zone is None):
        raise Refusal("one of the two has no time zone")
    return DaysTime(later.nanos - earlier.nanos)


def between_times(later: Time, earlier: Time) -> DaysTime:
    """Return the time from one time of day to another, negative when it was before."""
    return DaysTime(since_midnight(later, earlier) - since_midnight(earlier, later))


def since_midnight(clock: Time, other: Time) -> int:
    """Return the nanoseconds since midnight that can be compared with the other's."""
    if clock.zone == other.zone:
        return clock.nanos
    if clock.offset is None or other.offset is None:
        raise Refusal("the two have no common time zone")
    return clock.nanos - clock.offset * SECOND


def months_between(start: Date, end: Date) -> YearsMonths:
    """Return the whole months from one day to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonths(months)


def moment_of(value: datetime) -> DateTime:
    """Return a moment of Python's calendar as one of FEEL's."""
    day = Date(value.year, value.month, value.day)
    return DateTime(day, _clock(value), later=bool(value.fold))


def from_python(value: date | time | datetime | timedelta) -> Date | Time | DateTime | DaysTime:
    """Return a value of Python's calendar as one of FEEL's."""
    if isinstance(value, datetime):
        return moment_of(value)
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return _clock(value)
    return DaysTime(value // timedelta(microseconds=1) * 1_000)


def _clock(value: datetime | time) -> Time:
    second = value.second * SECOND + value.microsecond * 1_000
    zone: Zone = value.tzinfo if isinstance(value.tzinfo, ZoneInfo) else None
    offset = value.utcoffset()
    if zone is None and offset is not None:
        zone = int(offset.total_seconds())
    return Time(value.hour * HOUR + value.minute * MINUTE + second, zone)


def _in_python(day: Date, nanos: int) -> datetime:
    year = day.year
    if not 1 < year < _ZONES_KNOW_UNTIL:
        year = year % _CYCLE_YEARS + (_CYCLE_YEARS if year <= 1 else 20 * _CYCLE_YEARS)
    return datetime(year, day.month, day.day) + timedelta(seconds=nanos // SECOND)  # noqa: DTZ001


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else int(offset.total_seconds())
