"""Actions on jobs: begin one under a lease, and hand in what came of it.

The call itself lies between the two, outside any transaction. What a worker hands in counts only
while its lease does; the idempotency key never changes with the attempt, so that work which was
begun twice has one effect.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F

from common.context import Actor
from common.errors import DomainError, Transient
from common.ids import parsed
from engine import addresses, codec, large, leases, runtime, store
from engine.actions import attempts, circuits, onward
from engine.actions.attempts import Tried
from engine.actions.circuits import ORDINARY
from engine.actions.work import Work, headers_of, inputs_of
from engine.bpmn.elements import ServiceTask, StarlarkTask
from engine.circuit import CIRCUIT_OPEN
from engine.connectors.base import Done, Failed, Outcome, Thrown
from engine.connectors.base import FailureKind as Kind
from engine.connectors.registry import CONNECTORS
from engine.errors import AnswerTooLarge, ValueDamaged, WorkerLost
from engine.held import Advance, Onward
from engine.large import Values
from engine.models.instances import Scope, Token, Variable
from engine.models.jobs import Job, JobState
from engine.models.queue import JOB_QUEUES, QueueEntry
from engine.queries.clock import engine_now
from engine.runtime import BACKGROUND, Ask
from engine.semantics import retries, sizes
from engine.semantics.commands import CompleteJob, FailJob, FailureKind, ThrowError
from engine.semantics.effects import key_of
from engine.semantics.errors import told
from engine.semantics.state import Status
from engine.store import Lease
from governance.models.connections import EgressDestination

#: How often a worker may die at a job before it is set aside.
STARTS = 3
_LONGEST = 500
_NAME = re.compile(r"[^\W\d]\w*")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a job under a lease, after so many `seconds` at it."""

    lease: Lease
    work: Work
    outcome: Outcome
    seconds: float = 0.0


@dataclass(slots=True)
class HandedIn:
    """What follows from reports: those to hand in `again`, and the works `begun`, by lease."""

    again: list[Report] = field(default_factory=list)
    begun: dict[Lease, Work] = field(default_factory=dict)


def begin_job(*, lease: Lease) -> Work | None:
    """Begin one job as `begin_jobs` does; None when there is nothing to do now."""
    return begin_jobs([lease]).get(lease)


@transaction.atomic
def begin_jobs(
    under: Collection[Lease],
    serves: Collection[str] = JOB_QUEUES,
    *,
    at_work: int = 0,
    until: float = 0.0,
) -> dict[Lease, Work]:
    """Count the starts, and return what is to be done now, by lease.

    A job whose system lies in a zone that the worker does not serve waits in another queue from now
    on: what it calls was not known, or known otherwise, when it was queued.

    The count is written before the work begins, so that a job at which workers die is known by it.
    A job whose target is not to be called now is given back until it is: that is no start. A worker
    takes all that it has begun along when it dies. So a job that one more death would set aside is
    begun by itself only: among several, or beside those `at_work` in this process, it is returned
    `apart`, and nothing is counted. `until`, on the monotonic clock, is how long whoever asks goes
    on with the runs.
    """
    held = {lease.entry_id: lease for lease in store.leases_held(under)}
    pending = Job.objects.filter(
        pk__in=held,
        state=JobState.PENDING,
        instance__status=Status.RUNNING,
        # A call whose outcome could not be written would be made for nothing.
        instance__schema__lte=codec.SCHEMA,
    )
    jobs = {
        job.pk: job
        for job in pending.select_related("instance__deployment").defer("instance__deployment__xml")
    }
    works = {held[work.tried.job_id]: work for work in _works(jobs.values(), until)}
    astray = {lease: work.queue for lease, work in works.items() if work.queue not in serves}
    leases.move(astray)
    last = {lease for lease in works if jobs[lease.entry_id].starts == STARTS - 1}
    apart = last - astray.keys() if at_work + len(under) > 1 else set()
    rest = works.keys() - astray.keys() - apart
    begun = _admitted({lease: work for lease, work in works.items() if lease in rest}, jobs)
    started = [work.tried.job_id for work in begun.values()]
    Job.objects.filter(pk__in=started).update(starts=F("starts") + 1)
    return begun | {lease: replace(works[lease], apart=True) for lease in apart}


def deadly() -> Failed:
    """Return the outcome of a job whose workers died at it again and again."""
    cause = WorkerLost.title.format(starts=STARTS)
    return Failed(Kind.PERMANENT, WorkerLost.code, cause)


def fitting(outcome: Outcome) -> Outcome:
    """Return what came of a job; its failure where that is more than one may bring back."""
    if isinstance(outcome, Failed) or not outcome.result:
        return outcome
    size = sizes.size_of(dict(outcome.result))
    if size <= settings.ANSWER_BYTES:
        return outcome
    error = AnswerTooLarge(size=size, limit=settings.ANSWER_BYTES)
    return Failed(Kind.PERMANENT, error.code, told(error))


