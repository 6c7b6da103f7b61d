"""An oracle for cron expressions: walk through the minutes and look at the clock on the wall.

It knows nothing of calendars and searches for nothing. A minute that the clocks leave out comes as
much later as they leave out; one that they repeat comes the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from engine.bpmn import cron

_MINUTE = timedelta(minutes=1)
#: As far as anything of a change can reach, and a day of nothing.
_AROUND = timedelta(hours=50)
#: Hours and minutes: many times a day, and once, at the hours at which clocks change.
_EXPRESSIONS = (
    ("*/2", "*/13"),
    *((str(hour), minute) for hour in (0, 1, 2, 3, 4, 22, 23) for minute in ("0", "10", "45")),
)


def disagreements(name: str, begin: datetime, end: datetime) -> list[str]:
    """Return where `cron` and the walk differ for a zone: around each change of its clocks."""
    zone, found = ZoneInfo(name), []
    for change in changes(zone, begin, end):
        first, last = change - _AROUND, change + _AROUND
        shown = list(walls(zone, first - _AROUND, last))
        for hours, minutes in _EXPRESSIONS:
            text = f"0 {minutes} {hours} * * * @{name}"
            if said(text, first, last) != _walked(shown, hours, minutes, first, last):
                found.append(f"{text} around {change:%Y-%m-%d %H:%M}")
    return found


def said(text: str, begin: datetime, end: datetime) -> list[datetime]:
    """Return when an expression holds after one moment and before another."""
    rule, found = cron.parse(text), []
    at = rule.after(begin) if rule else None
    while at is not None and at < end:
        found.append(at)
        at = rule.after(at) if rule else None
    return found


def walls(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[datetime, time]]:
    """Yield each minute, and what a clock shows or leaves out then; nothing is shown twice."""
    moment = begin
    shown = _wall(moment, zone) - _MINUTE
    while moment < end:
        wall = _wall(moment, zone)
        late = moment
        while shown < wall:
            shown += _MINUTE
            yield (late if shown < wall else moment), shown.time()
            late += _MINUTE
        moment += _MINUTE


def changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the days after whose beginning, in UTC, the clocks of a zone change."""
    day, moment = timedelta(days=1), begin
    offset = moment.astimezone(zone).utcoffset()
    while moment < end:
        following = (moment + day).astimezone(zone).utcoffset()
        if following != offset:
            yield moment
        moment, offset = moment + day, following


def _walked(
    shown: list[tuple[datetime, time]], hours: str, minutes: str, begin: datetime, end: datetime
) -> list[datetime]:
    found = {
        moment
        for moment, wall in shown
        if begin < moment < end and _is_in(wall.hour, hours) and _is_in(wall.minute, minutes)
    }
    return sorted(found)


def _is_in(number: int, written: str) -> bool:
    if written.startswith("*"):
        return number % int(written.partition("/")[2] or "1") == 0
    return number == int(written)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
