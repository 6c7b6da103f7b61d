"""What is due, and when: the entries of the queue that follow from what happened to a run."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from common.ids import parsed
from engine import addresses, statements
from engine.held import Advance
from engine.models.queue import CONNECTOR, ENGINE, INTERNAL, PARKED, SHARDS, Kind, target_of
from engine.models.queue import SCRIPT as SCRIPTS
from engine.semantics import events
from engine.semantics.events import Event
from engine.semantics.jobs import SCRIPT
from engine.semantics.machine import is_unfinished
from engine.semantics.state import Job, JobStatus, Status, Timer
from engine.statements import Page

#: A due time nearer than the sweeper's next look is announced to it.
SOON = timedelta(seconds=3)


def note(page: Page, advance: Advance) -> None:
    """Keep an entry for whatever time or a worker must move; a paused run's is parked."""
    held, state = advance.held, advance.held.state
    if state.is_finished:
        page.put(statements.EMPTY_QUEUE, held.id)
        return
    if any(isinstance(event, events.InstancePaused) for event in advance.happened):
        page.put(statements.PARK, held.id)
        return
    # Not only tokens that move: the budget may have ended before a join that was ready.
    if is_unfinished(advance.happened) and state.status is Status.RUNNING:
        _entry(page, advance, str(held.id), Kind.CONTINUE, held.at)
    elif advance.cause in {"continue", "resume"}:
        page.put(statements.DROP_ENTRY, held.id)
    if any(isinstance(event, events.InstanceResumed) for event in advance.happened):
        _requeue_all(page, advance)
    for event in advance.happened:
        _queue_event(page, advance, event)


def note_all(page: Page, advance: Advance) -> None:
    """Keep an entry for everything that waits in a run, whatever was there before."""
    held, state = advance.held, advance.held.state
    if state.is_finished:
        return
    if state.moving and state.status is Status.RUNNING:
        _entry(page, advance, str(held.id), Kind.CONTINUE, held.at)
    _requeue_all(page, advance)


def _queue_event(page: Page, advance: Advance, event: Event) -> None:
    match event:
        case (
            events.JobCreated()
            | events.AttemptFailed()
            | events.JobRetried()
            | events.JobCompleted()
            | events.JobCancelled()
            | events.StartListenerCompleted()
            | events.EndListenerCompleted()
            | events.SideListenerCompleted()
        ):
            _queue_job(page, advance, event.activity)
        case events.TimerScheduled():
            timer = advance.held.state.timers.get(event.timer)
            if timer is not None:
                _queue_timer(page, advance, timer)
        case events.TimerTriggered() | events.TimerCancelled():
            page.put(statements.DROP_ENTRY, parsed(event.timer))
        case _:
            return


def _queue_job(page: Page, advance: Advance, activity: str) -> None:
    job = advance.held.state.jobs.get(activity)
    if job is None or job.status is JobStatus.FAILED:
        page.put(statements.DROP_ENTRY, parsed(activity))
    else:
        system, due_at = _system(advance, job), job.next_at or advance.held.at
        target = target_of(system) if system else 0
        queue = queue_for(system, script=job.type == SCRIPT)
        _entry(page, advance, activity, Kind.JOB, due_at, queue=queue, target=target)


def _system(advance: Advance, job: Job) -> str:
    """Return the system a job calls; "" where it calls none, or is not seen now."""
    scope = advance.held.state.scopes.get(job.activity)
    return addresses.system_of(scope.variables) if scope and not job.listener else ""


def queue_for(system: str, *, script: bool) -> str:
    """Return where a job waits: its workers are of its kind, and reach its system's zone."""
    if script:
        return SCRIPTS
    return INTERNAL if addresses.is_inside(system) else CONNECTOR


def _queue_timer(page: Page, advance: Advance, timer: Timer) -> None:
    _entry(page, advance, timer.id, Kind.TIMER, timer.due_at)


def _requeue_all(page: Page, advance: Advance) -> None:
    for activity in advance.held.state.jobs:
        _queue_job(page, advance, activity)
    for timer in advance.held.state.timers.values():
        _queue_timer(page, advance, timer)


def _entry(  # noqa: PLR0913  (the columns of one row)
    page: Page,
    advance: Advance,
    ref: str,
    kind: Kind,
    due_at: datetime,
    *,
    queue: str = ENGINE,
    target: int = 0,
) -> None:
    held = advance.held
    paused = held.state.status is Status.PAUSED
    page.soon |= not paused and held.at < due_at < held.at + SOON
    place = (parsed(ref), held.home.unit_id, held.id, kind.value, shard_of(held.id))
    row = (*place, queue, target, PARKED if paused else due_at)
    if advance.onward and advance.is_onward(ref):
        page.put(statements.BEGUN, *row, advance.onward.lease_until)
    else:
        page.put(statements.QUEUE, *row)


def shard_of(instance_id: UUID) -> int:
    """Return the shard of an instance."""
    return instance_id.int % SHARDS
