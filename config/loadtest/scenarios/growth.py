"""How the time of a whole run grows with its size: rounds of a loop, people at one task."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from config.loadtest.bench import Bench
from config.loadtest.figures import Bound, Row, exponent
from engine.loadtest import models
from engine.loadtest.floor import Floor

_BOUND = Bound(most=1.05, goal=1.0)
#: A small run takes milliseconds: the median of so many is taken.
_SMALL_RUNS = 5


@dataclass(frozen=True)
class Growth:
    """One kind of run, small and large. `share` is how much larger the large one is."""

    key: str
    title: str
    run: Callable[[Floor, int], float]
    share: int

    def measure(self, bench: Bench) -> list[Row]:
        """Take turns of small and large runs."""
        large = self._large(bench)
        small = max(10, large // self.share)
        self.run(bench.floor, small)
        exponents = []
        for _turn in range(bench.size.turns):
            few = statistics.median(self.run(bench.floor, small) for _ in range(_SMALL_RUNS))
            exponents.append(exponent((small, few), (large, self.run(bench.floor, large))))
        name = f"exponent: {self.title.lower()}, {small:,} to {large:,}"
        return [Row(self.key, name, "", _BOUND, exponents, [1.0] * len(exponents))]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what does a large one."""
        return lambda: self._do(bench.floor, self._large(bench))

    def _do(self, floor: Floor, size: int) -> None:
        self.run(floor, size)

    def _large(self, bench: Bench) -> int:
        return bench.size.loop if self.key == "loop" else bench.size.several


def _rounds(floor: Floor, count: int) -> float:
    """Let a script run so often in one run, and return the seconds."""
    deployment = floor.deploy(models.again_and_again(count))
    began = time.perf_counter()
    run = floor.start(deployment)
    floor.settle()
    seconds = time.perf_counter() - began
    floor.check([run], values={"rounds": str(count)})
    return seconds


def _people(floor: Floor, count: int) -> float:
    """Complete a user task of so many people, one after the other, and return the seconds."""
    deployment = floor.deploy(models.work_side_by_side(count))
    began = time.perf_counter()
    run = floor.start(deployment)
    floor.settle()
    for _run, task in floor.open_tasks(run):
        floor.complete(run, task, deployment)
    seconds = time.perf_counter() - began
    floor.check([run])
    return seconds


LOOP = Growth("loop", "Rounds of a loop", _rounds, share=100)
SEVERAL = Growth("several", "People at one task", _people, share=50)
