"""Doing jobs: claim, begin, call, report, many at a time. A message says that one waits.

The queue decides what is done: up to two hundred jobs are claimed in one statement, begun in one
transaction and handed in as they come back. Calls to the outside go side by side, and those to one
system are never more than half of them, so that a slow one holds up nobody but itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from celery import Task, shared_task
from django.db import InterfaceError, OperationalError, connection

from common import context, tenancy
from common.context import automation
from common.errors import Transient
from engine import crash_points, leases
from engine.actions import jobs
from engine.actions.jobs import Report
from engine.actions.work import Work
from engine.announce import RUN_JOB
from engine.connectors.base import Call, Failed, FailureKind, Outcome
from engine.connectors.registry import CONNECTORS
from engine.crash_points import Point
from engine.leases import LEASE, Claim, Wanted
from engine.models.queue import JOB_QUEUES
from engine.runtime import BATCH
from engine.store import Lease
from engine.workers import scripts
from engine.workers.calls import Calls

ACTOR = automation("worker")
_BEAT = LEASE.total_seconds() / 3
#: How often a report is handed in that is refused by itself: its run is busy.
_TRIES = 5
#: For how many seconds a database that is away is waited for with reports in hand.
_OUTAGE = 60.0
_REST = 0.5
_NOW = timedelta(0)
#: How many calls of one process are out at a time.
CALLS = 32
#: How many of them may be at one system; the others wait here until one of these comes back.
SHARE = CALLS // 2
#: How long those that came back wait for others, to be handed in with them.
_TOGETHER = 0.02
#: How long the next jobs of a run are begun where its last one was handed in, before whoever else
#: waits in the queue has a turn.
_TURN = 1.0
#: How many more must fit for it to be worth a look at the queue while others are at work.
_WORTH = BATCH // 8
#: How long to wait for one that is slow before looking for more work.
_PATIENCE = 0.5
#: How often more is claimed for one message, so that none runs for ever.
_ROUNDS = 50

logger = logging.getLogger(__name__)


@shared_task(name=RUN_JOB, bind=True)
def run_job(self: Task[..., None], job: str) -> None:
    """Do what waits in a job's queue, unless it has been taken: then others were faster.

    A message that came to a worker of other queues is none of its business.
    """
    queue = leases.waits_in(UUID(job))
    serves = self.app.amqp.queues.consume_from
    if queue is not None and (self.request.called_directly or queue in serves):
        drain([queue])


def drain(queues: Collection[str], late: timedelta = _NOW) -> int:
    """Do jobs that have been due in these queues for so long, until none waits.

    Returns how many there were.
    """
    wanted = Wanted(leases.JOBS, BATCH, queues=sorted(queues), late=late)
    found = 0
    with _at_work(queues) as desk:
        for _round in range(_ROUNDS):
            room = BATCH - len(desk.mine)
            is_worth_it = room >= _WORTH or not desk.calls.out
            claims = leases.claim(replace(wanted, limit=room)) if is_worth_it else []
            found += len(claims)
            desk.begin(claims)
            if desk.apart or not (claims or desk.calls.out):
                break
            desk.hand_in()
    return found


def perform(*claims: Claim) -> None:
    """Do jobs that are ours, and hand in what came of them."""
    with _at_work() as desk:
        desk.begin(claims)


@dataclass(slots=True)
class _Desk:
    """The jobs of one process: those whose calls are out, and the leases to be kept meanwhile.

    `serves` names the queues whose jobs it may do. `out` is how many calls are out, by system, and
    `queues` are calls to systems that have their share already. At what is `apart` workers have
    died: it is begun when all else has come back, so that nothing dies with it.
    """

    serves: Collection[str]
    calls: Calls[Lease, Report] = field(default_factory=lambda: Calls(CALLS))
    out: Counter[str] = field(default_factory=Counter)
    queues: dict[str, deque[tuple[Lease, Work]]] = field(default_factory=dict)
    mine: set[Lease] = field(default_factory=set)
    apart: list[Claim] = field(default_factory=list)

    def begin(self, claims: Sequence[Claim]) -> None:
        """Begin what was claimed; what this process does itself is done at once."""
        if not claims:
            return
        self.mine.update(claim.lease for claim in claims)
        with _scene({claim.unit_id for claim in claims}):
            works = jobs.begin_jobs(
                [claim.lease for claim in claims],
                self.serves,
                at_work=len(self.calls.out),
                until=time.monotonic() + _TURN,
            )
            for claim in claims:
                if claim.lease not in works:
                    self.mine.discard(claim.lease)
                elif works[claim.lease].apart:
                    self.apart.append(claim)
                    del works[claim.lease]
            self._do(works)

    def _do(self, works: Mapping[Lease, Work]) -> None:
        done = []
        for lease, work in works.items():
            if work.script or work.given:
                done.append(_done(lease, work))
            else:
                self.queues.setdefault(work.tried.target, deque()).append((lease, work))
        self._call()
        self._report(done)

    def hand_in(self) -> None:
        """Report what has come back; where nothing has, wait a moment for it."""
        done = list(self.calls.fetch(_TOGETHER, _PATIENCE).values())
        if done:
            self.out.subtract(report.work.tried.target for report in done)
            with _scene({report.work.tried.unit_id for report in done}):
                self._call()
                self._report(done)

    def finish(self) -> None:
        """Hand in all that was begun, and then do one by one what is to be alone."""
        self._hand_in_all()
        while self.apart:
            self.begin([self.apart.pop()])
            self._hand_in_all()

    def _hand_in_all(self) -> None:
        while self.calls.out:
            self.hand_in()

    def _call(self) -> None:
        """Let calls out, as far as each system has room for them."""
        for target, waiting in list(self.queues.items()):
            while waiting and (not target or self.out[target] < SHARE):
                lease, work = waiting.popleft()
                self.calls.make(lease, partial(_done, lease, work))
                self.out[target] += 1
            if not waiting:
                del self.queues[target]

    def _report(self, reports: list[Report]) -> None:
        """Hand in what came back; a database that is away or full is waited for.

        What is begun with it is ours. Of what is left all the same the lease ends, and the work is
        done again under the same key.
        """
        begun: dict[Lease, Work] = {}
        left, tries, until = reports, 0, time.monotonic() + _OUTAGE
        while left and tries < _TRIES and time.monotonic() < until:
            try:
                handed_in = jobs.report_jobs(actor=ACTOR, reports=left)
                begun |= handed_in.begun
                left = handed_in.again
                tries += 1
            except (OperationalError, InterfaceError, Transient) as error:
                logger.warning("job.report_failed", extra={"error": repr(error)})
            if left:
                _reconnected(until)
        self.mine.difference_update(report.lease for report in reports)
        self.mine.update(begun)
        if begun:
            self._do(begun)


def _reconnected(until: float) -> None:
    """Wait a moment, and for a database that is there: one that knows what we may see."""
    while time.monotonic() < until:
        time.sleep(_REST)
        try:
            tenancy.reconnect()
        except (OperationalError, InterfaceError):
            continue
        return


def _done(lease: Lease, work: Work) -> Report:
    """Do the work of a job; this may be in a thread of its own."""
    scene = replace(
        context.current(),
        unit_id=work.tried.unit_id,
        instance_id=work.tried.instance_id,
        job_id=work.tried.job_id,
    )
    with context.scene(scene):
        began = time.monotonic()
        outcome = _outcome(work)
        crash_points.reached(Point.EFFECT_DONE)
        return Report(lease, work, outcome, time.monotonic() - began)


def _outcome(work: Work) -> Outcome:
    """Call the outside; whatever goes wrong is an outcome too."""
    if work.given:
        return work.given
    if work.script:
        return jobs.fitting(scripts.run(work.script, work.inputs))
    connector = CONNECTORS.get(work.tried.job_type)
    if connector is None:
        sentence = f"No connector for “{work.tried.job_type}” is installed on this worker."
        return Failed(FailureKind.ENVIRONMENTAL, "no_connector", sentence)
    try:
        outcome = connector.run(
            Call(
                inputs=work.inputs,
                key=work.key,
                headers=work.headers,
                destinations=work.destinations,
                traceparent=work.tried.traceparent,
            )
        )
        return jobs.fitting(outcome)
    except Exception:  # a bug in a connector must not end the worker
        logger.exception("connector.broke", extra={"job_type": work.tried.job_type})
        sentence = "The connector broke on our side. The log says where."
        return Failed(FailureKind.ENVIRONMENTAL, "connector_broke", sentence)


@contextmanager
def _scene(unit_ids: Collection[UUID]) -> Iterator[None]:
    with (
        tenancy.units_in_scope(unit_ids),
        context.scene(replace(context.current(), actor=ACTOR)),
    ):
        yield


@contextmanager
def _at_work(serves: Collection[str] = JOB_QUEUES) -> Iterator[_Desk]:
    """Give a desk, keep its leases from a thread of its own, and hand in all that it began."""
    over = threading.Event()
    desk = _Desk(serves)
    beats = threading.Thread(target=_beat, args=(desk.mine, over), name="heartbeat", daemon=True)
    beats.start()
    try:
        yield desk
        desk.finish()
    finally:
        desk.calls.close()
        over.set()
        beats.join()


def _beat(mine: set[Lease], over: threading.Event) -> None:
    try:
        while not over.wait(_BEAT):
            try:
                leases.renew(list(mine))
            except (OperationalError, InterfaceError):
                connection.close()
    finally:
        connection.close()
