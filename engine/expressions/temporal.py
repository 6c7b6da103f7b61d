"""Dates, times and durations: read from ISO 8601 text, written as text, and calculated with.

FEEL takes the lexical forms of XML Schema (DMN 1.5, 10.3.4.1) and adds zone names after `@`.
Years run from 1 to 9999; anything beyond is refused, which gives null.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.expressions.errors import Refusal
from engine.expressions.values import CONTEXT, YearsMonths

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?"
    r"(?:(?P<utc>Z)|(?P<offset>[+-]\d\d:\d\d(?::\d\d)?)|@(?P<zone>[A-Za-z0-9_+\-/]{1,60}))?",
    re.ASCII,
)
_DAYS_TIME = re.compile(
    r"(-?)P(?:(\d{1,15})D)?(?:T(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d{1,30}))?S)?)?",
    re.ASCII,
)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,15})Y)?(?:(\d{1,15})M)?", re.ASCII)

_MONTHS_PER_YEAR = 12
_NOON_OF_NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)


def parse_date(text: str) -> date:
    """Return the date an ISO text names.

    Raises:
        Refusal: when the text names none.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise Refusal(f'"{text[:40]}" is not a date such as 2030-01-31')
    return make_date(*(int(part) for part in match.groups()))


def make_date(year: int, month: int, day: int) -> date:
    """Return the date of three numbers; `Refusal` when the calendar has no such day."""
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        raise Refusal("there is no such day in the calendar") from None


def parse_time(text: str) -> time:
    """Return the time of day an ISO text names, with its offset or zone if it has one."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Refusal(f'"{text[:40]}" is not a time such as 13:45:00 or 13:45:00Z')
    hour, minute, second, fraction = match.group(1, 2, 3, 4)
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        return time(int(hour), int(minute), int(second), micros, tzinfo=_zone(match))
    except ValueError:
        raise Refusal(f'"{text[:40]}" is not a time of day') from None


def parse_date_time(text: str) -> datetime:
    """Return the date and time an ISO text names; a date alone means its midnight."""
    day, separator, clock = text.partition("T")
    if not separator:
        return datetime.combine(parse_date(day), time())
    return datetime.combine(parse_date(day), parse_time(clock))


def parse_duration(text: str) -> timedelta | YearsMonths:
    """Return the duration an ISO text names.

    Years and months have no fixed length, so they do not mix with days and times.
    """
    match = _DAYS_TIME.fullmatch(text)
    if match is not None and text[-1] not in "PT":
        return _days_time(match)
    match = _YEARS_MONTHS.fullmatch(text)
    if match is not None and text[-1] != "P":
        sign, years, months = match.groups()
        total = int(years or 0) * _MONTHS_PER_YEAR + int(months or 0)
        return YearsMonths(-total if sign else total)
    raise Refusal(f'"{text[:40]}" is not a duration such as PT30M, P2D or P1Y')


def parse_temporal(text: str) -> date | time | datetime | timedelta | YearsMonths:
    """Return the value of an `@"…"` literal."""
    bare = text.removeprefix("-")
    if bare.startswith("P"):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def _days_time(match: re.Match[str]) -> timedelta:
    sign, days, hours, minutes, seconds, fraction = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=micros,
        )
    except OverflowError:
        raise Refusal("the duration is too long") from None
    return -length if sign else length


def _zone(match: re.Match[str]) -> tzinfo | None:
    if match["utc"]:
        return UTC
    if match["zone"]:
        return named_zone(match["zone"])
    if match["offset"] is None:
        return None
    parts = [int(part) for part in match["offset"][1:].split(":")]
    hours, minutes, seconds = (*parts, 0)[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return offset_zone(-length if match["offset"][0] == "-" else length)


def offset_zone(offset: timedelta) -> tzinfo:
    """Return the zone of a fixed offset, at most fourteen hours from UTC."""
    if not offset:
        return UTC
    if abs(offset) > timedelta(hours=14):
        raise Refusal("an offset is at most 14 hours")
    return timezone(offset)


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo:
    """Return a zone of the IANA database; it is data shipped with the program."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refusal(f'there is no time zone named "{name}"') from None


