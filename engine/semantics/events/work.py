"""Facts about activities, and events where a token rests: what they do, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.semantics.events.fact import Fact


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


@dataclass(frozen=True, slots=True)
class WorkBegun(Fact):
    """What the visit is for goes on inside it: a sub-process, a loop, the events of a gateway."""

    type = "work_begun"
    activity: str
    token: str


@dataclass(frozen=True, slots=True)
class WorkDone(Fact):
    """What the visit was for is done; its outputs come next."""

    type = "work_done"
    activity: str
    token: str


@dataclass(frozen=True, slots=True)
class DecisionMade(Fact):
    """A business rule task has its answer; `record` tells how it came about."""

    type = "decision_made"
    activity: str
    element: str
    token: str
    decision: str
    version: str = ""
    record: dict[str, Any] = field(default_factory=dict)


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
    """Work is offered to a connector. The idempotency key is made of activity and generation.

    After `deadline_at` no attempt begins. A `listener` is named as `phase:number`; it is empty for
    the element's own work.
    """

    type = "job_created"
    activity: str
    element: str
    token: str
    job_type: str
    generation: int = 1
    attempts: int = 3
    listener: str = ""
    deadline_at: datetime | None = None


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
    deadline_at: datetime | None = None


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


@dataclass(frozen=True, slots=True)
class StartListenerCompleted(Fact):
    """A listener is done before the work of its activity begins."""

    type = "start_listener_completed"
    activity: str
    generation: int
    number: int


@dataclass(frozen=True, slots=True)
class EndListenerCompleted(Fact):
    """A listener is done after the work of its activity."""

    type = "end_listener_completed"
    activity: str
    generation: int
    number: int


@dataclass(frozen=True, slots=True)
class SideListenerCompleted(Fact):
    """A listener is done while the work of its activity goes on."""

    type = "side_listener_completed"
    activity: str
    generation: int


# Calls


@dataclass(frozen=True, slots=True)
class CallStarted(Fact):
    """Another process shall run as `child`, with these variables.

    `called` is its key; `binding` is pinned, latest or tag, and then `version_tag` names one.
    """

    type = "call_started"
    activity: str
    element: str
    token: str
    child: str
    called: str
    binding: str = "latest"
    version_tag: str = ""
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallCompleted(Fact):
    """The called run completed, and its results are written."""

    type = "call_completed"
    activity: str


@dataclass(frozen=True, slots=True)
class CallFailed(Fact):
    """The called run ended with an error, or could not start; there is none any more."""

    type = "call_failed"
    activity: str
    cause: str = ""


@dataclass(frozen=True, slots=True)
class CallCancelled(Fact):
    """The called run is no longer wanted and shall be cancelled."""

    type = "call_cancelled"
    activity: str
    child: str
