"""Dates, times and durations read from ISO 8601 text and written as text.

FEEL takes the lexical forms of XML Schema (DMN 1.5, 10.3.4.1) and adds zone names after `@`.
"""

from __future__ import annotations

import re
from typing import TypeAlias
from zoneinfo import ZoneInfo

from engine.expressions.errors import Refusal
from engine.expressions.moments import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    Zone,
    date_at,
    fixed_zone,
    make_date,
    make_time,
    named_zone,
)

Temporal: TypeAlias = Date | Time | DateTime | DaysTime | YearsMonths

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?"
    r"(?:(?P<utc>Z)|(?P<offset>[+-]\d\d:\d\d(?::\d\d)?)|@(?P<zone>[A-Za-z0-9_+\-/]{1,60}))?",
    re.ASCII,
)
_DAYS_TIME = re.compile(
    r"(-?)P(?:(\d{1,20})D)?(?:T(?:(\d{1,20})H)?(?:(\d{1,20})M)?(?:(\d{1,20})(?:\.(\d{1,30}))?S)?)?",
    re.ASCII,
)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,20})Y)?(?:(\d{1,20})M)?", re.ASCII)


def parse_date(text: str) -> Date:
    """Return the date an ISO text names.

    Raises:
        Refusal: when the text names none.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise Refusal(f'"{text[:40]}" is not a date such as 2030-01-31')
    return make_date(*(int(part) for part in match.groups()))


def parse_time(text: str) -> Time:
    """Return the time of day an ISO text names, with its offset or zone if it has one."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Refusal(f'"{text[:40]}" is not a time such as 13:45:00 or 13:45:00Z')
    hour, minute, second = (int(part) for part in match.group(1, 2, 3))
    nanos = second * SECOND + _fraction(match[4])
    if (hour, minute, nanos) == (24, 0, 0):
        hour = 0  # the end of a day, as XML Schema may write it
    return make_time(hour, minute, nanos, _zone(match))


def parse_date_time(text: str) -> DateTime:
    """Return the date and time an ISO text names; a date alone means its local midnight."""
    day, separator, clock = text.partition("T")
    start = parse_date(day)
    if clock.startswith("24"):
        start = date_at(start.number + 1)  # the end of a day is the start of the next
    return DateTime(start, parse_time(clock) if separator else Time(0))


def parse_duration(text: str) -> DaysTime | YearsMonths:
    """Return the duration an ISO text names.

    Years and months have no fixed length, so they do not mix with days and times.
    """
    match = _DAYS_TIME.fullmatch(text)
    if match is not None and text[-1] not in "PT":
        return _days_time(match)
    match = _YEARS_MONTHS.fullmatch(text)
    if match is not None and text[-1] != "P":
        sign, years, months = match.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return YearsMonths(-total if sign else total)
    raise Refusal(f'"{text[:40]}" is not a duration such as PT30M, P2D or P1Y')


def parse_temporal(text: str) -> Temporal:
    """Return the value of an `@"…"` literal."""
    if text.removeprefix("-").startswith("P"):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def _days_time(match: re.Match[str]) -> DaysTime:
    sign, *counts, fraction = match.groups()
    units = (DAY, HOUR, MINUTE, SECOND)
    nanos = sum(int(count or 0) * unit for count, unit in zip(counts, units, strict=True))
    nanos += _fraction(fraction)
    return DaysTime(-nanos if sign else nanos)


def _fraction(digits: str | None) -> int:
    return int((digits or "0")[:9].ljust(9, "0"))


def _zone(match: re.Match[str]) -> Zone:
    if match["utc"]:
        return 0
    if match["zone"]:
        return named_zone(match["zone"])
    if match["offset"] is None:
        return None
    hours, minutes, seconds = (*(int(part) for part in match["offset"][1:].split(":")), 0)[:3]
    if minutes > 59 or seconds > 59:  # noqa: PLR2004
        raise Refusal("an offset has at most 59 minutes and seconds")
    offset = hours * 3_600 + minutes * 60 + seconds
    return fixed_zone(-offset if match["offset"][0] == "-" else offset)


def format_temporal(value: Temporal) -> str:
    """Return the ISO text of a value, its zone by name if it has one."""
    if isinstance(value, Date):
        return _format_date(value)
    if isinstance(value, Time):
        return _format_time(value)
    if isinstance(value, DateTime):
        return f"{_format_date(value.date)}T{_format_time(value.time)}"
    return _format_length(value) if isinstance(value, DaysTime) else _format_months(value)


def _format_date(day: Date) -> str:
    sign = "-" if day.year < 0 else ""
    return f"{sign}{abs(day.year):04}-{day.month:02}-{day.day:02}"


def _format_time(clock: Time) -> str:
    rest, nanos = divmod(clock.nanos, SECOND)
    return f"{rest // 3_600:02}:{rest // 60 % 60:02}:{rest % 60:02}{_decimals(nanos)}" + (
        _format_zone(clock.zone)
    )


def _format_zone(zone: Zone) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}{tail}"


def _format_length(length: DaysTime) -> str:
    """Return the shortest ISO text of a days and time duration."""
    days, rest = divmod(abs(length.nanos), DAY)
    seconds, nanos = divmod(rest, SECOND)
    clock = "".join(
        f"{count}{fraction}{unit}"
        for count, fraction, unit in (
            (seconds // 3_600, "", "H"),
            (seconds // 60 % 60, "", "M"),
            (seconds % 60, _decimals(nanos), "S"),
        )
        if count or fraction
    )
    if not days and not clock:
        return "PT0S"
    sign = "-" if length.nanos < 0 else ""
    return f"{sign}P{f'{days}D' if days else ''}{'T' + clock if clock else ''}"


def _format_months(length: YearsMonths) -> str:
    """Return the shortest ISO text of a years and months duration."""
    years, months = divmod(abs(length.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if length.months < 0 else ''}P{text}" if text else "P0M"


def _decimals(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""
