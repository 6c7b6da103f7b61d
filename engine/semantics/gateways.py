"""Gateways: which tokens they wait for, and which sequence flows they take.

BPMN 2.0.2, 13.4 (execution semantics of gateways). The choices at the bottom are functions of the
model and the tokens alone; activities with conditional flows make the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.bpmn.elements import (
    Activity,
    ExclusiveGateway,
    Gateway,
    ParallelGateway,
    SequenceFlow,
)
from engine.semantics import sequence_flows
from engine.semantics.errors import NoOutgoingFlow
from engine.semantics.events import Event, JoinAwaited, NodePassed, TokenConsumed
from engine.semantics.sequence_flows import Holds
from engine.semantics.state import Token
from engine.semantics.turn import Turn


def enter_exclusive(turn: Turn, token: Token, gateway: ExclusiveGateway) -> list[Event]:
    """Pass the token on along one flow, without waiting for others."""
    flow = choose_one(gateway, sequence_flows.conditions(turn, token))
    return [NodePassed(gateway.id, token.id), *sequence_flows.take(turn, token, [flow])]


def enter_parallel(turn: Turn, token: Token, gateway: ParallelGateway) -> list[Event]:
    """Wait until every incoming flow has a token, then take every outgoing one."""
    joined = synchronise(gateway, _oldest_of_each_flow(turn, token, gateway))
    if not joined:
        return [JoinAwaited(token.id, gateway.id)]
    return [
        *(TokenConsumed(other.id) for other in joined if other.id != token.id),
        NodePassed(gateway.id, token.id),
        *sequence_flows.take(turn, token, gateway.outgoing),
    ]


def synchronise(gateway: Gateway, waiting: Sequence[Token]) -> list[Token]:
    """Return one token of each incoming flow, or nothing while one is missing.

    `waiting` is in order of arrival. A surplus token stays where it is and counts towards the
    next activation.
    """
    oldest = {token.at: token for token in reversed(waiting)}
    if any(flow.id not in oldest for flow in gateway.incoming):
        return []
    return [oldest[flow.id] for flow in gateway.incoming]


def choose_one(gateway: ExclusiveGateway, holds: Holds) -> SequenceFlow:
    """Return the first flow whose condition holds, and read no further ones.

    Raises:
        NoOutgoingFlow: None holds and there is no default.
    """
    return next(_holding(gateway, holds), None) or _default(gateway)


def choose_some(node: Gateway | Activity, holds: Holds) -> list[SequenceFlow]:
    """Return every flow whose condition holds, or the default where none does.

    Raises:
        NoOutgoingFlow: None holds and there is no default.
    """
    return list(_holding(node, holds)) or [_default(node)]


def _oldest_of_each_flow(turn: Turn, token: Token, gateway: ParallelGateway) -> list[Token]:
    """Return the heads of the queues before the gateway, the token's own flow among them.

    Only the heads are read: however many tokens pile up on one flow, an arrival costs the same.
    """
    turn.require(token.scope)
    joining = turn.state.joining
    queues = (joining.get((token.scope, flow.id), {}) for flow in gateway.incoming)
    heads = [turn.state.tokens[next(iter(queue))] for queue in queues if queue]
    return [*heads, token]


def _holding(node: Gateway | Activity, holds: Holds) -> Iterator[SequenceFlow]:
    default = node.default.id if node.default else ""
    return (flow for flow in node.outgoing if flow.id != default and holds(flow))


def _default(node: Gateway | Activity) -> SequenceFlow:
    if node.default is None:
        raise NoOutgoingFlow(element=node.id)
    return node.default
