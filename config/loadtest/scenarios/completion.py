"""One user task completed, v one transaction of the same work by pgbench."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from uuid import UUID

from config.loadtest.bench import Bench
from config.loadtest.figures import Bound, Row, percentile
from config.loadtest.others import NotMeasured
from engine.loadtest import models
from engine.loadtest.floor import Deployed, Floor

_ANSWER = 42
#: How many are completed again for the profile.
_FEW = 200
_BOUND = Bound(most=4, goal=2.5)


class Completion:
    """The engine alone: what the web does around it is another scenario's."""

    title = "One user task completed"

    def measure(self, bench: Bench) -> list[Row]:
        """Take turns with pgbench."""
        ours, theirs = [], []
        for _turn in range(bench.size.turns):
            spent = _complete(bench, bench.size.tasks)
            ours.append((statistics.median(spent), percentile(spent, 99)))
            try:
                theirs.append(bench.others.one_at_a_time(bench.size.seconds))
            except NotMeasured as reason:
                return [_row(name, [], [], str(reason)) for name in ("p50", "p99")]
        return [
            _row(name, [pair[which] for pair in ours], [pair[which] for pair in theirs])
            for which, name in enumerate(("p50", "p99"))
        ]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what completes some."""
        waiting, deployment = _waiting(bench.floor, min(_FEW, bench.size.tasks))

        def complete() -> None:
            for run, task in waiting:
                bench.floor.complete(run, task, deployment)

        return complete


def _row(name: str, ours: list[float], theirs: list[float], missing: str = "") -> Row:
    title = f"user task completed, {name} v {name} of pgbench"
    return Row(f"completion_{name}", title, "ms", _BOUND, ours, theirs, missing=missing)


def _complete(bench: Bench, count: int) -> list[float]:
    """Complete so many user tasks, each the last of its run, and return the milliseconds."""
    waiting, deployment = _waiting(bench.floor, count)
    spent = [bench.floor.complete(run, task, deployment, _ANSWER) for run, task in waiting]
    runs = [run for run, _task in waiting]
    bench.floor.check(runs, 2 * count, {"answer": str(_ANSWER)})
    return [1000 * seconds for seconds in spent]


def _waiting(floor: Floor, count: int) -> tuple[list[tuple[UUID, UUID]], Deployed]:
    """Start so many runs, and return them with their user tasks."""
    deployment = floor.deploy(models.work())
    runs = [floor.start(deployment) for _run in range(count)]
    return floor.open_tasks(*runs), deployment
