"""Small scenes in which the order of two actors is ours: what must be refused, and is.

A storm finds what goes wrong by chance; these find what a storm would meet once in a thousand runs,
because the machine has a second wall behind the first. Each yields a sentence for what is wrong.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

from common import clock, tenancy
from designer.actions import drafts, reviews
from designer.board import Verdict
from designer.errors import ContentChanged
from engine import announce, crash_points, leases
from engine.actions import jobs
from engine.announce import Bell
from engine.connectors.base import Call, Done, Failed, FailureKind, Outcome
from engine.connectors.registry import CONNECTORS
from engine.crash_points import Point
from engine.errors import LeaseLost
from engine.leases import JOBS, Claim, Wanted
from engine.models.jobs import Job
from engine.semantics import commands, timers
from engine.semantics.timers import Due
from engine.workers import jobs as workers
from engine.workers.sweeper import Sweeper
from tests.harness import bpmn_file, checker
from tests.harness.mix import Model
from tests.harness.staff import Staff
from tests.support.oracle import blocks, trials
from tests.support.processes import a_process
from tests.support.runs import Run

PROBED = Model("probed", bpmn_file.calling("probed", "/probed"), {})
_SEEDS = 400
_SOON = timedelta(seconds=0.3)
_UNTIL_DEATH = (Point.LOCKED, Point.JOURNAL, Point.BEFORE_COMMIT, Point.AFTER_COMMIT)
Scene = Callable[[Staff], Iterable[str]]


def late_report(staff: Staff) -> Iterator[str]:
    """Who was away for longer than the lease hands in nothing."""
    job = _job(staff)
    with _leased(_SOON):
        first = _claim(job)
        time.sleep(2 * _SOON.total_seconds())
        second = _claim(job)
    mine, theirs = (jobs.begin_job(lease=claim.lease) for claim in (first, second))
    if theirs is None:
        yield "a job whose lease had ended was not taken over"
        return
    if mine is not None:
        yield "a job that was taken over was begun by who had lost it"
    failed = Failed(FailureKind.TRANSIENT, "late", "It was late.")
    try:
        jobs.report_job(actor=workers.ACTOR, lease=first.lease, work=theirs, outcome=failed)
    except LeaseLost:
        return
    yield "a worker whose lease had ended handed in its result"


def long_call(staff: Staff) -> Iterator[str]:
    """A call may take longer than it takes others to look: its lease is kept."""
    claim = _claim(_job(staff))
    taken: list[Claim] = []

    def slow(_call: Call) -> Outcome:
        for _ in range(10):
            time.sleep(0.1)
            taken.extend(leases.claim(Wanted(JOBS, limit=1, only=claim.lease.entry_id)))
        return Done({})

    with _answering(slow):
        workers.perform(claim)
    if taken:
        yield "a job was given to another worker while the first was at it, alive"


def doubled_bell(staff: Staff) -> Iterator[str]:
    """A doorbell is no permission: work in somebody's hands is not begun again."""
    job = _job(staff)
    asked: list[str] = []

    def answer(call: Call) -> Outcome:
        asked.append(call.key)
        if len(asked) == 1:
            workers.run_job(str(job))
        return Done({})

    with _answering(answer):
        workers.run_job(str(job))
        workers.run_job(str(job))
    # A doorbell may lead to other work of its queue, too; each of it once.
    if len(asked) != len(set(asked)):
        yield f"{len(set(asked))} jobs were done {len(asked)} times, for a bell that rang thrice"


def claim_beside_lock(staff: Staff) -> Iterator[str]:
    """Whoever claims waits for nobody: what another worker holds is passed over."""
    held, free = _job(staff), _job(staff)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            unit = str(staff.office.unit.pk)
            cursor.execute("SELECT set_config('interlock.units', %s, true)", [unit])
            cursor.execute("SELECT id FROM engine_queueentry WHERE id = %s FOR UPDATE", [held])
            assert cursor.fetchall() == [(held,)]
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")
        found = {claim.lease.entry_id for claim in leases.claim(Wanted(JOBS, limit=50))}
        if free not in found:
            yield "a free job was not claimed beside one that is locked"
    except OperationalError:
        yield "a claim waited for a job that another worker holds"
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def swept(staff: Staff) -> Iterator[str]:
    """What is due and was not heard is rung for again."""
    job, rung = str(_job(staff)), list[Bell]()
    Sweeper(ring=rung.extend).sweep()
    if not any(("job", job) in bell.body for bell in rung):
        yield "a job that no doorbell announced was not found by the sweeper"


def rolled_back(staff: Staff) -> Iterator[str]:
    """What did not happen is told to nobody."""
    rung: list[Bell] = []
    ring, known = announce.ring, len(staff.started)
    announce.ring = rung.extend  # type: ignore[assignment]
    try:
        with transaction.atomic():
            staff.start(PROBED)
            transaction.set_rollback(True)
    finally:
        announce.ring = ring
        del staff.started[known:]
    if rung:
        yield "a doorbell was rung for a run that was never committed"


