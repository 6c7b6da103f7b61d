"""What a token may do next, as one table: (status, what happened) -> status.

A token that is not there is None before `TokenPlaced` and after `TokenConsumed`; `IncidentRaised`
and `TokenConsumed` are possible in every status and are not listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from engine.semantics.errors import InvalidTransition
from engine.semantics.events import (
    ActivityActivated,
    ActivityCompleted,
    CallCompleted,
    CallStarted,
    CompensationOpened,
    ConditionAwaited,
    ConditionMet,
    DecisionMade,
    EndListenerCompleted,
    Event,
    Glided,
    JobCompleted,
    JobCreated,
    JoinAwaited,
    LinkFollowed,
    LoopItemCompleted,
    LoopItemStarted,
    MessageAwaited,
    MessageReceived,
    ScriptEvaluated,
    SequenceFlowTaken,
    SignalAwaited,
    SignalReceived,
    StartListenerCompleted,
    TimerScheduled,
    TimerTriggered,
    TokenParted,
    TokenPlaced,
    TokenSummoned,
    UserTaskCompleted,
    UserTaskCreated,
    WorkBegun,
    WorkDone,
)
from engine.semantics.state import TokenStatus

Step: TypeAlias = tuple[TokenStatus | None, type[Event]]

TRANSITIONS: Mapping[Step, TokenStatus] = {
    (None, TokenPlaced): TokenStatus.LEAVING,
    (None, SequenceFlowTaken): TokenStatus.READY,
    (None, TokenSummoned): TokenStatus.READY,
    (None, LoopItemStarted): TokenStatus.READY,
    (None, TokenParted): TokenStatus.READY,
    # What is plain is passed at once, and so is the way out of what is not.
    (TokenStatus.READY, Glided): TokenStatus.READY,
    (TokenStatus.LEAVING, Glided): TokenStatus.READY,
    # A gateway is passed at once: its token goes from flow to flow.
    (TokenStatus.READY, SequenceFlowTaken): TokenStatus.READY,
    (TokenStatus.JOINING, SequenceFlowTaken): TokenStatus.READY,
    (TokenStatus.READY, LinkFollowed): TokenStatus.LEAVING,
    (TokenStatus.READY, JoinAwaited): TokenStatus.JOINING,
    (TokenStatus.READY, ActivityActivated): TokenStatus.ENTERING,
    (TokenStatus.JOINING, ActivityActivated): TokenStatus.ENTERING,
    # Its scope is open and its inputs are in: what the activity does can begin.
    (TokenStatus.ENTERING, UserTaskCreated): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, JobCreated): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, TimerScheduled): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, MessageAwaited): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, SignalAwaited): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, ConditionAwaited): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, CallStarted): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, WorkBegun): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, ScriptEvaluated): TokenStatus.COMPLETING,
    (TokenStatus.ENTERING, DecisionMade): TokenStatus.COMPLETING,
    (TokenStatus.ENTERING, WorkDone): TokenStatus.COMPLETING,
    (TokenStatus.READY, CompensationOpened): TokenStatus.ACTIVE,
    (TokenStatus.COMPLETING, JobCreated): TokenStatus.ACTIVE,
    (TokenStatus.ACTIVE, StartListenerCompleted): TokenStatus.ENTERING,
    (TokenStatus.ACTIVE, EndListenerCompleted): TokenStatus.COMPLETING,
    # A multiple event waits for several things; a call that failed is made again.
    (TokenStatus.ACTIVE, TimerScheduled): TokenStatus.ACTIVE,
    (TokenStatus.ACTIVE, MessageAwaited): TokenStatus.ACTIVE,
    (TokenStatus.ACTIVE, SignalAwaited): TokenStatus.ACTIVE,
    (TokenStatus.ACTIVE, ConditionAwaited): TokenStatus.ACTIVE,
    (TokenStatus.ACTIVE, CallStarted): TokenStatus.ACTIVE,
    (TokenStatus.ACTIVE, UserTaskCompleted): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, JobCompleted): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, TimerTriggered): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, MessageReceived): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, SignalReceived): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, ConditionMet): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, CallCompleted): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, WorkDone): TokenStatus.COMPLETING,
    (TokenStatus.COMPLETING, ActivityCompleted): TokenStatus.LEAVING,
    (TokenStatus.COMPLETING, LoopItemCompleted): TokenStatus.LEAVING,
    (TokenStatus.LEAVING, SequenceFlowTaken): TokenStatus.READY,
}


def after(status: TokenStatus | None, event: Event) -> TokenStatus:
    """Return the status that follows, or raise: an event that does not fit is a bug.

    Raises:
        InvalidTransition: The table knows no such step.
    """
    following = TRANSITIONS.get((status, type(event)))
    if following is None:
        raise InvalidTransition(status=str(status), event=event.type)
    return following
