"""How much is measured: a look in two minutes, or figures to be kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each thing; `turns` is how often a pair is measured.

    Attributes:
        seconds: how long the limit is measured each time.
        runs: runs of ten steps in a turn.
        tasks: user tasks completed in a turn.
        loop, several: the large end of what must not grow.
        past: rounds of a loop that a run has behind it.
        siblings: people at one task, of whom one completes it.
        requests: pairs of requests to the web in a turn.
        finished: runs that have ended, in the list.
        waiting: timers due at one instant.
        dbos, celery: workflows per process, and tasks, of the peers.
    """

    turns: int
    seconds: float
    runs: int
    tasks: int
    loop: int
    several: int
    past: int
    siblings: int
    requests: int
    finished: int
    waiting: int
    dbos: int
    celery: int


SIZES = {
    "smoke": Size(
        turns=1,
        seconds=0.2,
        runs=6,
        tasks=12,
        loop=100,
        several=20,
        past=100,
        siblings=50,
        requests=12,
        finished=2_000,
        waiting=100,
        dbos=2,
        celery=20,
    ),
    "quick": Size(
        turns=3,
        seconds=1,
        runs=800,
        tasks=300,
        loop=1_000,
        several=500,
        past=500,
        siblings=1_000,
        requests=120,
        finished=100_000,
        waiting=5_000,
        dbos=50,
        celery=1_500,
    ),
    "full": Size(
        turns=5,
        seconds=3,
        runs=1_000,
        tasks=2_000,
        loop=10_000,
        several=5_000,
        past=1_110,
        siblings=10_000,
        requests=1_000,
        finished=1_000_000,
        waiting=100_000,
        dbos=200,
        celery=5_000,
    ),
}
