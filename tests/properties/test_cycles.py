"""ISO cycles come when a plain reading of the calendar says, and catch up once after downtime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.events import TimerDefinition
from engine.semantics import timers
from engine.semantics.timers import Due

_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
_TURNS = 40
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
_WALL = _BEGIN.replace(tzinfo=None)


@dataclass(frozen=True)
class Drawn:
    """A cycle as its parts; `times` None is without end."""

    times: int | None
    start: datetime
    zone: str
    months: int
    days: int
    seconds: int

    @property
    def text(self) -> str:
        """Return the cycle as a model has it."""
        how_often = "" if self.times is None else str(self.times)
        step = f"P{self.months}M{self.days}DT{self.seconds}S"
        return f"R{how_often}/{self.start.isoformat()}@{self.zone}/{step}"

    def turns(self) -> Iterator[datetime]:
        """Yield its turns: months and days on the wall, the rest exact, from the start each."""
        for turn in count() if self.times is None else range(self.times):
            wall = self.start + relativedelta(months=turn * self.months, days=turn * self.days)
            exact = wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
            yield exact + timedelta(seconds=turn * self.seconds)


cycles = st.builds(
    Drawn,
    times=st.none() | st.integers(1, _TURNS),
    start=st.integers(0, 9 * 365 * 86_400).map(lambda after: _WALL + timedelta(seconds=after)),
    zone=st.sampled_from(_ZONES),
    months=st.integers(0, 14),
    days=st.integers(0, 40),
    seconds=st.integers(0, 200_000),
).filter(lambda drawn: drawn.months or drawn.days >= 2 or drawn.seconds >= 7_200)


def first(drawn: Drawn) -> Due:
    found = timers.first_due(
        TimerDefinition(cycle=drawn.text), str, datetime(2024, 1, 1, tzinfo=UTC)
    )
    assert found is not None
    return found


@given(cycles)
def test_each_turn_comes_when_the_calendar_says(drawn: Drawn) -> None:
    due: Due | None = first(drawn)
    came: list[datetime] = []
    while due is not None and len(came) < _TURNS:
        came.append(due.at)
        due = timers.next_due(due, due.at)

    assert came == list(islice(drawn.turns(), _TURNS))


@given(cycles, st.integers(0, 8), st.timedeltas(timedelta(0), timedelta(days=700)))
def test_after_downtime_it_comes_once_and_then_at_its_next_turn(
    drawn: Drawn, done: int, away: timedelta
) -> None:
    due: Due | None = first(drawn)
    for _ in range(done):
        due = due and timers.next_due(due, due.at)
    if due is None:
        return
    now = due.at + away

    following = timers.next_due(due, now)

    turns = enumerate(islice(drawn.turns(), 2_000_000))
    wanted = next(((number, at) for number, at in turns if at > now), None)
    if wanted is None:
        assert following is None
    else:
        left = None if drawn.times is None else drawn.times - 1 - wanted[0]
        assert following == Due(wanted[1], drawn.text, left)
