"""Transactions: cancelled, they undo what completed in them. BPMN 2.0.2, 10.3.6.3 and 13.5.1.

What leaves a transaction by an error (a hazard) leaves it as it is.
"""

from __future__ import annotations

from engine.bpmn.elements import SubProcess, SubProcessKind, ThrowEvent
from engine.bpmn.events import CancelDefinition
from engine.semantics import activities, boundaries, waits
from engine.semantics.errors import NodeUnsupported
from engine.semantics.events import (
    CompensationOpened,
    CompensationStarted,
    Event,
    ScopeOpened,
    TokenSummoned,
)
from engine.semantics.state import Token
from engine.semantics.turn import Turn


def cancel(turn: Turn, token: Token, event: ThrowEvent) -> list[Event]:
    """End all that goes on in the transaction, and undo all that is done.

    Raises:
        NodeUnsupported: The event stands in no transaction.
    """
    scope = _transaction(turn, token.scope)
    if scope is None:
        raise NodeUnsupported(element=event.id, kind="cancel end event outside of a transaction")
    return [
        *hold(turn, event.id, scope, scope),
        *waits.cancel_starts(turn, scope),
        *activities.terminate_others(turn, scope),
    ]


def hold(turn: Turn, element: str, scope: str, where: str, only: str = "") -> list[Event]:
    """Put a token at an event to hold the handlers of what is undone in `where`."""
    token, visit = turn.env.ids(), turn.env.ids()
    return [
        TokenSummoned(token, element, scope),
        CompensationOpened(visit, token),
        ScopeOpened(visit, where, element),
        CompensationStarted(visit, where, only),
    ]


def leave(turn: Turn, holder: Token) -> list[Event]:
    """Leave the transaction by its cancel event; one without ends its path."""
    host = turn.owner(holder.scope)
    if host is not None and host.item:
        host = turn.owner(host.scope)
    if host is None:
        return activities.terminate(turn, holder)
    for event in turn.process.boundaries.get(host.at, ()):
        if any(isinstance(one, CancelDefinition) for one in event.definitions):
            return boundaries.occur(turn, event, host, {})
    return activities.terminate(turn, host)


def _transaction(turn: Turn, scope: str) -> str | None:
    for one in turn.outwards(scope):
        node = turn.process.nodes.get(turn.level(one) or "")
        if isinstance(node, SubProcess) and node.kind is SubProcessKind.TRANSACTION:
            return one
    return None
