"""Jobs: the work of service tasks and scripts, its results, and what follows a failed attempt."""

from __future__ import annotations

from datetime import datetime

from engine.bpmn.elements import (
    ENVIRONMENTAL,
    FlowNode,
    Retry,
    ServiceTask,
    StarlarkTask,
    ThrowEvent,
    WorkerTask,
)
from engine.semantics import activities, listeners, propagation, retries, variables
from engine.semantics.commands import CompleteJob, FailJob, FailureKind, ThrowError
from engine.semantics.errors import ErrorUncaught, GenerationPassed, JobFailed, WorkGone, told
from engine.semantics.events import (
    AttemptFailed,
    Event,
    IncidentRaised,
    JobCompleted,
    JobCreated,
    JobRetried,
)
from engine.semantics.state import Job, JobStatus, Token, Values
from engine.semantics.turn import Turn

SCRIPT = "script:1"
"""The job type of the script runner. No connector is called so: the name alone runs no script."""
RESULT = "result"
"""Under which a script's value is handed in."""
PERMANENT_FAILURE = "PERMANENT_FAILURE"
RETRIES_EXHAUSTED = "RETRIES_EXHAUSTED"
DEADLINE = "DEADLINE"
"""Codes of the errors that work ends with when it is not tried again, where a model names them."""


def begin(turn: Turn, token: Token, node: ServiceTask | ThrowEvent) -> list[Event]:
    """Offer the work to a connector.

    Raises:
        TimerUnreadable: The waits between attempts cannot be read.
        ValueUnusable: The connector's name is an expression that gives none.
    """
    job_type = variables.text_of(node.job_type, turn.view(token), turn.env.now)
    if not isinstance(job_type, str) or len(job_type) > variables.MAX_TYPE:
        raise variables.unusable(node.job_type, job_type, "the name of a connector")
    return [_offered(turn, token, node, job_type)]


def begin_script(turn: Turn, token: Token, node: StarlarkTask) -> list[Event]:
    """Offer the script to the runner.

    Raises:
        TimerUnreadable: The waits between attempts cannot be read.
    """
    return [_offered(turn, token, node, SCRIPT)]


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

    Where the model has drawn what to do instead, at an event that names the error, it goes there.

    Raises:
        WorkGone: Nobody waits for it, or an operator is asked already.
        GenerationPassed: It is the failure of older work.
    """
    job = _pending(turn, command.activity, command.generation)
    stalled = command.kind is FailureKind.ENVIRONMENTAL
    retry = _retry(turn, job, command.kind)
    failures = 1 + (job.stalls if stalled else job.attempts)
    ending = PERMANENT_FAILURE if command.kind is FailureKind.PERMANENT else RETRIES_EXHAUSTED
    next_at = None
    if _goes_on(command.kind, failures, retry):
        wait = retries.delay(retry, failures, turn.env.fraction(), command.retry_after)
        next_at, ending = _in_time(turn.env.now + wait, job), DEADLINE
    failed = AttemptFailed(
        activity=job.activity,
        generation=job.generation,
        attempt=job.attempts if stalled else failures,
        attempts=retry.attempts,
        kind=command.kind.value,
        cause=command.cause,
        next_at=next_at,
    )
    return [failed] if next_at else [failed, *_ended(turn, job, ending, command)]


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
        attempts=_retry(turn, job, FailureKind.PERMANENT).attempts,
        kind=FailureKind.PERMANENT.value,
        cause=told(error),
    )
    asking = IncidentRaised(
        turn.env.ids(), job.token, job.element, job.activity, error.code, told(error)
    )
    return [failed, asking]


def retried(turn: Turn, job: Job) -> JobRetried:
    """Give work a new budget of attempts, and its whole time again."""
    retry = _retry(turn, job, FailureKind.TRANSIENT)
    return JobRetried(job.activity, job.generation, retries.deadline_of(retry, turn.env.now))


def _offered(turn: Turn, token: Token, node: WorkerTask | ThrowEvent, job_type: str) -> JobCreated:
    # Read now: an unreadable wait must not come to light when a failure is to be written down.
    own = _told(turn, node.retry)
    for retry in (own, node.environment_retry):
        retries.delay(retry, 1, 0.0)
    return JobCreated(
        activity=token.activity,
        element=node.id,
        token=token.id,
        job_type=job_type,
        attempts=own.attempts,
        deadline_at=retries.deadline_of(own, turn.env.now),
    )


def _brought(node: FlowNode, result: Values) -> Values:
    """Return what a result writes: a connector's as it is, a script's under the task's name."""
    if isinstance(node, StarlarkTask):
        return activities.script_result(node, result.get(RESULT))
    return result


def _goes_on(kind: FailureKind, failures: int, retry: Retry) -> bool:
    return kind is not FailureKind.PERMANENT and failures < retry.attempts


def _in_time(moment: datetime, job: Job) -> datetime | None:
    """Return when the next attempt is; None where the deadline comes before it."""
    return None if job.deadline_at is not None and moment > job.deadline_at else moment


def _ended(turn: Turn, job: Job, code: str, command: FailJob) -> list[Event]:
    """Return what follows the last attempt: the way that the model names for it, or a question."""
    if not job.listener:
        told = {"failure": {"code": code, "kind": command.kind.value, "cause": command.cause}}
        token = turn.state.tokens[job.token]
        instead = propagation.throw_to_namesake(turn, token, code, told, command.cause)
        if instead:
            return instead
    return [
        IncidentRaised(
            turn.env.ids(), job.token, job.element, job.activity, JobFailed.code, command.cause
        )
    ]


def _retry(turn: Turn, job: Job, kind: FailureKind) -> Retry:
    """Return how a job is tried again after a failure of a kind."""
    node = turn.process.nodes[job.element]
    if job.listener:
        own, around = listeners.of_job(node, job).retry, ENVIRONMENTAL
    elif isinstance(node, WorkerTask | ThrowEvent):
        own, around = _told(turn, node.retry), node.environment_retry
    else:
        own, around = Retry(), ENVIRONMENTAL
    return around if kind is FailureKind.ENVIRONMENTAL else own


def _told(turn: Turn, retry: Retry) -> Retry:
    """Return what the model says of retries; where it says nothing, what is usual."""
    return turn.env.retry if retry.is_usual else retry


def _pending(turn: Turn, activity: str, generation: int) -> Job:
    job = turn.state.jobs.get(activity)
    if job is None or job.status is JobStatus.FAILED:
        raise WorkGone(activity=activity)
    if job.generation != generation:
        raise GenerationPassed(activity=activity, generation=generation)
    return job
