"""ISO 8601 dates, durations and cycles, and cron expressions, and when they are due next.

A moment carries its zone: `Z`, an offset, or `@Europe/Berlin`. A cycle anchored in a named zone
counts its days and months on that zone's wall clock, so a timer for two in the morning stays there
when the clocks change. Everything that leaves here is UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.bpmn import cron
from engine.bpmn.events import TimerDefinition
from engine.semantics.errors import TimerUnreadable

T = TypeVar("T")

# More digits than these mean nothing, and cost time to be made numbers of.
_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?"
    r"(?:(?P<weeks>\d{1,9})W)?(?:(?P<days>\d{1,9})D)?(?:T(?=.)(?:(?P<hours>\d{1,12})H)?"
    r"(?:(?P<minutes>\d{1,12})M)?(?:(?P<seconds>\d{1,12}(?:\.\d{1,12})?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>-1|\d{0,9})/(?:(?P<start>.+)/)?(?P<step>P[^/]+)")
_LAST_YEAR = 9998
"""Of the four digits that dates have; one is kept free for the zone."""


@dataclass(frozen=True, slots=True)
class Duration:
    """Months and days as the calendar counts them, and a span that is exact."""

    months: int
    days: int
    span: timedelta

    def after(self, moment: datetime, times: int = 1) -> datetime:
        """Return the moment so many durations later, in the moment's own zone.

        Counts all months at once: January 31st, twice a month later, is March 31st and not 28th.
        """
        wall = _add_months(moment, self.months * times) + timedelta(days=self.days * times)
        return (wall.astimezone(UTC) + self.span * times).astimezone(moment.tzinfo)

    def __str__(self) -> str:
        """Return the duration as ISO 8601 writes it."""
        is_back = self.months < 0 or self.days < 0 or self.span < timedelta(0)
        years, months = divmod(abs(self.months), 12)
        counted = ((years, "Y"), (months, "M"), (abs(self.days), "D"))
        dated = "".join(f"{count}{unit}" for count, unit in counted if count)
        exact = f"T{abs(self.span).total_seconds():f}".rstrip("0").rstrip(".") + "S"
        return f"{'-' if is_back else ''}P{dated}{exact if self.span or not dated else ''}"

    @property
    def about(self) -> timedelta:
        """Return the length to within a few days, to know where to begin counting."""
        return timedelta(days=self.months * 30.436875 + self.days) + self.span


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repetition. `times` None is without end; `start` None counts from the activation."""

    times: int | None
    start: datetime | None
    step: Duration


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer comes, and how it goes on: the anchored cycle and how often after this."""

    at: datetime
    cycle: str = ""
    left: int | None = 0


def first_due(
    definition: TimerDefinition, read: Callable[[str], object], now: datetime
) -> Due | None:
    """Return when the timer comes first, or None for a cycle of no times at all.

    A text is tried as ISO 8601 first and handed to `read` as an expression otherwise.

    Raises:
        TimerUnreadable: Neither gives a moment, a duration or a cycle.
    """
    if definition.date is not None:
        return Due(_resolve(definition.date, moment, read).astimezone(UTC))
    if definition.duration is not None:
        return Due(_utc(_resolve(definition.duration, duration, read), now))
    return _first_of_cycle(_resolve(definition.cycle or "", _cycle_text, read), now)


def next_due(due: Due, now: datetime) -> Due | None:
    """Return the turn after `due`, or None once the cycle is spent.

    Counts from the scheduled time, not from when the timer really fired, so a slow worker never
    makes it drift. Turns missed meanwhile are made up for by the one that fires now: they are not
    fired again, and they count towards the number of times.
    """
    if not due.cycle or due.left == 0:
        return None
    if (recurring := cron.parse(due.cycle)) is not None:
        return _recurring(recurring, due.cycle, max(now, due.at))
    rule = cycle(due.cycle)
    anchor = rule.start or due.at
    turn = _turn_after(anchor, rule.step, due.at)
    following = _turn_after(anchor, rule.step, max(now, due.at))
    left = None if due.left is None else due.left - 1 - (following - turn)
    if left is not None and left < 0:
        return None
    return Due(_utc(rule.step, anchor, following), due.cycle, left)


def moment(value: object) -> datetime:
    """Read a date and time that says its zone.

    Raises:
        TimerUnreadable: It is no moment, or the zone is left open.
    """
    if isinstance(value, str):
        value = _parse_moment(value.strip())
    if isinstance(value, datetime) and value.tzinfo is not None and value.year <= _LAST_YEAR:
        return value
    raise TimerUnreadable(text=value)


def duration(value: object) -> Duration:
    """Read an ISO 8601 duration.

    Raises:
        TimerUnreadable: It is none.
    """
    if isinstance(value, timedelta):
        return Duration(0, 0, value)
    parts = _DURATION.fullmatch(str(value).strip())
    if parts is None or isinstance(value, date):
        raise TimerUnreadable(text=value)
    sign = -1 if parts["sign"] else 1
    years, months, weeks, days, hours, minutes = (
        sign * int(parts[name] or 0)
        for name in ("years", "months", "weeks", "days", "hours", "minutes")
    )
    try:
        span = timedelta(hours=hours, minutes=minutes, seconds=sign * float(parts["seconds"] or 0))
        found = Duration(years * 12 + months, weeks * 7 + days, span)
        # Longer than anything that can be counted: better said here than where it is first used.
        _ = found.about
    except OverflowError as error:
        raise TimerUnreadable(text=value) from error
    return found


def cycle(value: object) -> Cycle:
    """Read an ISO 8601 repetition such as R3/PT1H or R/2030-01-01T06:00:00Z/P1D.

    Raises:
        TimerUnreadable: It is none, or its step does not go forward.
    """
    parts = _CYCLE.fullmatch(str(value).strip())
    if parts is None:
        raise TimerUnreadable(text=value)
    step = duration(parts["step"])
    if step.about <= timedelta(0):
        raise TimerUnreadable(text=value)
    times = None if parts["times"] in {"", "-1"} else int(parts["times"])
    return Cycle(times, moment(parts["start"]) if parts["start"] else None, step)


def _recurring(rule: cron.Cron, text: str, last: datetime) -> Due | None:
    at = rule.after(last)
    return None if at is None else Due(at, text, None)


def _first_of_cycle(text: str, now: datetime) -> Due | None:
    if (recurring := cron.parse(text)) is not None:
        return _recurring(recurring, text, now)
    rule = cycle(text)
    if rule.times == 0:
        return None
    left = None if rule.times is None else rule.times - 1
    if rule.start is not None:
        return Due(rule.start.astimezone(UTC), text, left)
    # The anchor is written into the text, so that a monthly timer keeps its day of the month.
    count, step = text.strip().split("/", 1)
    return Due(_utc(rule.step, now), f"{count}/{now.astimezone(UTC).isoformat()}/{step}", left)


def _resolve(text: str, read_as: Callable[[object], T], read: Callable[[str], object]) -> T:
    try:
        return read_as(text)
    except TimerUnreadable:
        value = read(text)
    try:
        return read_as(value)
    except TimerUnreadable as error:
        # The value came out of somebody's variables; the text of the model is enough to find it.
        raise TimerUnreadable(text=text) from error


def _cycle_text(value: object) -> str:
    if cron.parse(str(value)) is None:
        cycle(value)
    return str(value)


def _turn_after(anchor: datetime, step: Duration, last: datetime) -> int:
    """Return the number of the first turn later than `last`."""
    turn = max(0, int((last - anchor) / step.about) - 2)
    while _utc(step, anchor, turn) <= last:
        turn += 1
    return turn


def _utc(step: Duration, anchor: datetime, times: int = 1) -> datetime:
    try:
        return step.after(anchor, times).astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise TimerUnreadable(text=str(step)) from error


def _add_months(start: datetime, months: int) -> datetime:
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in range(start.day, start.day - 4, -1):
        try:
            return start.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise OverflowError(year)


def _parse_moment(text: str) -> datetime | None:
    wall, _, zone = text.partition("@")
    try:
        read = datetime.fromisoformat(wall)
        return read.replace(tzinfo=ZoneInfo(zone)) if zone else read
    except (ValueError, LookupError, OSError):
        return None
