"""Cron expressions, the other way to write a timer's cycle: `0 0 2 * * MON-FRI @Europe/Berlin`.

Six fields as in Spring and Zeebe: second, minute, hour, day of the month, month, day of the week;
and the macros `@yearly` to `@hourly`. A zone may follow after `@`; without one it is UTC.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from engine.expressions.errors import Refusal
from engine.expressions.moments import named_zone

EXAMPLE: Final = "0 0 2 * * MON-FRI @Europe/Berlin"
_MACROS: Final[Mapping[str, str]] = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS: Final = (
    *("JAN", "FEB", "MAR", "APR", "MAY", "JUN"),
    *("JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
)
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NAMES: Final[Mapping[str, int]] = {
    **{name: at for at, name in enumerate(_MONTHS, 1)},
    **{name: at for at, name in enumerate(_DAYS)},
}
_BOUNDS: Final = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_WHOLE: Final = re.compile(
    r"(?P<fields>@[a-z]+|[^\s@]+(?:\s+[^\s@]+){5})(?:\s*@(?P<zone>[\w/+-]+))?", re.ASCII
)
_PART: Final = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\d{1,2}))?", re.ASCII)
_FARTHEST: Final = timedelta(days=366 * 9)
"""February 29th comes after eight years at the latest."""

_CLOCK_CHANGE: Final = timedelta(hours=3)
"""A time that was left out may come this much later than it is written, at most."""


@dataclass(frozen=True, slots=True)
class Cron:
    """When a cron expression holds: times of the day, and which days.

    `last` is how many days before the month's last one; `nth` holds pairs of a day of the week
    (0 is Sunday) and which of the month it is, -1 the last.
    """

    times: tuple[time, ...]
    months: frozenset[int]
    days: frozenset[int]
    weekdays: frozenset[int]
    zone: tzinfo = UTC
    last: frozenset[int] = field(default=frozenset())
    nth: frozenset[tuple[int, int]] = field(default=frozenset())

    def after(self, moment: datetime) -> datetime | None:
        """Return the first moment later than this one, in UTC; None where there never is one.

        A time that a change of clocks leaves out comes as much later; one it repeats comes once.
        """
        first = moment.astimezone(self.zone) - _CLOCK_CHANGE
        day = first.date()
        skipped = bisect_left(self.times, first.time())
        while day - first.date() < _FARTHEST and day.year < date.max.year:
            for at in self.times[skipped:] if self._holds(day) else ():
                found = datetime.combine(day, at, self.zone).astimezone(UTC)
                if found > moment:
                    return self._overtaken(found, moment, datetime.combine(day, at))
            skipped = 0
            day += timedelta(days=1)
        return None

    def _overtaken(self, found: datetime, moment: datetime, written: datetime) -> datetime:
        """Return what comes before a time that was left out and comes later than it is written."""
        shown = found.astimezone(self.zone)
        if shown.replace(tzinfo=None) == written or not self._holds(shown.date()):
            return found
        for at in self.times:
            real = datetime.combine(shown.date(), at, self.zone).astimezone(UTC)
            if moment < real < found and real.astimezone(self.zone).time() == at:
                return real
        return found

    def _holds(self, day: date) -> bool:
        return (
            day.month in self.months
            and (day.day in self.days or _to_the_end(day) in self.last)
            and (day.isoweekday() % 7 in self.weekdays or not self.nth.isdisjoint(_places(day)))
        )


def parse(text: str) -> Cron | None:
    """Return the cron expression of a text, None where it is none."""
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        return None
    written = _MACROS.get(found["fields"], found["fields"]).upper().split()
    if len(written) != len(_BOUNDS):
        return None
    try:
        return _cron(written, named_zone(found["zone"]) if found["zone"] else UTC)
    except (ValueError, Refusal):
        return None


def _cron(written: list[str], zone: tzinfo) -> Cron:
    days, last = _month_days(written[3])
    weekdays, nth = _weekdays(written[5])
    seconds, minutes, hours = (sorted(_numbers(written[at], at)) for at in range(3))
    return Cron(
        times=tuple(time(h, m, s) for h in hours for m in minutes for s in seconds),
        months=_numbers(written[4], 4),
        days=days,
        weekdays=weekdays,
        zone=zone,
        last=last,
        nth=nth,
    )


def _month_days(written: str) -> tuple[frozenset[int], frozenset[int]]:
    found = re.fullmatch(r"L(?:-(\d{1,2}))?", written)
    if found is None:
        return _numbers(written, 3), frozenset()
    return frozenset(), frozenset({int(found[1] or "0")})


def _weekdays(written: str) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    found = re.fullmatch(r"(\w+?)(?:L|#([1-5]))", written)
    if found is None:
        return frozenset(day % 7 for day in _numbers(written, 5)), frozenset()
    (day,) = _numbers(found[1], 5)
    return frozenset(), frozenset({(day % 7, int(found[2] or "-1"))})


def _numbers(written: str, at: int) -> frozenset[int]:
    return frozenset(number for part in written.split(",") for number in _part(part, at))


def _part(part: str, at: int) -> Iterator[int]:
    """Yield the numbers of one part of a field: `*`, `5`, `1-5`, each perhaps in steps."""
    found = _PART.fullmatch(part.replace("?", "*") if at in {3, 5} else part)
    if found is None:
        raise ValueError(part)
    lowest, highest = _BOUNDS[at]
    begin, end, step = found.groups()
    low = lowest if begin is None else _number(begin)
    high = _number(end) if end else highest if begin is None or step else low
    if not lowest <= low <= high <= highest:
        raise ValueError(part)
    yield from range(low, high + 1, int(step or "1"))


def _number(written: str) -> int:
    return _NAMES[written] if written in _NAMES else int(written)


def _to_the_end(day: date) -> int:
    """Return how many days of the month follow a day."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - day).days - 1


def _places(day: date) -> Iterator[tuple[int, int]]:
    """Yield which of its weekday in the month a day is, from the front and as the last."""
    weekday = day.isoweekday() % 7
    yield weekday, (day.day - 1) // 7 + 1
    if _to_the_end(day) < len(_DAYS):
        yield weekday, -1
