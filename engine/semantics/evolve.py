"""evolve(state, event) -> state: one function per fact, and no decisions.

A fact is applied in place, to the copy that the caller loaded and owns; nothing is read but the
rows that the event names, so the cost of a fact is the same in a small and in a large run.
Folding a journal gives the state that was stored: replay and the fault checker rely on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from typing import Any, TypeAlias, TypeVar

from engine.semantics import events, lifecycle
from engine.semantics.events import Event
from engine.semantics.state import (
    Incident,
    InstanceState,
    Job,
    JobStatus,
    Scope,
    Status,
    Subscription,
    Timer,
    Token,
    TokenStatus,
    UserTask,
    Vote,
)

E = TypeVar("E", bound=events.Fact)
Applier: TypeAlias = Callable[[InstanceState, E], None]
_APPLIERS: dict[type[Any], Applier[Any]] = {}


def evolve(state: InstanceState, event: Event) -> InstanceState:
    """Apply one fact to `state`, which the caller owns, and return it."""
    state.seq += 1
    _APPLIERS[type(event)](state, event)
    return state


def fold(state: InstanceState, journal: Iterable[Event]) -> InstanceState:
    """Apply many facts in order."""
    return reduce(evolve, journal, state)


def applies(kind: type[E]) -> Callable[[Applier[E]], Applier[E]]:
    """Register the function that applies this kind of fact."""

    def register(applier: Applier[E]) -> Applier[E]:
        _APPLIERS[kind] = applier
        return applier

    return register


# The run


@applies(events.InstanceStarted)
def _started(state: InstanceState, event: events.InstanceStarted) -> None:
    state.process = event.process
    state.status = Status.RUNNING


@applies(events.InstancePaused)
def _paused(state: InstanceState, _event: events.InstancePaused) -> None:
    state.status = Status.PAUSED


@applies(events.InstanceResumed)
def _resumed(state: InstanceState, _event: events.InstanceResumed) -> None:
    state.status = Status.RUNNING


@applies(events.InstanceCompleted)
def _completed(state: InstanceState, _event: events.InstanceCompleted) -> None:
    state.status = Status.COMPLETED


@applies(events.InstanceCancelled)
def _cancelled(state: InstanceState, _event: events.InstanceCancelled) -> None:
    state.status = Status.CANCELLED


@applies(events.BudgetSpent)
def _budget_spent(state: InstanceState, event: events.BudgetSpent) -> None:
    state.transitions += event.transitions


# Scopes and variables


@applies(events.ScopeOpened)
def _scope_opened(state: InstanceState, event: events.ScopeOpened) -> None:
    state.scopes[event.scope] = Scope(event.scope, event.parent, event.element)


@applies(events.ScopeClosed)
def _scope_closed(state: InstanceState, event: events.ScopeClosed) -> None:
    del state.scopes[event.scope]


@applies(events.VariablesSet)
def _variables_set(state: InstanceState, event: events.VariablesSet) -> None:
    state.scopes[event.scope].variables.update(event.values)


# Tokens


@applies(events.TokenPlaced)
def _token_placed(state: InstanceState, event: events.TokenPlaced) -> None:
    status = lifecycle.after(None, event)
    _place(state, Token(event.token, event.at, event.scope, status, since=state.seq))


@applies(events.SequenceFlowTaken)
def _flow_taken(state: InstanceState, event: events.SequenceFlowTaken) -> None:
    token = state.tokens.get(event.token)
    status = lifecycle.after(token.status if token else None, event)
    moved = Token(event.token, event.flow, event.scope, status, since=state.seq)
    if token is None:
        _place(state, moved)
    else:
        state.put_token(moved)


@applies(events.TokenConsumed)
def _token_consumed(state: InstanceState, event: events.TokenConsumed) -> None:
    gone = state.drop_token(event.token)
    scope = state.scopes[gone.scope]
    state.scopes[gone.scope] = replace(scope, live=scope.live - 1)


@applies(events.JoinAwaited)
def _join_awaited(state: InstanceState, event: events.JoinAwaited) -> None:
    _move(state, event.token, event)


@applies(events.NodePassed)
def _node_passed(_state: InstanceState, _event: events.NodePassed) -> None:
    """Nothing changes but history: the token's own events say where it went."""


# Activities


@applies(events.ActivityActivated)
def _activated(state: InstanceState, event: events.ActivityActivated) -> None:
    token = replace(state.tokens[event.token], at=event.element, activity=event.activity)
    _advance(state, token, event)


@applies(events.ActivityCompleted)
def _activity_completed(state: InstanceState, event: events.ActivityCompleted) -> None:
    _advance(state, replace(state.tokens[event.token], activity=""), event)


@applies(events.ActivityTerminated)
def _terminated(_state: InstanceState, _event: events.ActivityTerminated) -> None:
    """The waits and the token go by events of their own."""


@applies(events.ScriptEvaluated)
def _script_evaluated(state: InstanceState, event: events.ScriptEvaluated) -> None:
    _move(state, event.token, event)


# User tasks


@applies(events.UserTaskCreated)
def _user_task_created(state: InstanceState, event: events.UserTaskCreated) -> None:
    state.user_tasks[event.activity] = UserTask(
        event.activity, event.element, event.token, event.assignee, event.quorum
    )
    _move(state, event.token, event)


