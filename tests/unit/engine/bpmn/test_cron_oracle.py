"""Cron expressions against a walk through the minutes, where clocks change in odd ways."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support import wall_clocks

#: By half an hour; by two; at a quarter; for Ramadan; backwards in summer; over the date line.
ZONES = (
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Antarctica/Casey",
    "Pacific/Chatham",
    "Africa/Casablanca",
    "Asia/Gaza",
    "Asia/Tehran",
    "Asia/Pyongyang",
)


@pytest.mark.parametrize("name", ZONES)
def test_it_comes_when_a_clock_on_the_wall_says(name: str) -> None:
    begin, end = datetime(2015, 1, 1, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC)

    assert wall_clocks.disagreements(name, begin, end) == []


def test_it_comes_when_a_whole_day_was_left_out() -> None:
    begin, end = datetime(2011, 12, 1, tzinfo=UTC), datetime(2012, 1, 31, tzinfo=UTC)

    assert list(wall_clocks.changes(ZoneInfo("Pacific/Apia"), begin, end)) != []
    assert wall_clocks.disagreements("Pacific/Apia", begin, end) == []
