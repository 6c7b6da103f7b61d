"""Throughput of Celery's workers with the broker dead, v with the broker alive."""

from __future__ import annotations

from collections.abc import Callable

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from config.celery import app
from config.loadtest import crew
from config.loadtest.bench import Bench
from config.loadtest.crew import Muscle
from config.loadtest.figures import Bound, Row
from config.loadtest.scenarios.steps import STEPS, Steps
from engine.loadtest import models
from engine.loadtest.floor import Floor

_PATIENCE = 300.0


class Broker:
    """The same runs both ways. While they are started the worker stands still."""

    title = "The broker, alive and dead"

    def measure(self, bench: Bench) -> list[Row]:
        """Take turns with a living broker and a dead one."""
        alive, dead = [], []
        with crew.muscle(bench.ground) as muscle:
            crew.until(lambda: _is_heard(muscle), "Celery's worker hears the broker")
            for _turn in range(bench.size.turns):
                alive.append(_steps_per_second(bench, muscle, bench.size.runs))
                bench.ground.broker.kill()
                dead.append(_steps_per_second(bench, muscle, bench.size.runs))
                bench.ground.broker.start()
                crew.until(lambda: _is_heard(muscle), "Celery's worker hears the broker again")
        bound = Bound(least=0.3, goal=0.6)
        name = "steps/s with the broker dead v alive"
        return [Row("broker", name, "1/s", bound, dead, alive)]

    def again(self, bench: Bench) -> Callable[[], None]:
        """Return what does the same steps: which way they are heard of is another process's."""
        return Steps().again(bench)


def _is_heard(muscle: Muscle) -> bool:
    """Tell whether the worker answers through the broker."""
    muscle.keep()
    try:
        return bool(app.control.ping(timeout=0.5))
    except (OperationalError, RedisError):
        return False


def _is_over(floor: Floor, muscle: Muscle) -> bool:
    muscle.keep()
    return not floor.has_jobs()


def _steps_per_second(bench: Bench, muscle: Muscle, count: int) -> float:
    floor = bench.floor
    deployment = floor.deploy(models.jobs_in_a_row(STEPS))
    muscle.pause()
    runs = [floor.start(deployment, {"order": 7}) for _run in range(count)]
    muscle.go_on()
    seconds = crew.until(lambda: _is_over(floor, muscle), "the jobs are done", _PATIENCE)
    floor.check(runs, count * (STEPS + 1), {"order": "7"})
    return count * STEPS / seconds
