"""What can have happened to a run. Past participle; an event is a fact and is never refused.

Each class has a stable `type` name and a `schema` number: both are kept for ever in journals.
Fields are JSON as they stand (tuples as lists), except that a field ending in `_at` is a moment
in UTC or None. Variable values occur in `VariablesSet.values` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, get_args


@dataclass(frozen=True, slots=True)
class Fact:
    """What all events share."""

    type: ClassVar[str]
    schema: ClassVar[int] = 1


# The run


@dataclass(frozen=True, slots=True)
class InstanceStarted(Fact):
    """The run exists; its root scope has the id of the instance."""

    type = "instance_started"
    instance: str
    process: str
    element: str
    business_key: str = ""


@dataclass(frozen=True, slots=True)
class InstancePaused(Fact):
    """No token advances from here on."""

    type = "instance_paused"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InstanceResumed(Fact):
    """Tokens advance again."""

    type = "instance_resumed"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InstanceCompleted(Fact):
    """No token is left."""

    type = "instance_completed"


@dataclass(frozen=True, slots=True)
class InstanceCancelled(Fact):
    """Somebody ended the run before its time."""

    type = "instance_cancelled"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BudgetSpent(Fact):
    """The transaction's share of transitions is used up; the shell sends `Continue`."""

    type = "budget_spent"
    transitions: int


# Scopes and variables


@dataclass(frozen=True, slots=True)
class ScopeOpened(Fact):
    """A place for variables exists; an activity's own has the activity's id."""

    type = "scope_opened"
    scope: str
    parent: str
    element: str


@dataclass(frozen=True, slots=True)
class ScopeClosed(Fact):
    """The scope and its variables are gone."""

    type = "scope_closed"
    scope: str


@dataclass(frozen=True, slots=True)
class VariablesSet(Fact):
    """Variables were written to one scope. The only event that carries values."""

    type = "variables_set"
    scope: str
    values: dict[str, Any] = field(default_factory=dict)


# Tokens


@dataclass(frozen=True, slots=True)
class TokenPlaced(Fact):
    """A token appeared at a start or boundary event that has occurred."""

    type = "token_placed"
    token: str
    at: str
    scope: str


@dataclass(frozen=True, slots=True)
class TokenConsumed(Fact):
    """A token is gone."""

    type = "token_consumed"
    token: str


@dataclass(frozen=True, slots=True)
class SequenceFlowTaken(Fact):
    """A token stands on the flow: the one that left the node, or a new one for a further flow."""

    type = "sequence_flow_taken"
    flow: str
    token: str
    scope: str


@dataclass(frozen=True, slots=True)
class JoinAwaited(Fact):
    """A token waits at a parallel gateway for those of the other flows."""

    type = "join_awaited"
    token: str
    element: str


@dataclass(frozen=True, slots=True)
class NodePassed(Fact):
    """A gateway fired, or an event where no token rests happened (start, end, boundary)."""

    type = "node_passed"
    element: str
    token: str


# Activities, and events where a token rests


@dataclass(frozen=True, slots=True)
class ActivityActivated(Fact):
    """A token rests in an activity or a catch event; `activity` is the id of this visit."""

    type = "activity_activated"
    activity: str
    element: str
    token: str


@dataclass(frozen=True, slots=True)
class ActivityCompleted(Fact):
    """The visit ended normally and its outputs are written."""

    type = "activity_completed"
    activity: str
    element: str
    token: str


@dataclass(frozen=True, slots=True)
class ActivityTerminated(Fact):
    """The visit was cut short by a boundary event, a terminate end event or a cancellation."""

    type = "activity_terminated"
    activity: str
    element: str
    token: str


@dataclass(frozen=True, slots=True)
class ScriptEvaluated(Fact):
    """A script task has its result."""

    type = "script_evaluated"
    activity: str
    token: str


# User tasks


@dataclass(frozen=True, slots=True)
class UserTaskCreated(Fact):
    """Work is offered to people. A `quorum` above 0 makes it a gate."""

    type = "user_task_created"
    activity: str
    element: str
    token: str
    assignee: str = ""
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due_at: datetime | None = None
    priority: int = 50
    quorum: int = 0


@dataclass(frozen=True, slots=True)
class UserTaskAssigned(Fact):
    """A person has taken or been given the task; empty: it went back to its candidates."""

    type = "user_task_assigned"
    activity: str
    person: str


