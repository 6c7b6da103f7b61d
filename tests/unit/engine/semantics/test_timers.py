"""Dates, durations and cycles, and when they are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn.events import TimerDefinition
from engine.semantics import timers
from engine.semantics.errors import TimerUnreadable
from engine.semantics.timers import Due

T0 = datetime(2030, 1, 1, tzinfo=UTC)


def never(text: str) -> object:
    raise AssertionError(text)


def all_turns(text: str, now: datetime = T0) -> list[str]:
    due = timers.first_due(TimerDefinition(cycle=text), never, now)
    turns: list[str] = []
    while due is not None and len(turns) < 10:
        turns.append(due.at.strftime("%m-%d %H:%M"))
        due = timers.next_due(due, due.at)
    return turns


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT15M", T0 + timedelta(minutes=15)),
        ("P1W", T0 + timedelta(weeks=1)),
        ("P1M", datetime(2030, 2, 1, tzinfo=UTC)),
        ("P1Y2M3DT4H5M6.5S", datetime(2031, 3, 4, 4, 5, 6, 500_000, tzinfo=UTC)),
        ("-PT5M", T0 - timedelta(minutes=5)),
    ],
)
def test_a_duration_counts_from_now(text: str, due: datetime) -> None:
    assert timers.first_due(TimerDefinition(duration=text), never, T0) == Due(due)


@pytest.mark.parametrize(
    "text",
    ["2030-06-01T10:00:00Z", "2030-06-01T12:00:00+02:00", "2030-06-01T12:00:00@Europe/Berlin"],
)
def test_a_date_says_its_zone(text: str) -> None:
    due = timers.first_due(TimerDefinition(date=text), never, T0)
    assert due == Due(datetime(2030, 6, 1, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "definition",
    [
        TimerDefinition(date="2030-06-01T10:00:00"),
        TimerDefinition(date="2030-06-01"),
        TimerDefinition(date="2030-06-01T10:00:00@Mars/Olympus"),
        TimerDefinition(date="2030-06-01T10:00:00@../../etc/passwd"),
        TimerDefinition(duration="P"),
        TimerDefinition(duration="PT"),
        TimerDefinition(duration="5 minutes"),
        TimerDefinition(duration="P99999999999999999999Y"),
        TimerDefinition(duration="PT99999999999999999999H"),
        TimerDefinition(cycle="R3/PT0S"),
        TimerDefinition(cycle="R3"),
        TimerDefinition(cycle="R3/-PT1H"),
        TimerDefinition(),
    ],
    ids=repr,
)
def test_what_cannot_be_read_is_an_error_with_words(definition: TimerDefinition) -> None:
    with pytest.raises(TimerUnreadable) as raised:
        timers.first_due(definition, lambda _text: None, T0)
    assert raised.value.title.format(**raised.value.context)


@pytest.mark.parametrize("value", ["PT1H", timedelta(hours=1)])
def test_an_expression_may_give_the_text_or_the_value(value: object) -> None:
    definition = TimerDefinition(duration="= delay")
    assert timers.first_due(definition, lambda _text: value, T0) == Due(T0 + timedelta(hours=1))


class TestCycle:
    def test_comes_as_often_as_it_says(self) -> None:
        assert all_turns("R3/PT1H") == ["01-01 01:00", "01-01 02:00", "01-01 03:00"]

    def test_of_no_times_never_comes(self) -> None:
        assert all_turns("R0/PT1H") == []

    @pytest.mark.parametrize("text", ["R/PT1H", "R-1/PT1H"])
    def test_without_a_number_does_not_end(self, text: str) -> None:
        assert len(all_turns(text)) == 10

    def test_with_a_start_comes_first_at_the_start(self) -> None:
        assert all_turns("R2/2030-02-01T06:00:00Z/P1D") == ["02-01 06:00", "02-02 06:00"]

    def test_of_months_keeps_its_day(self) -> None:
        turns = all_turns("R4/2030-01-31T00:00:00Z/P1M")
        assert turns == ["01-31 00:00", "02-28 00:00", "03-31 00:00", "04-30 00:00"]

    def test_counts_from_the_scheduled_time_however_late_it_fires(self) -> None:
        due = Due(T0, "R/2030-01-01T00:00:00Z/PT1H", None)
        late = timers.next_due(due, T0 + timedelta(minutes=59))
        assert late is not None
        assert late.at == T0 + timedelta(hours=1)

    def test_catches_up_once_after_downtime(self) -> None:
        due = Due(T0, "R/2030-01-01T00:00:00Z/PT1H", None)
        after = timers.next_due(due, T0 + timedelta(days=100, minutes=30))
        assert after is not None
        assert after.at == T0 + timedelta(days=100, hours=1)

    def test_turns_missed_in_downtime_count(self) -> None:
        due = Due(T0, "R5/2030-01-01T00:00:00Z/PT1H", 4)
        after = timers.next_due(due, T0 + timedelta(hours=2, minutes=30))
        assert after == Due(T0 + timedelta(hours=3), due.cycle, 1)
        assert timers.next_due(due, T0 + timedelta(hours=9)) is None

    def test_in_a_zone_keeps_the_wall_clock_when_the_clocks_change(self) -> None:
        turns = all_turns("R4/2030-03-29T09:00:00@Europe/Berlin/P1D")
        assert turns == ["03-29 08:00", "03-30 08:00", "03-31 07:00", "04-01 07:00"]

    def test_an_exact_day_is_24_hours_even_then(self) -> None:
        turns = all_turns("R3/2030-03-30T09:00:00@Europe/Berlin/PT24H")
        assert turns == ["03-30 08:00", "03-31 08:00", "04-01 08:00"]


@pytest.mark.parametrize(
    ("definition", "quoted"),
    [
        (TimerDefinition(duration="P9000Y3DT1.5S"), "P9000Y3DT1.5S"),
        (TimerDefinition(duration="P9000Y2M"), "P9000Y2M"),
        (TimerDefinition(cycle="R3/P9000Y"), "P9000Y"),
        (TimerDefinition(cycle="R3/P999999999D"), "P999999999D"),
        (TimerDefinition(duration=f"P{'9' * 5000}D"), f"P{'9' * 99}"),
        (TimerDefinition(cycle=f"R{'9' * 5000}/P1D"), f"R{'9' * 99}"),
    ],
)
def test_a_timer_beyond_all_calendars_is_refused_in_its_own_words(
    definition: TimerDefinition, quoted: str
) -> None:
    with pytest.raises(TimerUnreadable) as refused:
        timers.first_due(definition, lambda text: text, T0)
    assert refused.value.context["text"] == quoted


@pytest.mark.parametrize("text", ["PT0S", "-PT5M", "P1Y2M3DT4H", "PT0.25S", "-P1M"])
def test_a_duration_is_written_as_it_is_read(text: str) -> None:
    found = timers.duration(text)
    assert timers.duration(str(found)) == found
