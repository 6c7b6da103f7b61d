"""Very many timers due at one instant, v what the limit would take for as many advances."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import mean

from config.loadtest.bench import Bench
from config.loadtest.crew import until
from config.loadtest.figures import Bound, Row
from engine.loadtest import models, multiples
from engine.loadtest.floor import Deployed, Floor

_SEEDS = 100
_FEW = 1_000
_PATIENCE = 900.0


class Timers:
    """Runs that the engine let wait, multiplied in the database, and carried on by two workers."""

    title = "Timers due at one instant"

    def measure(self, bench: Bench) -> list[Row]:
        """Take turns with the limit."""
        count = bench.size.waiting
        ours, limits = [], [bench.limits[-1]]
        for _turn in range(bench.size.turns):
            deployment = _due(bench.floor, count)
            ours.append(_seconds(bench))
            bench.floor.check(bench.floor.runs_of(deployment), 2 * count)
            limits.append(bench.limit())
        theirs = [count / mean(limits[turn : turn + 2]) for turn in range(len(ours))]
        name = f"{count:,} timers due at once v what the limit allows"
        return [Row("timers", name, "s", Bound(most=3, goal=2), ours, theirs)]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what carries some on."""
        _due(bench.floor, min(_FEW, bench.size.waiting))
        return bench.floor.settle


def _due(floor: Floor, count: int) -> Deployed:
    """Have so many runs whose timer is due now."""
    deployment = floor.deploy(models.a_wait("PT1H"))
    runs = [floor.start(deployment) for _run in range(min(_SEEDS, count))]
    multiples.multiply(multiples.WAITING_RUN, runs, count // len(runs) - 1)
    floor.let_all_be_due()
    return deployment


def _seconds(bench: Bench) -> float:
    """Return how long the workers take until no timer is left."""
    began = time.perf_counter()
    for worker in bench.crew:
        worker.work({})
    until(lambda: not bench.floor.has_timers(), "every timer came", _PATIENCE)
    seconds = time.perf_counter() - began
    for worker in bench.crew:
        worker.rest()
    return seconds
