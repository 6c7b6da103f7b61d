"""Activities, user tasks, jobs and calls."""

from __future__ import annotations

from dataclasses import replace

from engine.semantics import events, lifecycle
from engine.semantics.appliers.registry import Appliers, advance, heard, move, unchanged
from engine.semantics.state import Call, InstanceState, Job, JobStatus, Token, UserTask, Vote

APPLIERS = Appliers()


@APPLIERS.to(events.ActivityActivated)
def _activated(state: InstanceState, event: events.ActivityActivated) -> None:
    token = state.tokens[event.token]
    status = lifecycle.after(token.status, event)
    state.put_token(
        Token(
            token.id,
            event.element,
            token.scope,
            status,
            event.activity,
            state.seq,
            token.resumes,
            token.item,
        )
    )


@APPLIERS.to(events.ActivityCompleted)
def _activity_completed(state: InstanceState, event: events.ActivityCompleted) -> None:
    token = state.tokens[event.token]
    status = lifecycle.after(token.status, event)
    state.put_token(token.moved(status, state.seq, activity=""))


APPLIERS[events.ActivityTerminated] = unchanged


@APPLIERS.to(events.ScriptEvaluated)
def _script_evaluated(state: InstanceState, event: events.ScriptEvaluated) -> None:
    move(state, event.token, event)


@APPLIERS.to(events.WorkBegun)
def _work_begun(state: InstanceState, event: events.WorkBegun) -> None:
    move(state, event.token, event)


@APPLIERS.to(events.WorkDone)
def _work_done(state: InstanceState, event: events.WorkDone) -> None:
    move(state, event.token, event)


@APPLIERS.to(events.DecisionMade)
def _decision_made(state: InstanceState, event: events.DecisionMade) -> None:
    move(state, event.token, event)


# User tasks


@APPLIERS.to(events.UserTaskCreated)
def _user_task_created(state: InstanceState, event: events.UserTaskCreated) -> None:
    state.user_tasks[event.activity] = UserTask(
        event.activity, event.element, event.token, event.assignee, event.quorum
    )
    move(state, event.token, event)


@APPLIERS.to(events.UserTaskAssigned)
def _assigned(state: InstanceState, event: events.UserTaskAssigned) -> None:
    task = state.user_tasks[event.activity]
    state.user_tasks[event.activity] = replace(task, assignee=event.person)


@APPLIERS.to(events.UserTaskVoted)
def _voted(state: InstanceState, event: events.UserTaskVoted) -> None:
    task = state.user_tasks[event.activity]
    vote = Vote(event.person, event.decision, event.reason)
    state.user_tasks[event.activity] = replace(task, votes=(*task.votes, vote))


@APPLIERS.to(events.UserTaskCompleted)
def _user_task_completed(state: InstanceState, event: events.UserTaskCompleted) -> None:
    move(state, state.user_tasks.pop(event.activity).token, event)
    heard(state)


@APPLIERS.to(events.UserTaskCancelled)
def _user_task_cancelled(state: InstanceState, event: events.UserTaskCancelled) -> None:
    del state.user_tasks[event.activity]


# Jobs


@APPLIERS.to(events.JobCreated)
def _job_created(state: InstanceState, event: events.JobCreated) -> None:
    state.jobs[event.activity] = Job(
        event.activity,
        event.element,
        event.token,
        event.job_type,
        event.generation,
        listener=event.listener,
        deadline_at=event.deadline_at,
    )
    # Beside a user task that is worked on, its token stays where it is.
    if event.activity not in state.user_tasks:
        move(state, event.token, event)


@APPLIERS.to(events.AttemptFailed)
def _attempt_failed(state: InstanceState, event: events.AttemptFailed) -> None:
    job = state.jobs[event.activity]
    stalled = event.attempt == job.attempts
    state.jobs[event.activity] = replace(
        job,
        attempts=event.attempt,
        stalls=job.stalls + 1 if stalled else job.stalls,
        status=JobStatus.PENDING if event.next_at else JobStatus.FAILED,
        next_at=event.next_at,
    )


@APPLIERS.to(events.JobRetried)
def _job_retried(state: InstanceState, event: events.JobRetried) -> None:
    job = state.jobs[event.activity]
    state.jobs[event.activity] = replace(
        job,
        attempts=0,
        stalls=0,
        status=JobStatus.PENDING,
        next_at=None,
        deadline_at=event.deadline_at,
    )


@APPLIERS.to(events.JobCompleted)
def _job_completed(state: InstanceState, event: events.JobCompleted) -> None:
    move(state, state.jobs.pop(event.activity).token, event)
    heard(state)


@APPLIERS.to(events.JobCancelled)
def _job_cancelled(state: InstanceState, event: events.JobCancelled) -> None:
    del state.jobs[event.activity]


@APPLIERS.to(events.StartListenerCompleted)
def _start_listener_completed(state: InstanceState, event: events.StartListenerCompleted) -> None:
    job = state.jobs.pop(event.activity)
    listened = f"start:{event.number + 1}"
    advance(state, replace(state.tokens[job.token], listened=listened), event)
    heard(state)


@APPLIERS.to(events.EndListenerCompleted)
def _end_listener_completed(state: InstanceState, event: events.EndListenerCompleted) -> None:
    job = state.jobs.pop(event.activity)
    listened = f"end:{event.number + 1}"
    advance(state, replace(state.tokens[job.token], listened=listened), event)
    heard(state)


@APPLIERS.to(events.SideListenerCompleted)
def _side_listener_completed(state: InstanceState, event: events.SideListenerCompleted) -> None:
    del state.jobs[event.activity]
    heard(state)


# Calls


@APPLIERS.to(events.CallStarted)
def _call_started(state: InstanceState, event: events.CallStarted) -> None:
    state.calls[event.activity] = Call(event.activity, event.element, event.token, event.child)
    move(state, event.token, event)


@APPLIERS.to(events.CallCompleted)
def _call_completed(state: InstanceState, event: events.CallCompleted) -> None:
    move(state, state.calls.pop(event.activity).token, event)
    heard(state)


@APPLIERS.to(events.CallFailed)
def _call_failed(state: InstanceState, event: events.CallFailed) -> None:
    del state.calls[event.activity]
    heard(state)


@APPLIERS.to(events.CallCancelled)
def _call_cancelled(state: InstanceState, event: events.CallCancelled) -> None:
    del state.calls[event.activity]
