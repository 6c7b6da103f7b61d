"""decide(turn, command) -> events: is this possible now, and what does it make happen at once?

While a run is paused no token advances. What would be lost if it were refused, a job's result or
a message, is taken in and held; what stays where it is and can come again, a person's decision, a
timer or a retry, is refused. So pausing loses nothing, and nothing is sent out meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from engine.semantics import (
    activities,
    calls,
    catch_events,
    jobs,
    starts,
    user_tasks,
    variables,
    waits,
)
from engine.semantics.commands import (
    AssignUserTask,
    Cancel,
    Command,
    CompleteCall,
    CompleteJob,
    CompleteUserTask,
    Continue,
    CorrelateMessage,
    DeliverSignal,
    EscalateCall,
    FailCall,
    FailJob,
    Pause,
    RefuseCall,
    Resume,
    RetryIncident,
    SetVariables,
    StartInstance,
    ThrowError,
    TriggerTimer,
)
from engine.semantics.errors import (
    RunAlreadyStarted,
    RunFinished,
    RunNotPaused,
    RunPaused,
    WorkGone,
)
from engine.semantics.events import (
    Event,
    IncidentResolved,
    InstanceCancelled,
    InstancePaused,
    InstanceResumed,
    VariablesSet,
)
from engine.semantics.state import Status
from engine.semantics.turn import Turn

REFUSED_WHILE_PAUSED = (CompleteUserTask, TriggerTimer, RetryIncident, Pause)


def decide(turn: Turn, command: Command) -> list[Event]:
    """Return what the command makes happen, before any token moves.

    Raises:
        DomainError: The command is refused; nothing has happened.
    """
    _admit(turn, command)
    return _DECISIONS[type(command)](turn, command)


def _admit(turn: Turn, command: Command) -> None:
    status = turn.state.status
    if turn.state.is_finished:
        raise RunFinished
    if (status is Status.NEW) is not isinstance(command, StartInstance):
        raise RunAlreadyStarted if isinstance(command, StartInstance) else WorkGone
    if status is Status.PAUSED and isinstance(command, REFUSED_WHILE_PAUSED):
        raise RunPaused
    if isinstance(command, Resume) and status is not Status.PAUSED:
        raise RunNotPaused


def _trigger(turn: Turn, command: TriggerTimer) -> list[Event]:
    timer = turn.state.timers.get(command.timer)
    if timer is None:
        raise WorkGone(timer=command.timer)
    return catch_events.trigger(turn, timer)


def _correlate(turn: Turn, command: CorrelateMessage) -> list[Event]:
    subscription = turn.state.subscriptions.get(command.subscription)
    if subscription is None:
        raise WorkGone(subscription=command.subscription)
    sent = variables.from_outside(turn.process, command.variables)
    return catch_events.receive(turn, subscription, sent)


def _deliver(turn: Turn, command: DeliverSignal) -> list[Event]:
    subscription = turn.state.subscriptions.get(command.subscription)
    if subscription is None:
        raise WorkGone(subscription=command.subscription)
    heard = variables.undecided(turn.process, command.variables)
    return catch_events.receive(turn, subscription, heard)


def _retry(turn: Turn, command: RetryIncident) -> list[Event]:
    incident = turn.state.incidents.get(command.incident)
    if incident is None:
        raise WorkGone(incident=command.incident)
    job = turn.state.jobs.get(incident.activity)
    again: list[Event] = [jobs.retried(turn, job)] if job else []
    again += calls.again(turn, turn.state.tokens[incident.token])
    return [IncidentResolved(incident.id, "retried"), *again]


def _set_variables(turn: Turn, command: SetVariables) -> list[Event]:
    scope = command.scope or turn.state.instance
    if scope not in turn.state.scopes:
        raise WorkGone(scope=scope)
    return [VariablesSet(scope, variables.from_outside(turn.process, command.values))]


def _pause(_turn: Turn, command: Pause) -> list[Event]:
    return [InstancePaused(command.reason)]


def _resume(_turn: Turn, command: Resume) -> list[Event]:
    return [InstanceResumed(command.reason)]


def _cancel(turn: Turn, command: Cancel) -> list[Event]:
    root = turn.state.instance
    return [
        *activities.terminate_others(turn, root),
        *waits.cancel_starts(turn, root),
        InstanceCancelled(command.reason),
    ]


def _continue(_turn: Turn, _command: Continue) -> list[Event]:
    return []


# Each function takes the command it is registered for; a mapping cannot say so.
_Decision: TypeAlias = Callable[[Turn, Any], list[Event]]
_DECISIONS: Mapping[type[Command], _Decision] = {
    StartInstance: starts.start,
    AssignUserTask: user_tasks.assign,
    CompleteUserTask: user_tasks.complete,
    CompleteJob: jobs.complete,
    FailJob: jobs.fail,
    ThrowError: jobs.throw,
    TriggerTimer: _trigger,
    CorrelateMessage: _correlate,
    DeliverSignal: _deliver,
    CompleteCall: calls.complete,
    FailCall: calls.fail,
    EscalateCall: calls.escalate,
    RefuseCall: calls.refuse,
    RetryIncident: _retry,
    SetVariables: _set_variables,
    Pause: _pause,
    Resume: _resume,
    Cancel: _cancel,
    Continue: _continue,
}
