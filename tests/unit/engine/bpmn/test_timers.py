"""What validation lets pass as a timer is what the machine can read, and the other way round."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.bpmn import timers as judged
from engine.semantics import timers as read
from engine.semantics.errors import TimerUnreadable


def is_read(read_as: Callable[[object], object], text: str) -> bool:
    try:
        read_as(text)
    except TimerUnreadable:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        *("PT1H", "P1D", "P1DT2H", "PT0.5S", "P2W", "P1M", "P1Y2M3DT4H5M6S", "-PT1H", "PT0S"),
        *("P", "PT", "P1DT", "1h", "PT1X", "", "P1H", "PT1.S", "p1d", "P1D2D", "PT5M "),
    ],
)
def test_durations(text: str) -> None:
    assert judged.is_duration(text) == is_read(read.duration, text)


@pytest.mark.parametrize(
    "text",
    [
        *("2030-01-01T00:00:00Z", "2030-01-01T00:00:00+02:00", "2030-01-01T00:00:00@Europe/Berlin"),
        *("2030-01-01", "2030-01-01T00:00:00", "2030-13-01T00:00:00Z", "soon", ""),
        *("2030-01-01T00:00:00@Nowhere/Land", "2030-01-01T00:00Z", "9999-12-31T00:00:00Z"),
    ],
)
def test_dates(text: str) -> None:
    assert judged.is_date(text) == is_read(read.moment, text)


@pytest.mark.parametrize(
    "text",
    [
        *("R3/PT1H", "R/P1D", "R-1/PT1H", "R0/PT1H", "R3/2030-01-01T00:00:00Z/PT1H"),
        *("R3", "R3/", "3/PT1H", "R3/PT1X", "R3/soon/PT1H", "R/PT0S", "R/-PT1H", "PT1H"),
    ],
)
def test_cycles(text: str) -> None:
    passes = judged.is_cycle(text) and not judged.is_endless(text)
    assert passes == is_read(read.cycle, text)
