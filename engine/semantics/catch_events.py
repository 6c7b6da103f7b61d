"""Catching events: what follows when what they wait for comes true. BPMN 2.0.2, 13.5.2 to 13.5.4.

A wait may be for an event in the flow, behind an event-based gateway, on the boundary of an
activity, or at the start of an event sub-process.
"""

from __future__ import annotations

from engine.bpmn.elements import (
    BoundaryEvent,
    FlowNode,
    IntermediateCatchEvent,
    ReceiveTask,
    StartEvent,
)
from engine.bpmn.elements import Event as CatchEvent
from engine.bpmn.events import ConditionalDefinition
from engine.semantics import (
    activities,
    boundaries,
    event_gateways,
    event_subprocesses,
    timers,
    variables,
    waits,
)
from engine.semantics.errors import TimerNotDue, TimerUnreadable
from engine.semantics.events import (
    ConditionAwaited,
    ConditionLapsed,
    ConditionMet,
    Event,
    MessageAwaited,
    MessageReceived,
    SignalAwaited,
    SignalReceived,
    TimerTriggered,
)
from engine.semantics.state import Awaited, Subscription, Timer, Token, Values
from engine.semantics.timers import Due
from engine.semantics.turn import Turn
from engine.semantics.waits import Waiter


def begin(turn: Turn, token: Token, event: IntermediateCatchEvent) -> list[Event]:
    """Wait in the flow.

    Raises:
        TimerUnreadable: The timer would never come.
    """
    awaited = waits.await_event(turn, waits.of_token(turn, token), event)
    if not awaited:
        raise TimerUnreadable(text=event.id)
    return awaited


def begin_receive(turn: Turn, token: Token, task: ReceiveTask) -> list[Event]:
    """Wait for the message of a receive task."""
    return waits.await_message(turn, waits.of_token(turn, token), task)


def trigger(turn: Turn, timer: Timer) -> list[Event]:
    """Let a timer fire.

    Raises:
        TimerNotDue: Its time has not come.
    """
    if turn.env.now < timer.due_at:
        raise TimerNotDue(due_at=timer.due_at.isoformat())
    again: list[Event] = []
    due = timers.next_due(Due(timer.due_at, timer.cycle, timer.left), turn.env.now)
    if due is not None:
        waiter = Waiter(timer.activity, timer.token, {})
        again.append(waits.scheduled(turn, waiter, timer.element, due, joint=timer.joint))
    return _occur(turn, timer, TimerTriggered(timer.id, timer.element), {}, again)


def receive(turn: Turn, awaited: Subscription, values: Values) -> list[Event]:
    """Take in the message or signal of a subscription."""
    place = (awaited.element, awaited.activity, awaited.token, awaited.name)
    if awaited.kind is Awaited.SIGNAL:
        heard = SignalReceived(awaited.id, awaited.element)
        again: Event = SignalAwaited(turn.env.ids(), *place, awaited.joint)
        return _occur(turn, awaited, heard, values, [again])
    again = MessageAwaited(turn.env.ids(), *place, awaited.key, awaited.joint)
    received = MessageReceived(awaited.id, awaited.element)
    return _occur(turn, awaited, received, values, [again])


def judge(turn: Turn, awaited: Subscription) -> list[Event]:
    """Look whether a condition has become true, or no longer is."""
    holds = _holds(turn, awaited)
    if holds is awaited.met:
        return []
    if not holds:
        return [ConditionLapsed(awaited.id)]
    place = (awaited.element, awaited.activity, awaited.token)
    again = ConditionAwaited(turn.env.ids(), *place, awaited.ordinal, joint=awaited.joint, met=True)
    return _occur(turn, awaited, ConditionMet(awaited.id, awaited.element), {}, [again])


def _holds(turn: Turn, awaited: Subscription) -> bool:
    node = turn.process.nodes[awaited.element]
    definition = _definitions(node)[awaited.ordinal]
    if not isinstance(definition, ConditionalDefinition):
        return False
    host = turn.state.tokens.get(awaited.token)
    seen = turn.view(host) if host else turn.seen(awaited.activity)
    return variables.holds(definition.condition, seen, turn.env.now)


def _definitions(node: FlowNode) -> tuple[object, ...]:
    return node.definitions if isinstance(node, CatchEvent) else ()


def _occur(
    turn: Turn, wait: Timer | Subscription, happened: Event, values: Values, again: list[Event]
) -> list[Event]:
    """Return what follows; `again` is the next wait, for an event that does not interrupt."""
    node = turn.process.nodes[wait.element]
    if wait.joint and _others(turn, wait):
        return [*_kept(turn, wait, node, values), happened]
    if isinstance(node, BoundaryEvent):
        return [happened, *_at_boundary(turn, wait, node, values, again)]
    if isinstance(node, StartEvent) and not wait.token:
        return [happened, *_at_start(turn, wait, node, values, again)]
    host = turn.state.tokens[wait.token]
    if host.at != node.id:
        return [happened, *event_gateways.choose(turn, host, node, values, spent=wait.id)]
    return [
        *activities.results(turn, host, node, values),
        happened,
        *waits.cancel(turn, wait.activity, element=node.id, spent=wait.id),
    ]


def _at_boundary(
    turn: Turn, wait: Timer | Subscription, event: BoundaryEvent, values: Values, again: list[Event]
) -> list[Event]:
    host = turn.state.tokens[wait.token]
    occurred = boundaries.occur(turn, event, host, values, spent=wait.id)
    if boundaries.interrupts(event):
        return occurred
    waiter = waits.of_token(turn, host)
    return [*occurred, *(waits.await_event(turn, waiter, event) if wait.joint else again)]


def _at_start(
    turn: Turn, wait: Timer | Subscription, start: StartEvent, values: Values, again: list[Event]
) -> list[Event]:
    scope = wait.activity
    triggered = event_subprocesses.trigger(turn, scope, start, values, spent=wait.id)
    if event_subprocesses.interrupts(start):
        return triggered
    waiter = Waiter(scope, "", turn.seen(scope))
    return [*triggered, *(waits.await_event(turn, waiter, start) if wait.joint else again)]


def _kept(turn: Turn, wait: Timer | Subscription, node: FlowNode, values: Values) -> list[Event]:
    """Write what one of several needed triggers brought."""
    host: Token | None = turn.state.tokens.get(wait.token)
    if host is not None and host.at == node.id:
        return activities.results(turn, host, node, values)
    scope = host.scope if host else wait.activity
    return [*variables.written(turn.state, scope, values)]


def _others(turn: Turn, wait: Timer | Subscription) -> bool:
    attached = turn.state.attached.get(wait.activity, ())
    return any(
        other != wait.id and turn.state.wait(other).element == wait.element for other in attached
    )
