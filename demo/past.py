"""The demo company's past: acts are done with both clocks set back, the product's and the engine's.

Only the time is another one; everything else is as in any act. Production settings take no demo,
and so never get here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from common import clock

_SET = "SELECT set_config('interlock.clock_shift', %s, false)"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done so many hours ago."""

    hours: float
    do: Callable[[], None]


def relive(acts: Iterable[Act]) -> None:
    """Do all of it, in the order of time."""
    for act in sorted(acts, key=lambda act: act.hours, reverse=True):
        with ago(hours=act.hours):
            act.do()


@contextmanager
def ago(*, hours: float) -> Iterator[None]:
    """Let the block happen so many hours ago."""
    _shift_engine(f"-{hours * 3600} seconds")
    try:
        with clock.shifted(-timedelta(hours=hours)):
            yield
    finally:
        _shift_engine("")


def _shift_engine(by: str) -> None:
    # A broken transaction takes no statement; its rollback forgets the shift.
    if connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SET, [by])