def report_job(
    *, actor: Actor, lease: Lease, work: Work, outcome: Outcome, seconds: float = 0.0
) -> None:
    """Hand in what came of one job as `report_jobs` does, `seconds` after the call began.

    Raises:
        LeaseLost: another worker has taken over; nothing is changed.
        WorkGone, RunFinished: the work is no longer wanted.
    """
    report = Report(lease, work, outcome, seconds)
    (come,) = _handed_in({work.tried.instance_id: report}, actor)
    if come.refusal is not None:
        raise come.refusal


def report_jobs(*, actor: Actor, reports: Sequence[Report]) -> HandedIn:
    """Hand in what came of many jobs, those of different runs in one transaction.

    The next job of a run is begun with it, as long as its worker goes on with the run. What nobody
    wants any more, because it was taken over, cancelled or ended meanwhile, is let go.
    """
    handed_in = HandedIn()
    rest = list(reports)
    while rest:
        now, rest = _one_each(rest)
        for come in _handed_in(now, actor):
            if isinstance(come.refusal, DomainError):
                logger.info("job.unwanted", extra={"error": come.refusal.code})
            if isinstance(come.refusal, (OperationalError, Transient)):
                handed_in.again.append(now[come.ask.instance_id])
            if come.advance and come.advance.onward:
                work = now[come.ask.instance_id].work
                lease, following = _begun(work, come.advance, come.advance.onward)
                handed_in.begun[lease] = following
    return handed_in


def _begun(work: Work, advance: Advance, next_one: Onward) -> tuple[Lease, Work]:
    lease = Lease(parsed(next_one.activity), advance.lease_epoch)
    return lease, onward.begun(work, advance, next_one.activity)


def _handed_in(reports: Mapping[UUID, Report], actor: Actor) -> list[runtime.Outcome]:
    """Hand in one report of each run, in one transaction; return what came of it for each."""

    def keep(outcomes: Sequence[runtime.Outcome]) -> None:
        # Circuits are locked in one order, whoever reports to them.
        done = [reports[each.ask.instance_id] for each in outcomes if each.refusal is None]
        for report in sorted(done, key=lambda one: one.work.circuit.order):
            _keep(report)

    asks = [_ask(report, actor) for report in reports.values()]
    return runtime.advance(asks, BACKGROUND, keep)


def _one_each(reports: Sequence[Report]) -> tuple[dict[UUID, Report], list[Report]]:
    """Return one report of each run, and the others for the next transaction."""
    first: dict[UUID, Report] = {}
    for report in reports:
        first.setdefault(report.work.tried.instance_id, report)
    return first, [one for one in reports if first[one.work.tried.instance_id] is not one]


def _ask(report: Report, actor: Actor) -> Ask:
    work = report.work
    return Ask(
        work.tried.instance_id,
        _command(work, report.outcome),
        actor,
        report.lease,
        deployment_id=work.deployment_id,
        left=work.left,
        onward=partial(_onward, report),
    )


def _onward(report: Report, advance: Advance) -> Onward | None:
    if time.monotonic() >= report.work.until:
        return None
    return onward.chosen(report.work, report.outcome, advance)


def _keep(report: Report) -> None:
    """Write what is kept of an attempt, and tell its circuit."""
    work, outcome = report.work, report.outcome
    if isinstance(outcome, Failed):
        Job.objects.filter(pk=work.tried.job_id).update(
            code=outcome.code,
            cause=outcome.diagnosis[:_LONGEST],
            request=dict(outcome.request),
            answer=dict(outcome.answer),
        )
    attempts.keep(work.tried, outcome, seconds=report.seconds)
    if work.tried.target:
        circuits.note(work.circuit, work.passage, outcome)


def _works(jobs: Collection[Job], until: float) -> list[Work]:
    """Return the work of jobs, with what their inputs and their units say, read at once."""
    inputs = {job.pk: Values(job.instance_id) for job in jobs}
    for row in Variable.objects.filter(scope_id__in=inputs):
        inputs[row.scope_id].put(row.name, row.value)
    destinations: dict[UUID, set[tuple[str, int]]] = {job.unit_id: set() for job in jobs}
    allowed = EgressDestination.objects.filter(unit_id__in=destinations)
    for unit_id, host, port in allowed.values_list("unit_id", "host", "port"):
        destinations[unit_id].add((host, port))
    places = {unit_id: frozenset(found) for unit_id, found in destinations.items()}
    return [
        replace(_work(job, inputs[job.pk]), destinations=places[job.unit_id], until=until)
        for job in jobs
    ]


