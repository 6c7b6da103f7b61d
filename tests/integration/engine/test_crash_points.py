"""Crash points: passed in silence, and armed nowhere near production."""

from __future__ import annotations

import pytest
from django.test import override_settings

from engine import crash_points
from engine.crash_points import Point
from engine.errors import CrashRefused


def test_a_process_that_nobody_armed_passes_every_point() -> None:
    for point in Point:
        crash_points.reached(point)


def test_an_armed_process_is_asked_at_each_point(monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[Point] = []
    monkeypatch.setattr(crash_points, "_armed", None)
    crash_points.arm(met.append)

    crash_points.reached(Point.JOURNAL)

    assert met == [Point.JOURNAL]


def test_production_cannot_be_armed() -> None:
    with override_settings(ALLOW_DEMO=False), pytest.raises(CrashRefused):
        crash_points.arm(lambda _point: None)

    crash_points.reached(Point.CLAIMED)
