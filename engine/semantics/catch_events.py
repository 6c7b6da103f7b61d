"""Catching events: what they wait for, in the flow and on the boundary of an activity.

BPMN 2.0.2, 13.5.2 and 13.5.3. The timer or message of a boundary event lives as long as the
activity it is attached to.
"""

from __future__ import annotations

from engine.bpmn.elements import BoundaryEvent, IntermediateCatchEvent
from engine.bpmn.events import MessageDefinition, TimerDefinition
from engine.semantics import activities, correlation, timers, variables
from engine.semantics.errors import NodeUnsupported, TimerNotDue, TimerUnreadable
from engine.semantics.events import (
    Event,
    MessageAwaited,
    MessageReceived,
    NodePassed,
    TimerScheduled,
    TimerTriggered,
    TokenPlaced,
)
from engine.semantics.state import Subscription, Timer, Token, Values
from engine.semantics.timers import Due
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, event: IntermediateCatchEvent) -> list[Event]:
    """Wait in the flow.

    Raises:
        TimerUnreadable: The timer would never come.
    """
    waits = await_event(turn, token, event)
    if not waits:
        raise TimerUnreadable(text=event.id)
    return waits


def watch_boundary(turn: Turn, token: Token) -> list[Event]:
    """Wait for every event on the boundary of the token's activity."""
    events = turn.process.boundaries.get(token.at, ())
    return [wait for event in events for wait in await_event(turn, token, event)]


def await_event(
    turn: Turn, token: Token, event: IntermediateCatchEvent | BoundaryEvent
) -> list[Event]:
    """Return the wait for one event, or nothing for a timer that comes zero times.

    Raises:
        NodeUnsupported: The event is of a kind the engine does not know.
    """
    seen = turn.view(token)
    match event.definition:
        case TimerDefinition() as definition:
            due = timers.first_due(
                definition, lambda text: variables.evaluate(text, seen, turn.env.now), turn.env.now
            )
            return [_scheduled(turn, token, event.id, due)] if due else []
        case MessageDefinition() as definition:
            key = definition.correlation_key
            known = (
                None
                if key is None
                else correlation.key_of(variables.evaluate(key, seen, turn.env.now))
            )
            return [_awaited(turn, token, event.id, definition.name, known)]
    raise NodeUnsupported(element=event.id, kind=type(event.definition).__name__)


def trigger(turn: Turn, timer: Timer) -> list[Event]:
    """Let a timer fire.

    Raises:
        TimerNotDue: Its time has not come.
    """
    if turn.env.now < timer.due_at:
        raise TimerNotDue(due_at=timer.due_at.isoformat())
    fired: list[Event] = [TimerTriggered(timer.id, timer.element)]
    boundary = _boundary(turn, timer)
    if boundary is None:
        return fired
    fired += _occur(turn, timer, boundary)
    due = timers.next_due(Due(timer.due_at, timer.cycle, timer.left), turn.env.now)
    if due and not boundary.interrupting:
        fired.append(_scheduled(turn, turn.state.tokens[timer.token], timer.element, due))
    return fired


def receive(turn: Turn, subscription: Subscription, values: Values) -> list[Event]:
    """Take in a message; a non-interrupting boundary event waits for the next one at once."""
    host = turn.state.tokens[subscription.token]
    node = turn.process.nodes[subscription.element]
    received: list[Event] = [MessageReceived(subscription.id, subscription.element)]
    boundary = _boundary(turn, subscription)
    if boundary is None:
        return [*activities.results(turn, host, node, values), *received]
    received += variables.written(turn.state, host.scope, values)
    received += _occur(turn, subscription, boundary)
    if not boundary.interrupting:
        again = _awaited(turn, host, boundary.id, subscription.name, subscription.key)
        received.append(again)
    return received


def _boundary(turn: Turn, wait: Timer | Subscription) -> BoundaryEvent | None:
    node = turn.process.nodes[wait.element]
    return node if isinstance(node, BoundaryEvent) else None


def _occur(turn: Turn, wait: Timer | Subscription, boundary: BoundaryEvent) -> list[Event]:
    """Put a token at the boundary event, and end its activity where the event interrupts."""
    host = turn.state.tokens[wait.token]
    token = turn.env.ids()
    occurred: list[Event] = [
        TokenPlaced(token, boundary.id, host.scope),
        NodePassed(boundary.id, token),
    ]
    if boundary.interrupting:
        occurred += activities.terminate(turn, host, spent=wait.id)
    return occurred


def _scheduled(turn: Turn, token: Token, element: str, due: Due) -> TimerScheduled:
    return TimerScheduled(
        turn.env.ids(), element, token.activity, token.id, due.at, due.cycle, due.left
    )


def _awaited(turn: Turn, token: Token, element: str, name: str, key: str | None) -> MessageAwaited:
    return MessageAwaited(turn.env.ids(), element, token.activity, token.id, name, key)
