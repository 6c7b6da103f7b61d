"""Event-based gateways: the event that occurs first decides. BPMN 2.0.2, 13.4.4.

The token rests at the gateway with the waits of every target; these name the target, so that the
one that comes true says where the token goes.
"""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.elements import EventBasedGateway, FlowNode, IntermediateCatchEvent, ReceiveTask
from engine.semantics import activities, waits
from engine.semantics.errors import NodeUnsupported
from engine.semantics.events import (
    ActivityActivated,
    ActivityCompleted,
    Event,
    ScopeOpened,
    SequenceFlowTaken,
    VariablesSet,
    WorkBegun,
    WorkDone,
)
from engine.semantics.state import Token, Values
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, gateway: EventBasedGateway) -> list[Event]:
    """Wait for the events behind the gateway.

    Raises:
        NodeUnsupported: Something else than a catching event or a receive task stands there.
    """
    targets = (turn.process.nodes[flow.target] for flow in gateway.outgoing)
    awaited = [wait for target in targets for wait in _awaited(turn, token, target)]
    return [WorkBegun(token.activity, token.id), *awaited]


def choose(turn: Turn, host: Token, target: FlowNode, values: Values, *, spent: str) -> list[Event]:
    """Send the token along the flow to the event that occurred, which is thereby complete."""
    flow = next(flow for flow in turn.node(host).outgoing if flow.target == target.id)
    visit = turn.env.ids()
    _, outputs = activities.mappings(target)
    opened: list[Event] = []
    if outputs:
        opened.append(ScopeOpened(visit, host.scope, target.id))
        opened += [VariablesSet(visit, values)] if values else []
    else:
        opened += activities.results(turn, replace(host, activity=""), target, values)
    return [
        *waits.cancel(turn, host.activity, spent=spent),
        WorkDone(host.activity, host.id),
        ActivityCompleted(host.activity, host.at, host.id),
        SequenceFlowTaken(flow.id, host.id, host.scope),
        ActivityActivated(visit, target.id, host.id),
        *opened,
        WorkDone(visit, host.id),
    ]


def _awaited(turn: Turn, token: Token, target: FlowNode) -> list[Event]:
    waiter = waits.of_token(turn, token)
    if isinstance(target, IntermediateCatchEvent):
        return waits.await_event(turn, waiter, target)
    if isinstance(target, ReceiveTask):
        return waits.await_message(turn, waiter, target)
    raise NodeUnsupported(element=target.id, kind=f"{type(target).__name__} after events")
