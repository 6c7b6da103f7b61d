"""Actions on jobs: begin one under a lease, and hand in what came of it.

The call itself lies between the two, outside any transaction. What a worker hands in counts only
while its lease does; the idempotency key never changes with the attempt, so that work which was
begun twice has one effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from common.context import Actor
from engine import addresses, codec, crash_points, leases, runtime, store
from engine.actions import attempts, circuits
from engine.actions.attempts import Tried
from engine.actions.circuits import ORDINARY, Passage
from engine.bpmn.elements import Activity, FlowNode, ServiceTask, StarlarkTask
from engine.circuit import CIRCUIT_OPEN
from engine.connectors.base import Done, Failed, Outcome, Thrown
from engine.connectors.base import FailureKind as Kind
from engine.connectors.registry import CONNECTORS
from engine.crash_points import Point
from engine.errors import WorkerLost
from engine.models.instances import Scope, Token, Variable
from engine.models.jobs import Job, JobState
from engine.models.queue import QueueEntry
from engine.queries.clock import engine_now
from engine.runtime import BACKGROUND, Ask
from engine.semantics import retries
from engine.semantics.commands import CompleteJob, FailJob, FailureKind, ThrowError
from engine.semantics.effects import key_of
from engine.semantics.state import Status
from engine.store import Lease
from governance.models.connections import EgressDestination

#: How often a worker may die at a job before it is set aside.
STARTS = 3
_LONGEST = 500
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Work:
    """One job as its connector needs it, or as the script runner does where it has a `script`.

    `tried` is what is kept of the attempt, `passage` what its circuit said. `given` is what came of
    it where nobody is asked: its workers died at it, or its system was left alone for too long.
    """

    generation: int
    key: str
    tried: Tried
    passage: Passage = ORDINARY
    inputs: Mapping[str, Any] = field(default_factory=dict)
    destinations: frozenset[tuple[str, int]] = frozenset()
    script: str = ""
    given: Outcome | None = None

    @property
    def circuit(self) -> circuits.Key:
        """Return whose circuit the call goes through."""
        return circuits.Key(self.tried.unit_id, self.tried.job_type, self.tried.target)


@transaction.atomic
def begin_job(*, lease: Lease) -> Work | None:
    """Count the start, and return what is to be done; None when there is nothing to do now.

    The count is written before the work begins, so that a job at which workers die is known by it.
    A job whose target is not to be called now is given back until it is: that is no start.
    """
    if not store.leases_held([lease]):
        return None
    pending = Job.objects.filter(
        pk=lease.entry_id, state=JobState.PENDING, instance__status=Status.RUNNING
    )
    job = pending.select_related("instance__deployment").first()
    if job is None:
        return None
    work = _admitted(_work(job), job, lease)
    if work is not None:
        Job.objects.filter(pk=job.pk).update(starts=F("starts") + 1)
    return work


def deadly() -> Failed:
    """Return the outcome of a job whose workers died at it again and again."""
    cause = WorkerLost.title.format(starts=STARTS)
    return Failed(Kind.PERMANENT, WorkerLost.code, cause)


@transaction.atomic
def report_job(
    *, actor: Actor, lease: Lease, work: Work, outcome: Outcome, seconds: float = 0.0
) -> None:
    """Hand in what came of a job; the run goes on, tries again, or asks for an operator.

    `seconds` is how long the call took.

    Raises:
        LeaseLost: another worker has taken over; nothing is changed.
        WorkGone, RunFinished: the work is no longer wanted.
    """
    runtime.advance_one(
        Ask(work.tried.instance_id, _command(work, outcome), actor, lease), BACKGROUND
    )
    if isinstance(outcome, Failed):
        Job.objects.filter(pk=work.tried.job_id).update(
            code=outcome.code,
            cause=outcome.diagnosis[:_LONGEST],
            request=dict(outcome.request),
            answer=dict(outcome.answer),
        )
    attempts.keep(work.tried, outcome, seconds=seconds)
    if work.tried.target:
        circuits.note(work.circuit, work.passage, outcome)
    crash_points.reached(Point.BEFORE_COMMIT)


def _work(job: Job) -> Work:
    destinations = EgressDestination.objects.filter(unit_id=job.unit_id)
    node = store.model_of(job.instance.deployment_id).nodes.get(job.element)
    script = node.source if isinstance(node, StarlarkTask) else ""
    inputs = _named(job, script) if script else _inputs(job, node)
    return Work(
        generation=job.generation,
        key=key_of(job.instance_id, job.pk, job.generation),
        tried=_tried(job, inputs),
        inputs=inputs,
        destinations=frozenset(destinations.values_list("host", "port")),
        script=script,
        given=deadly() if job.starts >= STARTS else None,
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


def _admitted(work: Work, job: Job, lease: Lease) -> Work | None:
    """Return the work with what its circuit said; None where it was given back."""
    if work.given or not work.tried.target:
        return work
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


def _inputs(job: Job, node: FlowNode | None) -> dict[str, Any]:
    """Return what the input mappings wrote: nothing else of the run leaves with the call."""
    mappings = node.inputs if isinstance(node, Activity) else ()
    names = {mapping.target.partition(".")[0] for mapping in mappings}
    rows = Variable.objects.filter(scope_id=job.pk, name__in=names)
    return {row.name: codec.value_of(row.value) for row in rows}


def _named(job: Job, script: str) -> dict[str, Any]:
    """Return the variables that a script may see and names: from its own scope outwards."""
    names = set(_NAME.findall(script))
    found: dict[str, Any] = {}
    for scope in _outwards(job):
        rows = Variable.objects.filter(scope_id=scope, name__in=names - found.keys())
        found |= {row.name: codec.value_of(row.value) for row in rows}
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
