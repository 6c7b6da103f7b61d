"""Jobs: the work of service tasks, its results, and what follows a failed attempt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.bpmn.elements import Retry, ServiceTask
from engine.semantics import activities, timers, variables
from engine.semantics.commands import CompleteJob, FailJob, FailureKind
from engine.semantics.errors import GenerationPassed, JobFailed, WorkGone
from engine.semantics.events import (
    AttemptFailed,
    Event,
    IncidentRaised,
    JobCompleted,
    JobCreated,
)
from engine.semantics.state import Job, JobStatus, Token
from engine.semantics.turn import Turn

_LONGEST_ASKED = 86_400.0
"""Seconds: a called system may ask for a pause, but not for one without end."""


def begin(turn: Turn, token: Token, node: ServiceTask) -> list[Event]:
    """Offer the work to a connector.

    Raises:
        TimerUnreadable: The waits between attempts cannot be read.
        ValueUnusable: The connector's name is an expression that gives none.
    """
    # Read now: an unreadable wait must not come to light when a failure is to be written down.
    backoff(node.retry, 1, 0.0)
    job_type = variables.text_of(node.job_type, turn.view(token))
    if not isinstance(job_type, str):
        raise variables.unusable(node.job_type, job_type, "the name of a connector")
    return [
        JobCreated(
            activity=token.activity,
            element=node.id,
            token=token.id,
            job_type=job_type,
            attempts=node.retry.attempts,
        )
    ]


def complete(turn: Turn, command: CompleteJob) -> list[Event]:
    """Take in the result; while the run is paused it is kept, and goes on when that ends.

    Raises:
        WorkGone: Nobody waits for it, or an operator must look first.
        GenerationPassed: It is the result of older work.
    """
    job = _pending(turn, command.activity, command.generation)
    token = turn.state.tokens[job.token]
    node = turn.process.nodes[job.element]
    return [
        *activities.results(turn, token, node, command.result),
        JobCompleted(job.activity, job.generation),
    ]


def fail(turn: Turn, command: FailJob) -> list[Event]:
    """Count a failed attempt and say when the next one is; after the last, ask for an operator.

    Raises:
        WorkGone: Nobody waits for it, or an operator is asked already.
        GenerationPassed: It is the failure of older work.
    """
    job = _pending(turn, command.activity, command.generation)
    retry = _retry(turn, job)
    stalled = command.kind is FailureKind.ENVIRONMENTAL
    attempt = job.attempts if stalled else job.attempts + 1
    again = _goes_on(turn, job, command.kind, retry)
    failed = AttemptFailed(
        activity=job.activity,
        generation=job.generation,
        attempt=attempt,
        attempts=retry.attempts,
        kind=command.kind.value,
        cause=command.cause,
        next_at=_next_at(turn, command, retry, job.attempts + job.stalls + 1) if again else None,
    )
    return [failed] if again else [failed, _asking(turn, job, command.cause)]


def backoff(retry: Retry, failures: int, fraction: float) -> timedelta:
    """Return the wait after so many failures: growing, capped, and spread by full jitter.

    Spread, because a system that comes back must not meet everyone who waited at one instant.
    """
    now = datetime(2000, 1, 1, tzinfo=UTC)
    first, cap = (timers.duration(text).after(now) - now for text in (retry.first_delay, retry.cap))
    try:
        wait = min(cap, first * retry.factor ** (failures - 1))
    except OverflowError:
        wait = cap
    return max(wait, timedelta(0)) * fraction


def _goes_on(turn: Turn, job: Job, kind: FailureKind, retry: Retry) -> bool:
    if kind is FailureKind.PERMANENT:
        return False
    if kind is FailureKind.ENVIRONMENTAL:
        return job.stalls < turn.env.limits.stalls
    return job.attempts + 1 < retry.attempts


def _next_at(turn: Turn, command: FailJob, retry: Retry, failures: int) -> datetime:
    asked = timedelta(seconds=min(max(command.retry_after, 0.0), _LONGEST_ASKED))
    return turn.env.now + max(asked, backoff(retry, failures, turn.env.fraction()))


def _asking(turn: Turn, job: Job, cause: str) -> IncidentRaised:
    return IncidentRaised(
        turn.env.ids(), job.token, job.element, job.activity, JobFailed.code, cause
    )


def _retry(turn: Turn, job: Job) -> Retry:
    node = turn.process.nodes[job.element]
    return node.retry if isinstance(node, ServiceTask) else Retry()


def _pending(turn: Turn, activity: str, generation: int) -> Job:
    job = turn.state.jobs.get(activity)
    if job is None or job.status is JobStatus.FAILED:
        raise WorkGone(activity=activity)
    if job.generation != generation:
        raise GenerationPassed(activity=activity, generation=generation)
    return job
