"""What a process does that was forked to suffer: a worker's own loop, and how it dies at it.

Everything here happens inside that one process. What is patched is what surrounds the product's
code: how long a lease is, how many doorbells are sent, when the process ends.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random  # noqa: TID251  (nothing but the seed decides)
from typing import Any

from django.db import DatabaseError, InterfaceError, connection

from common.context import Actor
from config import databases
from config.celery import app
from engine import circuit, crash_points, leases
from engine.actions import jobs as actions
from engine.actions.jobs import Report
from engine.connectors.base import Call, Outcome
from engine.connectors.registry import CONNECTORS
from engine.crash_points import Point
from engine.leases import Claim, Wanted
from engine.models.queue import Kind
from engine.workers import jobs, polling
from engine.workers.sweeper import Sweeper
from tests.harness.diary import Diary
from tests.harness.late import keep_bells
from tests.harness.skew import JUMPS, Skew
from tests.harness.tally import Tally

QUEUES = ("engine", "connector", "internal", "script")
POISON = "/poison"
#: Under which a real worker finds its orders.
ORDERS = "HARNESS_ORDERS"
_IDLE = 0.1


@dataclass(frozen=True, slots=True)
class Orders:
    """How processes of a trial are treated; plain values, since real workers read them as JSON.

    `kill` and `stop` are chances at a crash point, as is `jump`, that of the host's clock; no point
    has more than `most` kills. `who` is how these processes are called in the tally, `role` how
    they sign in. In the files `diary` and `late`, where they are named, claims and deaths are
    written down, and doorbells that shall come late. `door` is the socket on which the web listens.
    """

    database: str
    tally: str
    seed: int
    who: str = "worker"
    lease: float = 1.5
    kill: Mapping[str, float] = field(default_factory=dict)
    most: int = 0
    stop: float = 0.0
    most_stops: int = 0
    jump: float = 0.0
    bells: int = 1
    diary: str = ""
    late: str = ""
    role: str = "engine"
    door: int = -1


def work(orders: Orders, serial: int) -> None:
    """Do what is due, over and over, until killed."""
    prepare(orders, serial)
    while True:
        try:
            if not polling.look(QUEUES, late=timedelta(0)):
                time.sleep(_IDLE)
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.1)


def sweep(orders: Orders, serial: int) -> None:
    """Sweep, until killed."""
    prepare(orders, serial)
    Sweeper().run()


def prepare(orders: Orders, serial: int) -> None:
    """Arm this process."""
    sign_in(orders.database, orders.role)
    shorten(orders.lease)
    victim = _Victim(orders, Random(f"{orders.seed}/{orders.who}/{serial}"))  # noqa: S311
    crash_points.arm(victim.reached)
    leases.claim = victim.claiming(leases.claim)  # type: ignore[assignment]
    actions.report_jobs = victim.reporting(actions.report_jobs)
    CONNECTORS["http:1"] = _Deadly(CONNECTORS["http:1"], Tally(Path(orders.tally)))  # type: ignore[index]
    if orders.late:
        keep_bells(Path(orders.late), victim.chance)
    if orders.bells > 1:
        _double_bells(orders.bells, victim.chance)


def sign_in(url: str, role: str = "engine") -> None:
    """Use the database as a worker does, or whoever else, from now on."""
    connection.settings_dict.update(databases.database(url, role))


def shorten(lease: float) -> None:
    """Make a lease so short, in seconds, that a run which lost its worker goes on soon.

    A system that failed is left alone as briefly, and a probe that was lost with its worker soon
    has a successor.
    """
    leases.LEASE = timedelta(seconds=lease)
    jobs._BEAT = lease / 3
    brief = circuit.Policy(
        cool_down=timedelta(seconds=lease / 3),
        longest=timedelta(seconds=lease),
        patience=timedelta(seconds=2 * lease),
        ask_again=timedelta(seconds=lease / 10),
    )
    for name in ("admit", "succeeded", "failed"):
        setattr(circuit, name, partial(getattr(circuit, name), policy=brief))


class _Victim:
    """Decides at each point whether to go on."""

    def __init__(self, orders: Orders, chance: Random) -> None:
        self.chance = chance
        self._orders = orders
        self._tally = Tally(Path(orders.tally))
        self._diary = Diary(Path(orders.diary)) if orders.diary else None
        self._skew = Skew() if orders.jump else None

    def reached(self, point: Point) -> None:
        # What was claimed is written down first; `claiming` comes back to this point then.
        if point is not Point.CLAIMED:
            self._perhaps_end(point)

    def claiming(self, claim: Callable[[Wanted], list[Claim]]) -> Callable[[Wanted], list[Claim]]:
        """Return a claim that writes down what was taken."""

        def claiming(wanted: Wanted) -> list[Claim]:
            found = claim(wanted)
            if self._diary:
                self._diary.claimed(one.lease.entry_id for one in found if one.kind is Kind.JOB)
            if found:
                self._perhaps_end(Point.CLAIMED)
            return found

        return claiming

    def reporting(self, report: Callable[..., Any]) -> Callable[..., Any]:
        """Return a report that writes down what was handed in."""

        def reporting(*, actor: Actor, reports: Sequence[Report]) -> Any:
            handed_in = report(actor=actor, reports=reports)
            if self._diary:
                self._diary.handed_in(one.lease.entry_id for one in reports)
            return handed_in

        return reporting

    def _perhaps_end(self, point: Point) -> None:
        orders = self._orders
        if self._skew and self.chance.random() < orders.jump:
            self._skew.jump(self.chance.choice(JUMPS))
            self._tally.note("clock jump")
        if self.chance.random() < orders.kill.get(point.value, 0.0):
            self._end(f"kill {orders.who} {point.value}", orders.most, signal.SIGKILL)
        if self.chance.random() < orders.stop:
            self._end("pause", orders.most_stops, signal.SIGSTOP)

    def _end(self, fault: str, most: int, how: signal.Signals) -> None:
        if self._tally.counts()[fault] < most:
            self._tally.note(fault)
            if self._diary and how is signal.SIGKILL:
                self._diary.dies()
            os.kill(os.getpid(), how)


class _Deadly:
    """A connector at which its worker dies whenever it is asked for poison."""

    def __init__(self, inner: Any, tally: Tally) -> None:
        self._inner = inner
        self._tally = tally

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def run(self, call: Call) -> Outcome:
        if str(call.inputs.get("url", "")).endswith(POISON):
            self._tally.note("poisoned")
            os.kill(os.getpid(), signal.SIGKILL)
        outcome: Outcome = self._inner.run(call)
        return outcome


def _double_bells(times: int, chance: Random) -> None:
    """Send every message so often, in another order; some come late, among those that follow."""
    kept: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    send = app.send_task

    def doubled(*args: Any, **named: Any) -> None:
        kept.extend([(args, named)] * times)
        chance.shuffle(kept)
        while len(kept) > times:
            again, with_ = kept.pop()
            send(*again, **with_)

    app.send_task = doubled  # type: ignore[assignment,method-assign]