@dataclass(frozen=True, slots=True)
class UserTaskVoted(Fact):
    """One person voted at a gate; it may take more votes to decide."""

    type = "user_task_voted"
    activity: str
    person: str
    decision: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UserTaskCompleted(Fact):
    """The work is done; `decision` is set where the task was a gate."""

    type = "user_task_completed"
    activity: str
    person: str
    decision: str = ""


@dataclass(frozen=True, slots=True)
class UserTaskCancelled(Fact):
    """The work is no longer wanted."""

    type = "user_task_cancelled"
    activity: str


# Jobs


@dataclass(frozen=True, slots=True)
class JobCreated(Fact):
    """Work is offered to a connector. The idempotency key is made of activity and generation."""

    type = "job_created"
    activity: str
    element: str
    token: str
    job_type: str
    generation: int = 1
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class AttemptFailed(Fact):
    """An attempt failed; `next_at` None means that no further one follows by itself."""

    type = "attempt_failed"
    activity: str
    generation: int
    attempt: int
    attempts: int
    kind: str
    cause: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobRetried(Fact):
    """An operator gave the job a new budget of attempts. Same generation: same key outside."""

    type = "job_retried"
    activity: str
    generation: int


@dataclass(frozen=True, slots=True)
class JobCompleted(Fact):
    """The result is in."""

    type = "job_completed"
    activity: str
    generation: int


@dataclass(frozen=True, slots=True)
class JobCancelled(Fact):
    """The work is no longer wanted; a late result will be refused."""

    type = "job_cancelled"
    activity: str


# Timers and messages


@dataclass(frozen=True, slots=True)
class TimerScheduled(Fact):
    """A due time exists. Each turn of a cycle is a timer of its own."""

    type = "timer_scheduled"
    timer: str
    element: str
    activity: str
    token: str
    due_at: datetime
    cycle: str = ""
    left: int | None = 0


@dataclass(frozen=True, slots=True)
class TimerTriggered(Fact):
    """The time has come and the timer is used up."""

    type = "timer_triggered"
    timer: str
    element: str


@dataclass(frozen=True, slots=True)
class TimerCancelled(Fact):
    """Nobody waits for the timer any more."""

    type = "timer_cancelled"
    timer: str


@dataclass(frozen=True, slots=True)
class MessageAwaited(Fact):
    """A message of this name and key will be received; key None takes any."""

    type = "message_awaited"
    subscription: str
    element: str
    activity: str
    token: str
    name: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class MessageReceived(Fact):
    """The message came and the subscription is used up."""

    type = "message_received"
    subscription: str
    element: str


@dataclass(frozen=True, slots=True)
class SubscriptionCancelled(Fact):
    """Nobody waits for the message any more."""

    type = "subscription_cancelled"
    subscription: str


# Incidents


@dataclass(frozen=True, slots=True)
class IncidentRaised(Fact):
    """A token cannot go on; `code` is that of the error, `cause` says it in words."""

    type = "incident_raised"
    incident: str
    token: str
    element: str
    activity: str
    code: str
    cause: str


@dataclass(frozen=True, slots=True)
class IncidentResolved(Fact):
    """The token tries again (`retried`), or is about to go (`terminated`)."""

    type = "incident_resolved"
    incident: str
    resolution: str


Event = (
    InstanceStarted
    | InstancePaused
    | InstanceResumed
    | InstanceCompleted
    | InstanceCancelled
    | BudgetSpent
    | ScopeOpened
    | ScopeClosed
    | VariablesSet
    | TokenPlaced
    | TokenConsumed
    | SequenceFlowTaken
    | JoinAwaited
    | NodePassed
    | ActivityActivated
    | ActivityCompleted
    | ActivityTerminated
    | ScriptEvaluated
    | UserTaskCreated
    | UserTaskAssigned
    | UserTaskVoted
    | UserTaskCompleted
    | UserTaskCancelled
    | JobCreated
    | AttemptFailed
    | JobRetried
    | JobCompleted
    | JobCancelled
    | TimerScheduled
    | TimerTriggered
    | TimerCancelled
    | MessageAwaited
    | MessageReceived
    | SubscriptionCancelled
    | IncidentRaised
    | IncidentResolved
)

BY_TYPE: Mapping[str, type[Event]] = {kind.type: kind for kind in get_args(Event)}
"""Every event class by its stable name, for whoever reads a journal."""
