"""Runs of ten service tasks, each a durable job: how many steps a second two workers take."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import mean

from config.loadtest.bench import Bench
from config.loadtest.crew import until
from config.loadtest.figures import Bound, Row
from config.loadtest.others import NotMeasured
from engine.loadtest import models

STEPS = 10
#: How much is done again for the profile.
_FEW = 100
_PATIENCE = 600.0


class Steps:
    """Against the limit; and with the starting of the runs, against programs that start theirs."""

    title = "Steps that are jobs"

    def measure(self, bench: Bench) -> list[Row]:
        """Take turns with the limit and with both peers."""
        advances, limits = [], [bench.limits[-1]]
        whole: list[float] = []
        dbos = _Peer(lambda: bench.others.dbos(bench.size.dbos))
        celery = _Peer(lambda: bench.others.celery(bench.size.celery))
        for _turn in range(bench.size.turns):
            advances.append(_steps_per_second(bench))
            limits.append(bench.limit())
            whole.append(_steps_with_starts(bench))
            dbos.take_turn()
            celery.take_turn()
        between = [mean(limits[turn : turn + 2]) for turn in range(bench.size.turns)]
        at_least = Bound(least=0.35, goal=0.60)
        name = "advances/s, each step a job, v the batched limit"
        row = Row("advances", name, "1/s", at_least, advances, between)
        workflows = [steps / STEPS for steps in whole]
        return [
            row,
            dbos.row("workflows", "10-step workflows/s v DBOS", workflows),
            celery.row("steps", "steps/s v one Celery task to a step", whole),
        ]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what does the jobs of some runs."""
        deployment = bench.floor.deploy(models.jobs_in_a_row(STEPS))
        for _run in range(min(_FEW, bench.size.runs)):
            bench.floor.start(deployment)
        return bench.floor.do_jobs


class _Peer:
    """Another program, turn by turn, until it cannot be measured."""

    def __init__(self, measure: Callable[[], float]) -> None:
        self._measure = measure
        self._figures: list[float] = []
        self._missing = ""

    def take_turn(self) -> None:
        if not self._missing:
            try:
                self._figures.append(self._measure())
            except NotMeasured as reason:
                self._missing = str(reason)

    def row(self, key: str, name: str, ours: list[float]) -> Row:
        bound = Bound(least=8, goal=15)
        if self._missing:
            return Row(key, name, "1/s", bound, missing=self._missing)
        return Row(key, name, "1/s", bound, ours, self._figures)


def _steps_per_second(bench: Bench) -> float:
    """Return the steps a second where the runs have been started before."""
    floor = bench.floor
    deployment = floor.deploy(models.jobs_in_a_row(STEPS))
    runs = [floor.start(deployment, {"order": 7}) for _run in range(bench.size.runs)]
    began = time.perf_counter()
    for worker in bench.crew:
        worker.work({})
    _work_off(bench)
    seconds = time.perf_counter() - began
    for worker in bench.crew:
        worker.rest()
    floor.check(runs, len(runs) * (STEPS + 1), {"order": "7"})
    return len(runs) * STEPS / seconds


def _steps_with_starts(bench: Bench) -> float:
    """Return the steps a second where the workers also start the runs."""
    floor = bench.floor
    deployment = floor.deploy(models.jobs_in_a_row(STEPS))
    share = bench.size.runs // len(bench.crew)
    unit, person = str(floor.unit_id), str(floor.person.person_id)
    order = {"deployment": str(deployment.pk), "runs": share, "unit": unit, "person": person}
    began = time.perf_counter()
    for worker in bench.crew:
        worker.work(order)
    for worker in bench.crew:
        worker.hear("started")
    _work_off(bench)
    seconds = time.perf_counter() - began
    for worker in bench.crew:
        worker.rest()
    runs = floor.runs_of(deployment)
    floor.check(runs, share * len(bench.crew) * (STEPS + 1), {"order": "7"})
    return len(runs) * STEPS / seconds


def _work_off(bench: Bench) -> None:
    until(lambda: not bench.floor.has_jobs(), "the jobs are done", _PATIENCE)
