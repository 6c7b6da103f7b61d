"""Events to rows: the only writer of what is alive in a run and of its journal.

All rows of all instances of one transaction are written in one round trip. The queue comes first:
whoever claims work locks the queue and then the rows, and so do we.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from common.ids import parsed, random_bytes
from engine import agenda, alive, assignment, codec, crash_points, outbox, statements, steps
from engine.codec import Vault
from engine.crash_points import Point
from engine.held import Advance, Held, Opening
from engine.models.jobs import JobState
from engine.models.user_tasks import UserTaskState
from engine.semantics import events
from engine.semantics.events import Event
from engine.statements import Page, Row


def project(advances: Sequence[Advance]) -> list[Row]:
    """Write what happened: journal, payload, live rows, queue, and the instances themselves.

    Returns the rows of the queue that were written, for whoever rings the doorbells.
    """
    page = Page()
    for advance in advances:
        _journal(page, advance)
        for event in advance.happened:
            _history(page, advance, event)
        alive.note(page, advance)
        agenda.note(page, advance)
        outbox.note(page, advance)
        _instance(page, advance)
    written = page.write()
    epochs = {str(entry_id): epoch for entry_id, epoch in written.get(statements.BEGUN, ())}
    for advance in advances:
        if advance.onward:
            advance.lease_epoch = epochs[advance.onward.activity]
    crash_points.reached(Point.JOURNAL)
    return list(page.rows[statements.QUEUE].values())


def note_history(page: Page, advance: Advance) -> None:
    """Write the rows that stay: user tasks, jobs and incidents."""
    for event in advance.happened:
        _history(page, advance, event)


def note_instance(page: Page, advance: Advance) -> None:
    """Write the row of the instance itself: new where the advance has an opening."""
    _instance(page, advance)


def _journal(page: Page, advance: Advance) -> None:
    held, actor = advance.held, advance.actor
    vault = Vault(random_bytes(16).hex())
    text = codec.encode(advance.happened, vault)
    row = (
        held.at,
        held.id,
        advance.seq_from,
        advance.seq_to,
        held.home.unit_id,
        actor.kind,
        "" if actor.is_human else actor.name,
        actor.person_id,
        actor.account_id,
        advance.cause,
        advance.standing.value,
        codec.SCHEMA,
    )
    advance.hash = codec.journal_hash(held.head_hash, header(row), text)
    page.put(statements.JOURNAL, *row, text, held.head_hash, advance.hash)
    for digest in vault.apart:
        alive.kept(page, held, vault.values[digest])
    if vault.values:
        values = codec.values_text(vault)
        key = (held.at, held.id, advance.seq_from)
        page.put(statements.PAYLOAD, *key, held.home.unit_id, vault.salt, values)


def header(row: Sequence[Any]) -> list[str | int | None]:
    """Return the header of a journal row as it enters the hash."""
    return [
        value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        if isinstance(value, UUID)
        else value
        for value in row
    ]


# History: rows that stay


def _history(page: Page, advance: Advance, event: Event) -> None:
    match event:
        case events.UserTaskCreated():
            _user_task_created(page, advance, event)
        case events.UserTaskAssigned():
            person = parsed(event.person) if event.person else None
            page.put(statements.HOLD_USER_TASK, parsed(event.activity), event.person, person)
        case events.UserTaskVoted():
            _voted(page, advance, event)
        case events.UserTaskCompleted():
            _user_task_ended(page, advance, event, UserTaskState.COMPLETED)
        case events.UserTaskCancelled():
            _user_task_ended(page, advance, event, UserTaskState.CANCELLED)
        case _:
            _work(page, advance, event)


def _work(page: Page, advance: Advance, event: Event) -> None:
    match event:
        case events.JobCreated():
            _job_created(page, advance, event)
        case events.AttemptFailed() | events.JobRetried():
            _job_changed(page, advance, event)
        case (
            events.JobCompleted()
            | events.StartListenerCompleted()
            | events.EndListenerCompleted()
            | events.SideListenerCompleted()
        ):
            _job_ended(page, advance, event.activity, JobState.COMPLETED)
        case events.JobCancelled():
            _job_ended(page, advance, event.activity, JobState.CANCELLED)
        case events.IncidentRaised():
            _incident_raised(page, advance, event)
        case events.IncidentResolved():
            page.put(
                statements.RESOLVE_INCIDENT,
                parsed(event.incident),
                advance.held.at,
                event.resolution,
            )
        case _:
            return


def _user_task_created(page: Page, advance: Advance, event: events.UserTaskCreated) -> None:
    held = advance.held
    found = assignment.resolve(event, held.home.unit_id, held.home.owners)
    page.put(
        statements.USER_TASK,
        parsed(event.activity),
        held.home.unit_id,
        held.id,
        event.element,
        _name(held, event.element),
        parsed(event.token),
        UserTaskState.OPEN.value,
        event.assignee,
        found.assignee,
        found.persons,
        found.groups,
        found.unresolved,
        event.due_at,
        event.priority,
        event.quorum,
        held.at,
    )


def _voted(page: Page, advance: Advance, event: events.UserTaskVoted) -> None:
    vote = {
        "person": event.person,
        "decision": event.decision,
        "reason": event.reason,
        "at": advance.held.at.isoformat(),
    }
    page.put(statements.VOTE, parsed(event.activity), codec.canonical([vote]))


def _user_task_ended(
    page: Page,
    advance: Advance,
    event: events.UserTaskCompleted | events.UserTaskCancelled,
    state: UserTaskState,
) -> None:
    person, decision = None, ""
    if isinstance(event, events.UserTaskCompleted):
        person, decision = parsed(event.person), event.decision
    page.put(
        statements.END_USER_TASK,
        parsed(event.activity),
        state.value,
        advance.held.at,
        person,
        decision,
    )


def _job_created(page: Page, advance: Advance, event: events.JobCreated) -> None:
    held = advance.held
    page.put(
        statements.JOB,
        parsed(event.activity),
        held.home.unit_id,
        held.id,
        event.element,
        _name(held, event.element),
        parsed(event.token),
        event.job_type,
        event.listener,
        event.generation,
        JobState.PENDING.value,
        event.attempts,
        held.at,
        event.deadline_at,
        int(advance.is_onward(event.activity)),
    )


def _job_changed(
    page: Page, advance: Advance, event: events.AttemptFailed | events.JobRetried
) -> None:
    job = advance.held.state.jobs.get(event.activity)
    if job is not None:
        state, next_at = JobState(job.status.value), job.next_at
        page.put(
            statements.CHANGE_JOB,
            parsed(event.activity),
            state.value,
            job.attempts,
            job.stalls,
            next_at,
            job.deadline_at,
            None,
        )


def _job_ended(page: Page, advance: Advance, activity: str, state: JobState) -> None:
    if activity in advance.held.state.jobs:
        return  # Its row is that of the job which followed.
    page.put(
        statements.CHANGE_JOB,
        parsed(activity),
        state.value,
        None,
        None,
        None,
        None,
        advance.held.at,
    )


def _incident_raised(page: Page, advance: Advance, event: events.IncidentRaised) -> None:
    held = advance.held
    page.put(
        statements.INCIDENT,
        parsed(event.incident),
        held.home.unit_id,
        held.id,
        parsed(event.token),
        event.element,
        _name(held, event.element),
        alive.id_of(event.activity),
        event.code,
        event.cause,
        held.at,
    )


# The instance


def _instance(page: Page, advance: Advance) -> None:
    held, state = advance.held, advance.held.state
    ended_at = held.at if state.is_finished else None
    moved = (state.status.value, advance.standing.value, state.seq, state.transitions)
    opening = held.opening
    if opening is None:
        moments = (ended_at, held.at)
        page.put(statements.INSTANCE, held.id, *moved, advance.hash, *moments, codec.SCHEMA)
        return
    page.put(
        statements.NEW_INSTANCE,
        held.id,
        held.home.unit_id,
        held.home.process_id,
        held.home.deployment_id,
        opening.number,
        opening.title,
        opening.business_key,
        *moved,
        advance.hash,
        opening.person_id,
        opening.account_id,
        held.at,
        ended_at,
        held.at,
        *_caller(opening),
        codec.SCHEMA,
    )


def _caller(opening: Opening) -> Row:
    caller = opening.caller
    return (caller.instance_id, caller.activity, caller.depth) if caller else (None, None, 0)


def _name(held: Held, element: str) -> str:
    return steps.name_of(held.home.model.nodes.get(element), element)[:255]
