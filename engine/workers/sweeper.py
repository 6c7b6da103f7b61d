"""The sweeper: rings for what is due and was not heard, and works itself when nobody else does.

One at a time by an advisory lock; another one waits to take over. It is the only one that looks
when nothing happens: about once a second, at the next due time, and when the database says that
something nearer came in. What has waited although it was rung for, it calls out through the
database, where workers listen whose broker is dead.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from common.context import automation
from engine import announce, leases
from engine.actions import drains, maintenance, rollups
from engine.announce import Bell
from engine.errors import ClockShifted
from engine.leases import Due
from engine.models.queue import Kind
from engine.queries import clock
from engine.runtime import BATCH
from engine.workers import pulses

ACTOR = automation("sweeper")
#: Any number of our own.
LOCK = 0x5EE9
#: How long nothing may happen before it looks again.
PAUSE = timedelta(seconds=1.2)
#: What is due for longer was rung for in vain.
UNHEARD = 0.3
_SHORTEST = 0.02
#: Seconds between two pulses, two foldings, and between two times that what lasts is tended.
_BEAT = 5.0
_FOLD_EVERY = 30.0
_TEND_EVERY = 3_600.0
#: How long a wish to stop may go unheard.
_EAR = 0.5
_MANY = 2_000
#: How long a doorbell is given before it is rung again.
_PATIENCE = 5.0

logger = logging.getLogger(__name__)


class Sweeper:
    """Sweeps until it is told to stop."""

    def __init__(
        self,
        is_over: Callable[[], bool] = lambda: False,
        ring: Callable[[Iterable[Bell]], None] = announce.ring,
    ) -> None:
        self._is_over = is_over
        self._ring = ring
        self._rung: dict[UUID, float] = {}
        self._pulsed = self._tended = self._folded = float("-inf")
        self._beats = 0
        self.rest = _SHORTEST
        self._is_leader = False

    def run(self) -> None:
        """Sweep; a database that is away is waited for.

        Raises:
            ClockShifted: the clock is set for a simulation, in production.
        """
        refuse_shifted_clock()
        while not self._is_over():
            try:
                self._turn()
            except (DatabaseError, InterfaceError):
                logger.warning("sweeper.no_database")
                self._is_leader = False
                connection.close()
                time.sleep(1)

    def sweep(self) -> int:
        """Ring for everything that waits; return how much there was."""
        found = leases.due(_MANY, ahead=PAUSE)
        self.rest = _rest(found)
        waiting = [one for one in found if one.waited >= 0]
        now = time.monotonic()
        self._rung = {key: at for key, at in self._rung.items() if now - at < _PATIENCE}
        fresh = [one for one in waiting if one.entry_id not in self._rung]
        self._rung |= dict.fromkeys((one.entry_id for one in fresh), now)
        self._ring(dict.fromkeys(map(_bell, fresh)))
        unheard = {one.queue for one in waiting if one.waited >= UNHEARD}
        if unheard:
            leases.call(unheard)
        if any(one.kind is not Kind.JOB for one in waiting) and not pulses.is_alive("engine"):
            self._work()
        return len(waiting)

    def _turn(self) -> None:
        if not self._is_leader:
            self._is_leader = _take_lead()
        if not self._is_leader:
            time.sleep(1)
            return
        self._pulse()
        self._tend()
        self._fold()
        self.sweep()
        self._listen(self.rest)

    def _work(self) -> None:
        """Carry on timers ourselves: no worker has been heard of."""
        while drains.drain(actor=ACTOR) == BATCH and not self._is_over():
            pass

    def _pulse(self) -> None:
        now = time.monotonic()
        if now - self._pulsed >= _BEAT:
            self._pulsed = now
            self._ring(pulses.bells(self._beats))
            self._beats += 1

    def _tend(self) -> None:
        """Have room for the journals of the months to come, and forget workers of the past."""
        now = time.monotonic()
        if now - self._tended >= _TEND_EVERY:
            self._tended = now
            maintenance.make_journal_months()
            pulses.forget()

    def _fold(self) -> None:
        """Count the runs that ended since; reports add what is not counted yet by themselves."""
        now = time.monotonic()
        if now - self._folded >= _FOLD_EVERY:
            self._folded = now
            rollups.fold()

    def _listen(self, seconds: float) -> None:
        """Wait so long, until the database says that something came in, or until we are told."""
        handle = connection.connection
        until = time.monotonic() + seconds
        while handle is not None and not self._is_over():
            left = until - time.monotonic()
            if left <= 0:
                return
            with connection.wrap_database_errors:
                notices = list(handle.notifies(timeout=min(left, _EAR), stop_after=1))
            if notices:
                time.sleep(_SHORTEST)
                return


def refuse_shifted_clock() -> None:
    """Refuse to work by a clock that was set for a simulation.

    Raises:
        ClockShifted: it was, and this is production.
    """
    if not settings.ALLOW_DEMO and clock.is_shifted():
        raise ClockShifted


def _rest(found: Iterable[Due]) -> float:
    """Return how long to wait: until the next is due, or until it is clear what was not heard."""
    times = [UNHEARD if one.waited >= 0 else -one.waited for one in found]
    return max(_SHORTEST, min(times, default=PAUSE.total_seconds()))


def _bell(one: Due) -> Bell:
    return announce.bell_of((one.entry_id, None, None, one.kind.value, one.shard, one.queue))


def _take_lead() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        leads = bool(cursor.fetchone()[0])
        if leads:
            cursor.execute("LISTEN engine_queue")
    return leads
