"""Element type -> the functions that run it. The one registry: a new element is one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.bpmn.elements import (
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    IntermediateCatchEvent,
    ParallelGateway,
    ScriptTask,
    ServiceTask,
    StarlarkTask,
    StartEvent,
    Unsupported,
    UserTask,
)
from engine.semantics import (
    activities,
    catch_events,
    gateways,
    jobs,
    throw_events,
    user_tasks,
)
from engine.semantics.errors import NodeUnsupported
from engine.semantics.events import Event
from engine.semantics.state import Token, TokenStatus
from engine.semantics.turn import Turn

# Each function takes the node type it is registered for; a mapping cannot say so.
Part: TypeAlias = Callable[[Turn, Token, Any], list[Event]]


def unsupported(_turn: Turn, _token: Token, node: FlowNode) -> list[Event]:
    """Stop the token.

    Raises:
        NodeUnsupported: Always.
    """
    kind = node.kind if isinstance(node, Unsupported) else type(node).__name__
    raise NodeUnsupported(element=node.id, kind=kind)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a token does at a node: reach it, begin its work, complete it, go on."""

    enter: Part = activities.enter
    begin: Part = unsupported
    complete: Part = activities.complete
    leave: Part = activities.leave


BEHAVIOURS: Mapping[type[FlowNode], Behaviour] = {
    StartEvent: Behaviour(enter=unsupported),
    BoundaryEvent: Behaviour(enter=unsupported),
    EndEvent: Behaviour(enter=throw_events.enter_end),
    ExclusiveGateway: Behaviour(enter=gateways.enter_exclusive),
    ParallelGateway: Behaviour(enter=gateways.enter_parallel),
    IntermediateCatchEvent: Behaviour(begin=catch_events.begin),
    UserTask: Behaviour(begin=user_tasks.begin),
    ServiceTask: Behaviour(begin=jobs.begin),
    ScriptTask: Behaviour(begin=activities.evaluate_script),
    StarlarkTask: Behaviour(begin=jobs.begin_script),
}


def step(turn: Turn, token: Token) -> list[Event]:
    """Return what happens next to a token that moves: one step, whole or not at all.

    Raises:
        DomainError: The token cannot go on; nothing of the step has happened.
    """
    node = turn.node(token)
    behaviour = BEHAVIOURS.get(type(node), Behaviour(enter=unsupported))
    match token.status:
        case TokenStatus.READY:
            return behaviour.enter(turn, token, node)
        case TokenStatus.ENTERING:
            watched = catch_events.watch_boundary(turn, token)
            return [*watched, *behaviour.begin(turn, token, node)]
        case TokenStatus.COMPLETING:
            return behaviour.complete(turn, token, node)
        case _:
            return behaviour.leave(turn, token, node)
