"""Jobs: the work of service tasks and scripts, its results, and what follows a failed attempt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.bpmn.elements import (
    FlowNode,
    Retry,
    ServiceTask,
    StarlarkTask,
    ThrowEvent,
    WorkerTask,
)
from engine.semantics import activities, listeners, propagation, timers, variables
from engine.semantics.commands import CompleteJob, FailJob, FailureKind, ThrowError
from engine.semantics.errors import ErrorUncaught, GenerationPassed, JobFailed, WorkGone, told
from engine.semantics.events import (
    AttemptFailed,
    Event,
    IncidentRaised,
    JobCompleted,
    JobCreated,
)
from engine.semantics.state import Job, JobStatus, Token, Values
from engine.semantics.turn import Turn

SCRIPT = "script:1"
"""The job type of the script runner. No connector is called so: the name alone runs no script."""
RESULT = "result"
"""Under which a script's value is handed in."""
_LONGEST_ASKED = 86_400.0
"""Seconds: a called system may ask for a pause, but not for one without end."""


def begin(turn: Turn, token: Token, node: ServiceTask | ThrowEvent) -> list[Event]:
    """Offer the work to a connector.

    Raises:
        TimerUnreadable: The waits between attempts cannot be read.
        ValueUnusable: The connector's name is an expression that gives none.
    """
    job_type = variables.text_of(node.job_type, turn.view(token), turn.env.now)
    if not isinstance(job_type, str) or len(job_type) > variables.MAX_TYPE:
        raise variables.unusable(node.job_type, job_type, "the name of a connector")
    return [_offered(token, node, job_type)]


def begin_script(_turn: Turn, token: Token, node: StarlarkTask) -> list[Event]:
    """Offer the script to the runner.

    Raises:
        TimerUnreadable: The waits between attempts cannot be read.
    """
    return [_offered(token, node, SCRIPT)]


def complete(turn: Turn, command: CompleteJob) -> list[Event]:
    """Take in the result; while the run is paused it is kept, and goes on when that ends.

    Raises:
        WorkGone: Nobody waits for it, or an operator must look first.
        GenerationPassed: It is the result of older work.
    """
    job = _pending(turn, command.activity, command.generation)
    if job.listener:
        return listeners.complete(turn, job, command.result)
    token = turn.state.tokens[job.token]
    node = turn.process.nodes[job.element]
    return [
        *activities.results(turn, token, node, _brought(node, command.result)),
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


def throw(turn: Turn, command: ThrowError) -> list[Event]:
    """End the work with an error that the model can catch; where nothing does, ask an operator.

    Raises:
        WorkGone: Nobody waits for it, or an operator is asked already.
        GenerationPassed: It is the error of older work.
    """
    job = _pending(turn, command.activity, command.generation)
    token = turn.state.tokens[job.token]
    try:
        return propagation.throw_error(
            turn, token, command.code, command.variables, message=command.message
        )
    except ErrorUncaught as error:
        return _uncaught(turn, job, error)


def _uncaught(turn: Turn, job: Job, error: ErrorUncaught) -> list[Event]:
    failed = AttemptFailed(
        activity=job.activity,
        generation=job.generation,
        attempt=job.attempts + 1,
        attempts=_retry(turn, job).attempts,
        kind=FailureKind.PERMANENT.value,
        cause=told(error),
    )
    asking = IncidentRaised(
        turn.env.ids(), job.token, job.element, job.activity, error.code, told(error)
    )
    return [failed, asking]


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


def _offered(token: Token, node: WorkerTask | ThrowEvent, job_type: str) -> JobCreated:
    # Read now: an unreadable wait must not come to light when a failure is to be written down.
    backoff(node.retry, 1, 0.0)
    return JobCreated(
        activity=token.activity,
        element=node.id,
        token=token.id,
        job_type=job_type,
        attempts=node.retry.attempts,
    )


def _brought(node: FlowNode, result: Values) -> Values:
    """Return what a result writes: a connector's as it is, a script's under the task's name."""
    if isinstance(node, StarlarkTask):
        return activities.script_result(node, result.get(RESULT))
    return result


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
    if job.listener:
        return listeners.of_job(node, job).retry
    return node.retry if isinstance(node, WorkerTask | ThrowEvent) else Retry()


def _pending(turn: Turn, activity: str, generation: int) -> Job:
    job = turn.state.jobs.get(activity)
    if job is None or job.status is JobStatus.FAILED:
        raise WorkGone(activity=activity)
    if job.generation != generation:
        raise GenerationPassed(activity=activity, generation=generation)
    return job