def add_duration(start: datetime, length: timedelta) -> datetime:
    """Return the moment that much later; across a change of clocks, elapsed time counts."""
    try:
        if start.tzinfo is None:
            return start + length
        return (start.astimezone(UTC) + length).astimezone(start.tzinfo)
    except OverflowError:
        raise Refusal("the result lies outside the calendar") from None


def add_to_time(start: time, length: timedelta) -> time:
    """Return the time of day that much later, round the clock."""
    moment = datetime.combine(_NOON_OF_NO_DAY.date(), start.replace(tzinfo=None))
    wrapped = moment + timedelta(seconds=length.seconds, microseconds=length.microseconds)
    return wrapped.time().replace(tzinfo=start.tzinfo)


def add_months(start: date, months: int) -> date:
    """Return the day that many months later, or the last of its month if it is shorter."""
    index = start.year * _MONTHS_PER_YEAR + start.month - 1 + months
    year, month = divmod(index, _MONTHS_PER_YEAR)
    if not MINYEAR <= year <= MAXYEAR:
        raise Refusal("the result lies outside the calendar")
    return start.replace(
        year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1])
    )


def between(later: datetime, earlier: datetime) -> timedelta:
    """Return the time elapsed from one moment to another."""
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        raise Refusal("one of the two has no time zone")
    if later.tzinfo is not None:
        later, earlier = later.astimezone(UTC), earlier.astimezone(UTC)
    return later - earlier


def between_times(later: time, earlier: time) -> timedelta:
    """Return the time from one time of day to another, negative when it was before."""
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        raise Refusal("one of the two has no time zone")
    return _since_midnight(later) - _since_midnight(earlier)


def midnight(day: date) -> datetime:
    """Return the start of the day in UTC, which is how a date meets a date and time."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def seconds_of(length: timedelta) -> Decimal:
    """Return the exact number of seconds."""
    return CONTEXT.divide(Decimal(length // timedelta(microseconds=1)), Decimal(1_000_000))


def format_duration(length: timedelta) -> str:
    """Return the shortest ISO text of a days and time duration."""
    sign, length = ("-", -length) if length < timedelta() else ("", length)
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06}".rstrip("0") if length.microseconds else ""
    clock = "".join(
        f"{count}{fraction if unit == 'S' else ''}{unit}"
        for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S"))
        if count or (unit == "S" and fraction)
    )
    days = f"{length.days}D" if length.days else ""
    if not days and not clock:
        return "PT0S"
    return f"{sign}P{days}{'T' + clock if clock else ''}"


def format_months(length: YearsMonths) -> str:
    """Return the shortest ISO text of a years and months duration."""
    sign = "-" if length.months < 0 else ""
    years, months = divmod(abs(length.months), _MONTHS_PER_YEAR)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{sign}P{text}" if text else "P0M"


def format_time(clock: time) -> str:
    """Return the ISO text of a time of day, its zone by name if it has one."""
    text = clock.replace(tzinfo=None).isoformat()
    text = text.rstrip("0") if "." in text else text
    return text + _format_zone(clock.tzinfo)


def format_date_time(moment: datetime) -> str:
    """Return the ISO text of a date and time."""
    return f"{moment.date().isoformat()}T{format_time(moment.timetz())}"


def _format_zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if zone is UTC:
        return "Z"
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    return time(tzinfo=zone).isoformat().removeprefix("00:00:00")


def _since_midnight(clock: time) -> timedelta:
    since = timedelta(
        hours=clock.hour,
        minutes=clock.minute,
        seconds=clock.second,
        microseconds=clock.microsecond,
    )
    return since - (clock.utcoffset() or timedelta())
