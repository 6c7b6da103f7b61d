"""What a run has behind it and beside it, and what a step of it costs then."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from uuid import UUID

from config.loadtest.bench import Bench
from config.loadtest.figures import Bound, Row
from engine.loadtest import models
from engine.loadtest.floor import Deployed, Floor

#: How many runs go on in a turn, of each kind.
_PAIRS = 12
_LITTLE = 10


class Past:
    """Going on after many events, v after few; the rows that one of many people's work reads."""

    title = "Much past, many siblings"

    def measure(self, bench: Bench) -> list[Row]:
        """Take turns of runs with little and with much behind them."""
        floor, rounds = bench.floor, bench.size.past
        old = floor.deploy(models.again_and_again(rounds, then_work=True))
        young = floor.deploy(models.again_and_again(1, then_work=True))
        ours, theirs, events = [], [], 0
        for _turn in range(bench.size.turns):
            late, early = [], []
            for _pair in range(_PAIRS):
                aged = _waiting(floor, old)
                fresh = _waiting(floor, young)
                events = floor.events_of(aged[0])
                early.append(floor.complete(*fresh, young))
                late.append(floor.complete(*aged, old))
            ours.append(1000 * statistics.median(late))
            theirs.append(1000 * statistics.median(early))
        name = f"going on after {events:,} events v after {floor.events_of(fresh[0]):,}"
        resumed = Row("resume", name, "ms", Bound(most=1.1, goal=1.0), ours, theirs)
        return [resumed, self._rows_read(bench)]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what goes on with runs that have much behind them."""
        old = bench.floor.deploy(models.again_and_again(bench.size.past, then_work=True))
        waiting = [_waiting(bench.floor, old) for _run in range(_PAIRS)]

        def go_on() -> None:
            for run, task in waiting:
                bench.floor.complete(run, task, old)

        return go_on

    def _rows_read(self, bench: Bench) -> Row:
        many, few = (_rows(bench.floor, count) for count in (bench.size.siblings, _LITTLE))
        name = f"rows read: one of {bench.size.siblings:,} people v one of {_LITTLE}"
        return Row("rows_read", name, "rows", Bound(most=1.0, goal=1.0), [many], [few])


def _waiting(floor: Floor, deployment: Deployed) -> tuple[UUID, UUID]:
    """Start a run, let it come to its user task, and return both."""
    run = floor.start(deployment)
    floor.settle()
    return floor.open_tasks(run)[0]


def _rows(floor: Floor, count: int) -> int:
    deployment = floor.deploy(models.work_side_by_side(count))
    run = floor.start(deployment)
    floor.settle()
    _run, task = floor.open_tasks(run)[count // 2]
    return floor.rows_read(run, task, deployment)
