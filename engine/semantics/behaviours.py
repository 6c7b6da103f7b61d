"""Element type -> the functions that run it. The one registry: a new element is one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, TypeAlias

from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    ComplexGateway,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ManualTask,
    ParallelGateway,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    StarlarkTask,
    StartEvent,
    SubProcess,
    SubProcessKind,
    Task,
    ThrowEvent,
    Unsupported,
    UserTask,
)
from engine.semantics import (
    activities,
    adhoc,
    business_rules,
    calls,
    catch_events,
    event_gateways,
    gateways,
    jobs,
    joins,
    listeners,
    loops,
    send_tasks,
    sub_processes,
    throw_events,
    user_tasks,
    waits,
)
from engine.semantics.errors import NodeUnsupported
from engine.semantics.events import Event, JoinAwaited
from engine.semantics.state import Token, TokenStatus
from engine.semantics.turn import Turn

# Each function takes the node type it is registered for; a mapping cannot say so.
Listened: TypeAlias = Activity | ThrowEvent | IntermediateCatchEvent
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
    """What a token does at a node: reach it, join others, begin its work, complete it, go on."""

    enter: Part = activities.enter
    join: Part = unsupported
    begin: Part = unsupported
    complete: Part = activities.complete
    leave: Part = adhoc.leave


def _listened(behaviour: Behaviour) -> Behaviour:
    """Return the behaviour with the element's listeners before and after its work."""

    def begin(turn: Turn, token: Token, node: Listened) -> list[Event]:
        told = listeners.due(turn, token, node, listeners.START)
        return told or behaviour.begin(turn, token, node)

    def complete(turn: Turn, token: Token, node: Listened) -> list[Event]:
        told = listeners.due(turn, token, node, listeners.END)
        if listeners.is_begun(token, listeners.END):
            # The outputs were written before the first of them.
            return told or behaviour.complete(turn, token, replace(node, outputs=()))
        if told:
            return [*activities.map_outputs(turn, token, node), *told]
        return behaviour.complete(turn, token, node)

    return replace(behaviour, begin=begin, complete=complete)


EVENTS_AND_GATEWAYS: Mapping[type[FlowNode], Behaviour] = {
    StartEvent: Behaviour(enter=unsupported),
    BoundaryEvent: Behaviour(enter=unsupported),
    EndEvent: _listened(Behaviour(enter=throw_events.enter_end, begin=throw_events.begin)),
    IntermediateThrowEvent: _listened(
        Behaviour(enter=throw_events.enter, begin=throw_events.begin)
    ),
    IntermediateCatchEvent: _listened(Behaviour(begin=catch_events.begin)),
    ExclusiveGateway: Behaviour(enter=gateways.enter_exclusive),
    ParallelGateway: Behaviour(enter=gateways.enter_parallel),
    InclusiveGateway: Behaviour(enter=joins.enter_inclusive, join=joins.fire_inclusive),
    ComplexGateway: Behaviour(enter=joins.enter_complex, join=joins.fire_complex),
    EventBasedGateway: Behaviour(begin=event_gateways.begin),
}
ACTIVITIES: Mapping[type[Activity] | SubProcessKind, Behaviour] = {
    Task: Behaviour(begin=activities.pass_at_once),
    ManualTask: Behaviour(begin=user_tasks.begin_manual),
    UserTask: Behaviour(begin=user_tasks.begin),
    ServiceTask: Behaviour(begin=jobs.begin),
    BusinessRuleTask: Behaviour(begin=business_rules.begin),
    SendTask: Behaviour(begin=send_tasks.begin),
    ReceiveTask: Behaviour(begin=catch_events.begin_receive),
    ScriptTask: Behaviour(begin=activities.evaluate_script),
    StarlarkTask: Behaviour(begin=jobs.begin_script),
    CallActivity: Behaviour(begin=calls.begin),
    SubProcess: Behaviour(begin=sub_processes.begin),
    SubProcessKind.ADHOC: Behaviour(begin=adhoc.begin, complete=adhoc.complete),
}
"""What an activity does when it is done once, without the events on its boundary."""


def _watched(behaviour: Behaviour) -> Behaviour:
    """Return the behaviour with the events on the boundary of the activity."""

    def begin(turn: Turn, token: Token, node: Activity) -> list[Event]:
        return [*waits.watch_boundary(turn, token), *behaviour.begin(turn, token, node)]

    # An activity joins nobody: one that waited for its turn simply goes on.
    return replace(behaviour, join=behaviour.enter, begin=begin)


_ONCE = {kind: _listened(_watched(behaviour)) for kind, behaviour in ACTIVITIES.items()}
_ROUND = {
    kind: _listened(replace(behaviour, enter=loops.enter_round, complete=loops.complete_round))
    for kind, behaviour in ACTIVITIES.items()
}
_LOOP = Behaviour(enter=loops.enter, join=loops.enter, begin=loops.begin, complete=loops.complete)


def runs(node: FlowNode) -> bool:
    """Return whether the engine runs a node of this kind."""
    return type(node) in EVENTS_AND_GATEWAYS or type(node) in ACTIVITIES


_PARTS: Mapping[TokenStatus, Callable[[Behaviour], Part]] = {
    TokenStatus.READY: attrgetter("enter"),
    TokenStatus.JOINING: attrgetter("join"),
    TokenStatus.ENTERING: attrgetter("begin"),
    TokenStatus.COMPLETING: attrgetter("complete"),
    TokenStatus.LEAVING: attrgetter("leave"),
}
"""What a token does next, by its status."""


def step(turn: Turn, token: Token) -> list[Event]:
    """Return what happens next to a token that moves: one step, whole or not at all.

    Raises:
        DomainError: The token cannot go on; nothing of the step has happened.
    """
    node = turn.node(token)
    behaviour = _behaviour(token, node)
    if token.status is TokenStatus.READY and adhoc.waits_its_turn(turn, token):
        return [JoinAwaited(token.id, node.id)]
    return _PARTS[token.status](behaviour)(turn, token, node)


def _behaviour(token: Token, node: FlowNode) -> Behaviour:
    """Return what runs the node for this token: a loop as a whole, or one of its rounds."""
    if not isinstance(node, Activity):
        return EVENTS_AND_GATEWAYS.get(type(node), Behaviour(enter=unsupported))
    is_adhoc = isinstance(node, SubProcess) and node.kind is SubProcessKind.ADHOC
    kind = SubProcessKind.ADHOC if is_adhoc else type(node)
    if node.loop is None:
        return _ONCE[kind]
    return _ROUND[kind] if token.item else _LOOP