def _work(job: Job, own: Mapping[str, Any]) -> Work:
    node = store.model_of(job.instance.deployment_id).nodes.get(job.element)
    script = node.source if isinstance(node, StarlarkTask) else ""
    given = deadly() if job.starts >= STARTS else None
    try:
        inputs = _named(job, script) if script else inputs_of(own, node)
    except ValueDamaged as error:
        inputs, given = {}, Failed(Kind.PERMANENT, error.code, told(error))
    return Work(
        generation=job.generation,
        key=key_of(job.instance_id, job.pk, job.generation),
        tried=_tried(job, inputs),
        deployment_id=job.instance.deployment_id,
        inputs=inputs,
        headers=headers_of(node),
        script=script,
        given=given,
    )


def _tried(job: Job, inputs: Mapping[str, Any]) -> Tried:
    return Tried(
        unit_id=job.unit_id,
        instance_id=job.instance_id,
        job_id=job.pk,
        element=job.element,
        number=job.attempts + job.stalls + 1,
        version=job.instance.deployment.number,
        job_type=job.job_type,
        target=addresses.system_of(inputs) if job.job_type in CONNECTORS else "",
    )


def _admitted(works: Mapping[Lease, Work], jobs: Mapping[UUID, Job]) -> dict[Lease, Work]:
    """Return the works with what their circuits said, without those that were given back.

    A circuit that counts nothing is asked once; the others are locked in one order.
    """
    admitted: dict[Lease, Work] = {}
    free: set[circuits.Key] = set()
    for lease, work in sorted(works.items(), key=lambda each: each[1].circuit.order):
        is_free = work.given or not work.tried.target or work.circuit in free
        asked = work if is_free else _asked(work, jobs[work.tried.job_id], lease)
        if asked is not None:
            admitted[lease] = asked
            free |= {asked.circuit} if asked.passage == ORDINARY and not asked.given else set()
    return admitted


def _asked(work: Work, job: Job, lease: Lease) -> Work | None:
    """Return the work with what its circuit said; None where it was given back."""
    passage = circuits.admit(work.circuit)
    if passage.circuit_id is None or passage.until is None:
        return replace(work, passage=passage)
    patience = _patience(job)
    if patience is not None and engine_now() >= patience.until:
        return replace(work, given=patience.given(work.tried.target))
    until = min(passage.until, patience.until) if patience else passage.until
    leases.hold(lease, circuit_id=passage.circuit_id, until=until)
    return None


@dataclass(frozen=True, slots=True)
class _Patience:
    """Until when a job lets its circuit hold it, and whether that is its deadline."""

    until: datetime
    is_deadline: bool

    def given(self, target: str) -> Outcome:
        """Return what came of the job after that."""
        sentence = f"{target} failed too often and is left alone; the step waited for long enough."
        if self.is_deadline:
            return Failed(Kind.TRANSIENT, "deadline", sentence)
        return Thrown(CIRCUIT_OPEN, sentence)


def _patience(job: Job) -> _Patience | None:
    node = store.model_of(job.instance.deployment_id).nodes.get(job.element)
    found = [_Patience(job.deadline_at, is_deadline=True)] if job.deadline_at else []
    if isinstance(node, ServiceTask) and node.throw_after and not job.listener:
        held_since = QueueEntry.objects.values_list("held_since", flat=True).get(pk=job.pk)
        since = held_since or engine_now()
        until = since + retries.length(node.throw_after)
        found.append(_Patience(until, is_deadline=False))
    return min(found, key=lambda one: one.until, default=None)


def _named(job: Job, script: str) -> dict[str, Any]:
    """Return the variables that a script may see and names: from its own scope outwards."""
    names = set(_NAME.findall(script))
    found: dict[str, Any] = {}
    for scope in _outwards(job):
        rows = Variable.objects.filter(scope_id=scope, name__in=names - found.keys())
        found |= {row.name: large.value_of(job.instance_id, row.value) for row in rows}
    return found


def _outwards(job: Job) -> Iterator[UUID]:
    """Yield the job's own scope where it has one, and those around it."""
    has_own = Scope.objects.filter(pk=job.pk).exists()
    around = Token.objects.values_list("scope_id", flat=True)
    scope: UUID | None = job.pk if has_own else around.get(pk=job.token)
    while scope is not None:
        yield scope
        scope = Scope.objects.values_list("parent_id", flat=True).get(pk=scope)


def _command(work: Work, outcome: Outcome) -> CompleteJob | FailJob | ThrowError:
    activity = str(work.tried.job_id)
    if isinstance(outcome, Done):
        return CompleteJob(activity, work.generation, dict(outcome.result))
    if isinstance(outcome, Thrown):
        message, values = outcome.message[:_LONGEST], dict(outcome.result)
        return ThrowError(activity, work.generation, outcome.code, message, values)
    return FailJob(
        activity,
        work.generation,
        outcome.diagnosis[:_LONGEST],
        FailureKind(outcome.kind.value),
        outcome.retry_after or 0.0,
    )
