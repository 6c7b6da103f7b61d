"""Sequence flows: which hold, and how tokens go onto them. BPMN 2.0.2, 13.2.1 and 8.4.13."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from engine.bpmn.elements import SequenceFlow
from engine.semantics import variables
from engine.semantics.errors import ConditionUnreadable, TooManyTokens
from engine.semantics.events import Event, SequenceFlowTaken, TokenConsumed
from engine.semantics.state import Token
from engine.semantics.turn import Turn

Holds: TypeAlias = Callable[[SequenceFlow], bool]


def conditions(turn: Turn, token: Token, counted: dict[str, Any] | None = None) -> Holds:
    """Return what tells whether a flow holds for this token; one without a condition does.

    `counted` is what a gateway knows besides variables.
    """
    seen = turn.view(token)
    if counted is not None:
        seen = seen.new_child(counted)

    def holds(flow: SequenceFlow) -> bool:
        if flow.condition is None:
            return True
        answer, why = variables.truth(flow.condition, seen, turn.env.now)
        if answer is None:
            raise ConditionUnreadable(flow=flow.id, warnings=why)
        return answer

    return holds


def take(turn: Turn, token: Token, flows: Sequence[SequenceFlow]) -> list[Event]:
    """Send the token along the first flow and a new one along each other; none: its path ends.

    Raises:
        TooManyTokens: The scope would hold more tokens than one run may.
    """
    if not flows:
        return [TokenConsumed(token.id)]
    if len(flows) == 1:
        return [SequenceFlowTaken(flows[0].id, token.id, token.scope)]
    room_for(turn, token.scope, len(flows) - 1)
    ids = [token.id, *(turn.env.ids() for _ in flows[1:])]
    return [
        SequenceFlowTaken(flow.id, each, token.scope) for flow, each in zip(flows, ids, strict=True)
    ]


def room_for(turn: Turn, scope: str, more: int) -> None:
    """Refuse more tokens than a scope may hold.

    Raises:
        TooManyTokens: It would hold more.
    """
    limit = turn.env.limits.tokens
    if turn.state.scopes[scope].live + more > limit:
        raise TooManyTokens(limit=limit)
