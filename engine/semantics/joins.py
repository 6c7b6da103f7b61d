"""Joins that wait for whatever can still come: inclusive and complex gateways.

BPMN 2.0.2, 13.4.3 and 13.4.5. They are judged when nothing moves any more, by where the tokens of
the scope stand: what that costs depends on the model and not on the number of tokens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.bpmn.elements import (
    ComplexGateway,
    FlowNode,
    Gateway,
    InclusiveGateway,
    SequenceFlow,
    SubProcess,
)
from engine.semantics import adhoc, gateways, sequence_flows, variables
from engine.semantics.errors import ConditionUnreadable
from engine.semantics.events import (
    Event,
    GatewayActivated,
    GatewayReset,
    JoinAwaited,
    NodePassed,
    SequenceFlowTaken,
    TokenConsumed,
)
from engine.semantics.state import Activation, Token, TokenStatus
from engine.semantics.turn import Turn


def enter_inclusive(turn: Turn, token: Token, gateway: InclusiveGateway) -> list[Event]:
    """Wait for the others; a gateway with one way in has none."""
    if len(gateway.incoming) > 1:
        return [JoinAwaited(token.id, gateway.id)]
    return _split(turn, token, gateway)


def enter_complex(turn: Turn, token: Token, gateway: ComplexGateway) -> list[Event]:
    """Fire where the activation condition holds with this token, else wait.

    Raises:
        ConditionUnreadable: The condition is neither true nor false.
    """
    key = Activation(token.scope, gateway.id).key
    if gateway.activation_condition is None and len(gateway.incoming) > 1:
        return [JoinAwaited(token.id, gateway.id)]
    if key in turn.state.activations or not _is_activated(turn, token, gateway):
        return [JoinAwaited(token.id, gateway.id)]
    return _activate(turn, token, gateway)


def ready(turn: Turn, scope: str) -> Token | None:
    """Return a token with which a join of this scope can fire now."""
    level = turn.level(scope)
    if level is None:
        return None
    for gateway in turn.process.joins(level):
        token = _first_waiting(turn, scope, gateway.incoming)
        if token is not None and _fires(turn, token, gateway):
            return token
    return _next_in_turn(turn, scope, level)


def resets(turn: Turn, scope: str) -> list[Event]:
    """Return the end of every complex gateway for which nothing can come any more."""
    return [
        event
        for activation in _activations(turn, scope)
        if _is_reset(turn, activation) and not _late_tokens(turn, activation)
        for event in _reset(turn, activation)
    ]


def fire_inclusive(turn: Turn, token: Token, gateway: InclusiveGateway) -> list[Event]:
    """Take one token of each flow that has any, and send tokens along every flow that holds."""
    return [*_consumed(turn, token, gateway.incoming), *_split(turn, token, gateway)]


def fire_complex(turn: Turn, token: Token, gateway: ComplexGateway) -> list[Event]:
    """Activate the gateway, or end its reset with the tokens that came late."""
    activation = turn.state.activations.get(Activation(token.scope, gateway.id).key)
    if activation is None:
        return _activate(turn, token, gateway)
    late = [flow for flow in gateway.incoming if flow.id not in activation.flows]
    return [
        *_consumed(turn, token, late),
        GatewayReset(gateway.id, token.scope),
        *sequence_flows.take(turn, token, _on_reset(turn, token.scope, gateway, len(late))),
    ]


def _reset(turn: Turn, activation: Activation) -> list[Event]:
    """Reset a gateway that no token came late to: where a flow holds, a new one appears."""
    gateway = turn.process.nodes[activation.element]
    taken = []
    if isinstance(gateway, ComplexGateway):
        taken = _on_reset(turn, activation.scope, gateway, 0)
    return [
        GatewayReset(activation.element, activation.scope),
        *(SequenceFlowTaken(flow.id, turn.env.ids(), activation.scope) for flow in taken),
    ]


def _on_reset(turn: Turn, scope: str, gateway: ComplexGateway, came: int) -> list[SequenceFlow]:
    """Return the flows that a reset takes; there may be none, and that is no failure.

    A flow is taken for what its condition says: one without would repeat, for each token that
    comes late, what the first phase has begun already.
    """
    counted = {"activationCount": came, "waitingForStart": False}
    seen = variables.before(counted, turn.seen(scope))
    taken = [
        flow
        for flow in gateway.outgoing
        if flow.condition is not None
        and flow != gateway.default
        and variables.holds(flow.condition, seen, turn.env.now)
    ]
    return taken or [flow for flow in gateway.outgoing if flow == gateway.default]


def _split(turn: Turn, token: Token, gateway: InclusiveGateway) -> list[Event]:
    flows = list(gateway.outgoing)
    if flows:
        flows = gateways.choose_some(gateway, sequence_flows.conditions(turn, token))
    return [NodePassed(gateway.id, token.id), *sequence_flows.take(turn, token, flows)]


def _activate(turn: Turn, token: Token, gateway: ComplexGateway) -> list[Event]:
    counters = _counters(turn, token, gateway)
    flows = list(gateway.outgoing)
    if flows:
        flows = gateways.choose_some(gateway, sequence_flows.conditions(turn, token, counters))
    # The token's own flow is its place while it arrives, and while it waits.
    came = {flow.id for flow in _waited(turn, token.scope, gateway.incoming)} | {token.at}
    fired: list[Event] = [
        *_consumed(turn, token, gateway.incoming),
        NodePassed(gateway.id, token.id),
    ]
    if len(came) < len(gateway.incoming):
        fired.append(GatewayActivated(gateway.id, token.scope, tuple(sorted(came))))
    return [*fired, *sequence_flows.take(turn, token, flows)]


def _consumed(turn: Turn, token: Token, flows: Iterable[SequenceFlow]) -> Iterator[Event]:
    """Yield the end of the oldest token of each flow; the one that goes on stands for its own."""
    for flow in flows:
        queue = turn.state.joining.get((token.scope, flow.id))
        if queue and flow.id != token.at:
            yield TokenConsumed(next(iter(queue)))


# What can still come


def _fires(turn: Turn, token: Token, gateway: FlowNode) -> bool:
    if isinstance(gateway, InclusiveGateway):
        return _is_complete(turn, token.scope, gateway)
    if not isinstance(gateway, ComplexGateway):
        return False
    activation = turn.state.activations.get(Activation(token.scope, gateway.id).key)
    if activation is not None:
        return bool(_late_tokens(turn, activation)) and _is_reset(turn, activation)
    if gateway.activation_condition is None:
        return _is_complete(turn, token.scope, gateway)
    # Whether it can be read was seen when the token came: then it became an incident.
    seen = _seen(turn, token, gateway)
    return variables.holds(gateway.activation_condition, seen, turn.env.now)


def _is_complete(turn: Turn, scope: str, gateway: FlowNode) -> bool:
    """Return whether no token can reach a flow that still has none, but by one that has some."""
    came = _waited(turn, scope, gateway.incoming)
    missing = [flow for flow in gateway.incoming if flow not in came]
    return not _can_come(turn, scope, gateway, missing, came)


def _is_reset(turn: Turn, activation: Activation) -> bool:
    gateway = turn.process.nodes[activation.element]
    waited = _waited(turn, activation.scope, gateway.incoming)
    missing = [
        flow for flow in gateway.incoming if flow.id not in activation.flows and flow not in waited
    ]
    came = [flow for flow in gateway.incoming if flow not in missing]
    return not _can_come(turn, activation.scope, gateway, missing, came)


def _can_come(
    turn: Turn,
    scope: str,
    gateway: FlowNode,
    missing: Iterable[SequenceFlow],
    came: Iterable[SequenceFlow],
) -> bool:
    turn.require(scope)
    upstream = turn.process.upstream(gateway.id)
    to_missing = [upstream[flow.id] for flow in missing]
    to_came = [upstream[flow.id] for flow in came]
    return any(
        any(at in places for places in to_missing) and not any(at in places for places in to_came)
        for at in turn.state.positions.get(scope, {})
    )


def _late_tokens(turn: Turn, activation: Activation) -> list[SequenceFlow]:
    gateway = turn.process.nodes[activation.element]
    waited = _waited(turn, activation.scope, gateway.incoming)
    return [flow for flow in waited if flow.id not in activation.flows]


def _waited(turn: Turn, scope: str, flows: Iterable[SequenceFlow]) -> list[SequenceFlow]:
    return [flow for flow in flows if turn.state.joining.get((scope, flow.id))]


def _first_waiting(turn: Turn, scope: str, flows: Iterable[SequenceFlow]) -> Token | None:
    queues = (turn.state.joining.get((scope, flow.id)) for flow in flows)
    heads = (turn.state.tokens[next(iter(queue))] for queue in queues if queue)
    return min(heads, key=lambda token: token.since, default=None)


def _activations(turn: Turn, scope: str) -> list[Activation]:
    return [turn.state.activations[key] for key in turn.state.resetting.get(scope, ())]


# The condition of a complex gateway


def _is_activated(turn: Turn, token: Token, gateway: ComplexGateway) -> bool:
    if gateway.activation_condition is None:
        return True
    seen = _seen(turn, token, gateway)
    answer, why = variables.truth(gateway.activation_condition, seen, turn.env.now)
    if answer is None:
        raise ConditionUnreadable(flow=gateway.id, warnings=why)
    return answer


def _seen(turn: Turn, token: Token, gateway: ComplexGateway) -> Mapping[str, Any]:
    return variables.before(_counters(turn, token, gateway), turn.view(token))


def _counters(turn: Turn, token: Token, gateway: ComplexGateway) -> dict[str, Any]:
    """Return what the gateway's conditions read: how many wait on all its flows, and its phase."""
    queues = (turn.state.joining.get((token.scope, flow.id), {}) for flow in gateway.incoming)
    arriving = token.status is not TokenStatus.JOINING
    return {
        "activationCount": sum(len(queue) for queue in queues) + arriving,
        "waitingForStart": True,
    }


def _next_in_turn(turn: Turn, scope: str, level: str) -> Token | None:
    """Return the next activity of a sequential ad-hoc sub-process, where none is being done."""
    node = turn.process.nodes.get(level)
    if not (isinstance(node, SubProcess) and node.sequential):
        return None
    waiting = [one for one in turn.inside(scope) if one.status is TokenStatus.JOINING]
    queue = (one for one in waiting if not isinstance(turn.node(one), Gateway))
    first = min(queue, key=lambda one: one.since, default=None)
    busy = first is None or adhoc.waits_its_turn(turn, first)
    return None if busy else first
