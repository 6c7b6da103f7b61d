"""What can have happened to a run. Past participle; an event is a fact and is never refused.

Each class has a stable `type` name and a `schema` number: both are kept for ever in journals, so
fields are only ever added, with a default. Fields are JSON as they stand (tuples as lists), except
that a field ending in `_at` is a moment in UTC or None. Values of variables are in those fields
alone that the codec seals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from engine.semantics.events.compensation import (
    ActivityCompensable,
    ActivityCompensated,
    CompensationInvoked,
    CompensationOpened,
    CompensationStarted,
)
from engine.semantics.events.fact import Fact
from engine.semantics.events.glides import (
    Glided,
    LoopItemsPassed,
    Passage,
    Passing,
    TokenParted,
)
from engine.semantics.events.loops import (
    LoopItemCompleted,
    LoopItemStarted,
    LoopStarted,
)
from engine.semantics.events.runs import (
    BudgetSpent,
    ErrorEscaped,
    EscalationEscaped,
    IncidentRaised,
    IncidentResolved,
    InstanceCancelled,
    InstanceCompleted,
    InstancePaused,
    InstanceResumed,
    InstanceStarted,
    ScopeClosed,
    ScopeOpened,
    VariablesSet,
)
from engine.semantics.events.throws import (
    ErrorThrown,
    EscalationThrown,
    MessageThrown,
    SignalThrown,
)
from engine.semantics.events.tokens import (
    GatewayActivated,
    GatewayReset,
    JoinAwaited,
    LinkFollowed,
    NodePassed,
    SequenceFlowTaken,
    TokenConsumed,
    TokenPlaced,
    TokenSummoned,
)
from engine.semantics.events.waits import (
    ConditionAwaited,
    ConditionLapsed,
    ConditionMet,
    MessageAwaited,
    MessageReceived,
    SignalAwaited,
    SignalReceived,
    SubscriptionCancelled,
    TimerCancelled,
    TimerScheduled,
    TimerTriggered,
)
from engine.semantics.events.work import (
    ActivityActivated,
    ActivityCompleted,
    ActivityTerminated,
    AttemptFailed,
    CallCancelled,
    CallCompleted,
    CallFailed,
    CallStarted,
    DecisionMade,
    EndListenerCompleted,
    JobCancelled,
    JobCompleted,
    JobCreated,
    JobRetried,
    ScriptEvaluated,
    SideListenerCompleted,
    StartListenerCompleted,
    UserTaskAssigned,
    UserTaskCancelled,
    UserTaskCompleted,
    UserTaskCreated,
    UserTaskVoted,
    WorkBegun,
    WorkDone,
)

Event = (
    InstanceStarted
    | InstancePaused
    | InstanceResumed
    | InstanceCompleted
    | InstanceCancelled
    | BudgetSpent
    | ErrorEscaped
    | EscalationEscaped
    | ScopeOpened
    | ScopeClosed
    | VariablesSet
    | IncidentRaised
    | IncidentResolved
    | TokenPlaced
    | TokenConsumed
    | TokenParted
    | Glided
    | LoopItemsPassed
    | SequenceFlowTaken
    | JoinAwaited
    | NodePassed
    | TokenSummoned
    | LinkFollowed
    | GatewayActivated
    | GatewayReset
    | ActivityActivated
    | ActivityCompleted
    | ActivityTerminated
    | ScriptEvaluated
    | WorkBegun
    | WorkDone
    | DecisionMade
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
    | StartListenerCompleted
    | EndListenerCompleted
    | SideListenerCompleted
    | CallStarted
    | CallCompleted
    | CallFailed
    | CallCancelled
    | TimerScheduled
    | TimerTriggered
    | TimerCancelled
    | MessageAwaited
    | MessageReceived
    | SubscriptionCancelled
    | SignalAwaited
    | SignalReceived
    | ConditionAwaited
    | ConditionMet
    | ConditionLapsed
    | SignalThrown
    | MessageThrown
    | ErrorThrown
    | EscalationThrown
    | LoopStarted
    | LoopItemStarted
    | LoopItemCompleted
    | ActivityCompensable
    | CompensationStarted
    | CompensationInvoked
    | CompensationOpened
    | ActivityCompensated
)

BY_TYPE: Mapping[str, type[Event]] = {kind.type: kind for kind in get_args(Event)}
"""Every event class by its stable name, for whoever reads a journal."""

__all__ = [
    "BY_TYPE",
    "ActivityActivated",
    "ActivityCompensable",
    "ActivityCompensated",
    "ActivityCompleted",
    "ActivityTerminated",
    "AttemptFailed",
    "BudgetSpent",
    "CallCancelled",
    "CallCompleted",
    "CallFailed",
    "CallStarted",
    "CompensationInvoked",
    "CompensationOpened",
    "CompensationStarted",
    "ConditionAwaited",
    "ConditionLapsed",
    "ConditionMet",
    "DecisionMade",
    "EndListenerCompleted",
    "ErrorEscaped",
    "ErrorThrown",
    "EscalationEscaped",
    "EscalationThrown",
    "Event",
    "Fact",
    "GatewayActivated",
    "GatewayReset",
    "Glided",
    "IncidentRaised",
    "IncidentResolved",
    "InstanceCancelled",
    "InstanceCompleted",
    "InstancePaused",
    "InstanceResumed",
    "InstanceStarted",
    "JobCancelled",
    "JobCompleted",
    "JobCreated",
    "JobRetried",
    "JoinAwaited",
    "LinkFollowed",
    "LoopItemCompleted",
    "LoopItemStarted",
    "LoopItemsPassed",
    "LoopStarted",
    "MessageAwaited",
    "MessageReceived",
    "MessageThrown",
    "NodePassed",
    "Passage",
    "Passing",
    "ScopeClosed",
    "ScopeOpened",
    "ScriptEvaluated",
    "SequenceFlowTaken",
    "SideListenerCompleted",
    "SignalAwaited",
    "SignalReceived",
    "SignalThrown",
    "StartListenerCompleted",
    "SubscriptionCancelled",
    "TimerCancelled",
    "TimerScheduled",
    "TimerTriggered",
    "TokenConsumed",
    "TokenParted",
    "TokenPlaced",
    "TokenSummoned",
    "UserTaskAssigned",
    "UserTaskCancelled",
    "UserTaskCompleted",
    "UserTaskCreated",
    "UserTaskVoted",
    "VariablesSet",
    "WorkBegun",
    "WorkDone",
]
