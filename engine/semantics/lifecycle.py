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
    Event,
    JobCompleted,
    JobCreated,
    JoinAwaited,
    MessageAwaited,
    MessageReceived,
    ScriptEvaluated,
    SequenceFlowTaken,
    TimerScheduled,
    TimerTriggered,
    TokenPlaced,
    UserTaskCompleted,
    UserTaskCreated,
)
from engine.semantics.state import TokenStatus

Step: TypeAlias = tuple[TokenStatus | None, type[Event]]

TRANSITIONS: Mapping[Step, TokenStatus] = {
    (None, TokenPlaced): TokenStatus.LEAVING,
    (None, SequenceFlowTaken): TokenStatus.READY,
    # A gateway is passed at once: its token goes from flow to flow.
    (TokenStatus.READY, SequenceFlowTaken): TokenStatus.READY,
    (TokenStatus.READY, JoinAwaited): TokenStatus.JOINING,
    (TokenStatus.READY, ActivityActivated): TokenStatus.ENTERING,
    # Its scope is open and its inputs are in: what the activity does can begin.
    (TokenStatus.ENTERING, UserTaskCreated): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, JobCreated): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, TimerScheduled): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, MessageAwaited): TokenStatus.ACTIVE,
    (TokenStatus.ENTERING, ScriptEvaluated): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, UserTaskCompleted): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, JobCompleted): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, TimerTriggered): TokenStatus.COMPLETING,
    (TokenStatus.ACTIVE, MessageReceived): TokenStatus.COMPLETING,
    (TokenStatus.COMPLETING, ActivityCompleted): TokenStatus.LEAVING,
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
