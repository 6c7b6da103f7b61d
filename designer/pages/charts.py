"""Small charts, drawn as rectangles; a template only writes them down."""

from __future__ import annotations

from dataclasses import dataclass

from engine.queries.activity import LastDay

_WIDTH, _HEIGHT, _BAR = 4, 20, 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: a grey bar for the runs, its failed part red at the foot."""

    x: int
    y: float
    height: float
    failed_y: float
    failed_height: float


def bars(day: LastDay) -> list[Bar]:
    """Return the bars of a day, scaled to its busiest hour; hours without runs have none."""
    most = max((hour.runs for hour in day.hours), default=0)
    found = []
    for place, hour in enumerate(day.hours):
        if not hour.runs:
            continue
        height = max(2.0, round(_HEIGHT * hour.runs / most, 1))
        failed = round(height * hour.failed / hour.runs, 1)
        failed = max(2.0, failed) if hour.failed else 0.0
        found.append(Bar(place * _WIDTH, _HEIGHT - height, height, _HEIGHT - failed, failed))
    return found
