"""Cron expressions hold when they say, in their own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.bpmn import cron, timers
from engine.bpmn.events import TimerDefinition
from engine.semantics.timers import first_due, next_due

BEGIN = datetime(2030, 1, 1, tzinfo=UTC)  # a Tuesday


def following(text: str, count: int = 3, begin: datetime = BEGIN) -> list[str]:
    rule = cron.parse(text)
    assert rule is not None
    found: list[str] = []
    at: datetime | None = begin
    while at is not None and len(found) < count:
        at = rule.after(at)
        found += [] if at is None else [at.strftime("%y-%m-%d %H:%M:%S")]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 9 * * *", ["30-01-01 09:00:00", "30-01-02 09:00:00", "30-01-03 09:00:00"]),
        ("*/20 0 0 * * ?", ["30-01-01 00:00:20", "30-01-01 00:00:40", "30-01-02 00:00:00"]),
        ("0 0/30 9-10 * * *", ["30-01-01 09:00:00", "30-01-01 09:30:00", "30-01-01 10:00:00"]),
        ("0 0 9 ? * MON-FRI", ["30-01-01 09:00:00", "30-01-02 09:00:00", "30-01-03 09:00:00"]),
        ("0 0 9 * * sat,SUN", ["30-01-05 09:00:00", "30-01-06 09:00:00", "30-01-12 09:00:00"]),
        ("0 0 9 * * 7", ["30-01-06 09:00:00", "30-01-13 09:00:00", "30-01-20 09:00:00"]),
        ("0 0 0 1 */3 *", ["30-04-01 00:00:00", "30-07-01 00:00:00", "30-10-01 00:00:00"]),
        ("0 0 0 L * *", ["30-01-31 00:00:00", "30-02-28 00:00:00", "30-03-31 00:00:00"]),
        ("0 0 0 L-1 FEB *", ["30-02-27 00:00:00", "31-02-27 00:00:00", "32-02-28 00:00:00"]),
        ("0 0 0 * * FRI#2", ["30-01-11 00:00:00", "30-02-08 00:00:00", "30-03-08 00:00:00"]),
        ("0 0 0 * * FRIL", ["30-01-25 00:00:00", "30-02-22 00:00:00", "30-03-29 00:00:00"]),
        ("0 0 0 29 2 *", ["32-02-29 00:00:00", "36-02-29 00:00:00", "40-02-29 00:00:00"]),
        ("@daily", ["30-01-02 00:00:00", "30-01-03 00:00:00", "30-01-04 00:00:00"]),
        ("@hourly", ["30-01-01 01:00:00", "30-01-01 02:00:00", "30-01-01 03:00:00"]),
        ("0 0 2 * * * @Asia/Tokyo", ["30-01-01 17:00:00", "30-01-02 17:00:00"]),
        ("@daily@Europe/Berlin", ["30-01-01 23:00:00", "30-01-02 23:00:00", "30-01-03 23:00:00"]),
        ("0 0 0 30 2 *", []),
    ],
)  # fmt: skip
def test_it_comes_when_it_says(text: str, expected: list[str]) -> None:
    assert following(text, len(expected) or 3) == expected


def test_a_time_that_the_clocks_leave_out_comes_later_and_one_they_repeat_once() -> None:
    night = "0 30 2 * * * @Europe/Berlin"
    spring, autumn = datetime(2030, 3, 30, 12, tzinfo=UTC), datetime(2030, 10, 26, 12, tzinfo=UTC)
    assert following(night, 2, spring) == ["30-03-31 01:30:00", "30-04-01 00:30:00"]
    assert following(night, 2, autumn) == ["30-10-27 00:30:00", "30-10-28 01:30:00"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "0 0 9 * *", "0 0 25 * * *", "60 * * * * *", "0 0 9 32 * *", "0 0 9 * 13 *"),
        *("0 0 9 * * 8", "*/0 * * * * *", "5-1 * * * * *", "a b c d e f", "@sometimes"),
        *("0 0 9 * * * @Nowhere/City", "0 0 ? * * *", "R3/PT1H", "x" * 10_000),
    ],
)
def test_what_is_no_cron_expression_is_none(text: str) -> None:
    assert cron.parse(text) is None


def test_a_timer_repeats_by_it_without_drifting_and_makes_up_for_what_it_missed() -> None:
    definition = TimerDefinition(cycle="0 0 9 * * *")
    first = first_due(definition, lambda text: text, BEGIN)
    assert first is not None
    assert first.at == BEGIN + timedelta(hours=9)
    late = next_due(first, BEGIN + timedelta(days=2, hours=12))
    assert late is not None
    assert (late.at, late.left) == (BEGIN + timedelta(days=3, hours=9), None)


def test_a_model_may_hold_one_and_one_that_never_comes_is_refused() -> None:
    assert timers.unreadable("cycle", "0 0 0 * * *") is None
    assert not timers.is_endless("0 0 0 * * *")
    assert timers.unreadable("cycle", "0 0 0 30 2 *") == ""


@pytest.mark.parametrize("cycle", ["R/PT0S", "R/PT0.5S", "R/-PT1H", "R/P0D"])
def test_a_cycle_of_less_than_a_second_would_flood_the_scheduler(cycle: str) -> None:
    assert timers.is_endless(cycle)