def killed_act(staff: Staff) -> Iterator[str]:
    """An act whose process dies at it happened and is audited, or neither; asked again, once."""
    before = len(checker.unaudited())
    for point in _UNTIL_DEATH:
        pid = os.fork()
        if pid == 0:
            _start_and_die(staff, point)
        os.waitpid(pid, 0)
        staff.start(PROBED)
    for instance_id, cause, happened, told in checker.unaudited()[before:]:
        yield f"{cause} of run {instance_id} happened {happened} times, was audited {told} times"


def permanent_failure(_staff: Staff) -> Iterator[str]:
    """What would fail the same way again is not tried again."""
    run = Run(a_process().service_task("call").end()).start()
    run.fail_job("call", commands.FailureKind.PERMANENT)
    if not run.state.incidents:
        yield "a failure that is permanent was tried again and no operator was asked"


def caught_up(_staff: Staff) -> Iterator[str]:
    """A cycle that slept through many turns makes up for them in one."""
    began = clock.now()
    now = began + timedelta(hours=1)
    following = timers.next_due(Due(began, "R/PT1S", None), now)
    if following is None or following.at <= now:
        yield "a cycle timer that was an hour late is due again at once"


def other_digest(staff: Staff) -> Iterator[str]:
    """A vote counts for what was shown, and for nothing else."""
    ana, gita = staff.office.person("Ana Ruiz"), staff.office.person("Gita Olsen")
    process = staff.processes[PROBED.key]
    draft = drafts.create_blank_draft(actor=ana, process_id=process.pk)
    review = reviews.submit_draft(actor=ana, draft_id=draft.pk, note="A try")
    vote: dict[str, Any] = {"review_id": review.pk, "digest": "0" * 64, "comment": "Read"}
    try:
        reviews.cast_vote(actor=gita, verdict=Verdict.APPROVE, **vote)
    except ContentChanged:
        return
    yield "an approval counted for content that the approver was not shown"


def loop_again(_staff: Staff) -> Iterator[str]:
    """A loop that is entered again begins at its beginning."""
    asked = blocks.Work("asked", by_person=True, target="", value=0)
    several = blocks.Each(
        "several", sequential=True, items=(1, 2, 3), element="item", output="", body=asked
    )
    twice = blocks.Repeat("twice", "round", 2, several)
    wrong = trials.disagreement(twice, trials.picks(0))
    if wrong:
        yield wrong


def oracle(_staff: Staff) -> Iterator[str]:
    """The machine does what a plain interpreter says, whatever the order of its steps."""
    for seed in range(_SEEDS):
        pick = trials.picks(seed)
        wrong = trials.disagreement(blocks.drawn(pick), pick)
        if wrong:
            yield f"seed {seed}: {wrong}"
            return


SCENES: Mapping[str, Scene] = {
    scene.__name__: scene
    for scene in (
        late_report,
        long_call,
        doubled_bell,
        claim_beside_lock,
        swept,
        rolled_back,
        killed_act,
        permanent_failure,
        caught_up,
        other_digest,
        loop_again,
        oracle,
    )
}


def _job(staff: Staff) -> UUID:
    """Start a run and return the job that it waits for."""
    staff.start(PROBED)
    waiting = Job.objects.filter(instance_id=staff.started[-1].instance_id)
    return waiting.values_list("pk", flat=True).get()


def _claim(job: UUID) -> Claim:
    (claim,) = leases.claim(Wanted(JOBS, limit=1, only=job))
    return claim


@contextmanager
def _leased(time_: timedelta) -> Iterator[None]:
    usual, leases.LEASE = leases.LEASE, time_
    try:
        yield
    finally:
        leases.LEASE = usual


@contextmanager
def _answering(answer: Callable[[Call], Outcome]) -> Iterator[None]:
    """Let calls be answered here."""
    usual = CONNECTORS["http:1"]
    known: dict[str, Any] = CONNECTORS  # type: ignore[assignment]
    known["http:1"] = _Answering(usual, answer)
    try:
        yield
    finally:
        known["http:1"] = usual


class _Answering:
    """A connector but for its call."""

    def __init__(self, usual: Any, answer: Callable[[Call], Outcome]) -> None:
        self._usual = usual
        self._answer = answer

    def run(self, call: Call) -> Outcome:
        # The thread of a call has a connection of its own, which nobody told what it may see.
        tenancy.reconnect()
        try:
            return self._answer(call)
        finally:
            connection.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)


def _start_and_die(staff: Staff, point: Point) -> None:
    """Be a process that is killed at a point of starting a run."""
    try:
        # The connection is the parent's: left as it is, not closed.
        connection.connection = None
        tenancy.reconnect()
        crash_points.arm(lambda at: os.kill(os.getpid(), signal.SIGKILL) if at is point else None)
        staff.start(PROBED)
    finally:
        os._exit(0)