@applies(events.UserTaskAssigned)
def _assigned(state: InstanceState, event: events.UserTaskAssigned) -> None:
    task = state.user_tasks[event.activity]
    state.user_tasks[event.activity] = replace(task, assignee=event.person)


@applies(events.UserTaskVoted)
def _voted(state: InstanceState, event: events.UserTaskVoted) -> None:
    task = state.user_tasks[event.activity]
    vote = Vote(event.person, event.decision, event.reason)
    state.user_tasks[event.activity] = replace(task, votes=(*task.votes, vote))


@applies(events.UserTaskCompleted)
def _user_task_completed(state: InstanceState, event: events.UserTaskCompleted) -> None:
    _move(state, state.user_tasks.pop(event.activity).token, event)
    _heard(state)


@applies(events.UserTaskCancelled)
def _user_task_cancelled(state: InstanceState, event: events.UserTaskCancelled) -> None:
    del state.user_tasks[event.activity]


# Jobs


@applies(events.JobCreated)
def _job_created(state: InstanceState, event: events.JobCreated) -> None:
    state.jobs[event.activity] = Job(
        event.activity, event.element, event.token, event.job_type, event.generation
    )
    _move(state, event.token, event)


@applies(events.AttemptFailed)
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


@applies(events.JobRetried)
def _job_retried(state: InstanceState, event: events.JobRetried) -> None:
    job = state.jobs[event.activity]
    state.jobs[event.activity] = replace(
        job, attempts=0, stalls=0, status=JobStatus.PENDING, next_at=None
    )


@applies(events.JobCompleted)
def _job_completed(state: InstanceState, event: events.JobCompleted) -> None:
    _move(state, state.jobs.pop(event.activity).token, event)
    _heard(state)


@applies(events.JobCancelled)
def _job_cancelled(state: InstanceState, event: events.JobCancelled) -> None:
    del state.jobs[event.activity]


# Timers and messages


@applies(events.TimerScheduled)
def _timer_scheduled(state: InstanceState, event: events.TimerScheduled) -> None:
    timer = Timer(
        event.timer,
        event.element,
        event.activity,
        event.token,
        event.due_at,
        event.cycle,
        event.left,
    )
    state.timers[timer.id] = timer
    state.attach(timer.activity, timer.id)
    _move_owner(state, timer, event)


@applies(events.TimerTriggered)
def _timer_triggered(state: InstanceState, event: events.TimerTriggered) -> None:
    timer = state.timers.pop(event.timer)
    state.detach(timer.activity, timer.id)
    _move_owner(state, timer, event)
    _heard(state)


@applies(events.TimerCancelled)
def _timer_cancelled(state: InstanceState, event: events.TimerCancelled) -> None:
    timer = state.timers.pop(event.timer)
    state.detach(timer.activity, timer.id)


@applies(events.MessageAwaited)
def _message_awaited(state: InstanceState, event: events.MessageAwaited) -> None:
    subscription = Subscription(
        event.subscription,
        event.element,
        event.activity,
        event.token,
        event.name,
        event.key,
    )
    state.subscriptions[subscription.id] = subscription
    state.attach(subscription.activity, subscription.id)
    _move_owner(state, subscription, event)


@applies(events.MessageReceived)
def _message_received(state: InstanceState, event: events.MessageReceived) -> None:
    subscription = state.subscriptions.pop(event.subscription)
    state.detach(subscription.activity, subscription.id)
    _move_owner(state, subscription, event)
    _heard(state)


@applies(events.SubscriptionCancelled)
def _subscription_cancelled(state: InstanceState, event: events.SubscriptionCancelled) -> None:
    subscription = state.subscriptions.pop(event.subscription)
    state.detach(subscription.activity, subscription.id)


# Incidents


@applies(events.IncidentRaised)
def _incident_raised(state: InstanceState, event: events.IncidentRaised) -> None:
    token = state.tokens[event.token]
    state.put_token(
        replace(token, status=TokenStatus.FAILED, resumes=token.status, since=state.seq)
    )
    state.incidents[event.incident] = Incident(
        event.incident, event.token, event.element, event.activity, event.code, event.cause
    )
    state.failed[event.token] = event.incident


@applies(events.IncidentResolved)
def _incident_resolved(state: InstanceState, event: events.IncidentResolved) -> None:
    incident = state.incidents.pop(event.incident)
    token = state.tokens[incident.token]
    del state.failed[incident.token]
    status = token.resumes or TokenStatus.READY
    state.put_token(replace(token, status=status, resumes=None, since=state.seq))
    _heard(state)


# Shared


def _place(state: InstanceState, token: Token) -> None:
    state.put_token(token)
    scope = state.scopes[token.scope]
    state.scopes[token.scope] = replace(scope, live=scope.live + 1)


def _move(state: InstanceState, token: str, event: Event) -> None:
    _advance(state, state.tokens[token], event)


def _advance(state: InstanceState, token: Token, event: Event) -> None:
    status = lifecycle.after(token.status, event)
    state.put_token(replace(token, status=status, since=state.seq))


def _move_owner(state: InstanceState, wait: Timer | Subscription, event: Event) -> None:
    """Move the token where the wait is its own, and not that of a boundary event around it."""
    if state.tokens[wait.token].at == wait.element:
        _move(state, wait.token, event)


def _heard(state: InstanceState) -> None:
    """Forget the steps so far: something came from outside, so this is no endless loop."""
    state.transitions = 0
