"""Waiting for events: the timers, messages, signals and conditions that an event needs.

BPMN 2.0.2, 13.5.2 to 13.5.4. Errors, escalations, cancellations and compensations are not waited
for: whoever throws one looks for who catches it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.bpmn.elements import (
    BoundaryEvent,
    IntermediateCatchEvent,
    ReceiveTask,
    StartEvent,
    SubProcess,
)
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ConditionalDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    MessageDefinition,
    SignalDefinition,
    TimerDefinition,
)
from engine.semantics import correlation, timers, variables
from engine.semantics.errors import NodeUnsupported
from engine.semantics.events import (
    ConditionAwaited,
    Event,
    MessageAwaited,
    SignalAwaited,
    SubscriptionCancelled,
    TimerCancelled,
    TimerScheduled,
)
from engine.semantics.state import Token
from engine.semantics.timers import Due
from engine.semantics.turn import Turn

CatchEvent: TypeAlias = IntermediateCatchEvent | BoundaryEvent | StartEvent
_THROWN = (ErrorDefinition, EscalationDefinition, CancelDefinition, CompensationDefinition)


@dataclass(frozen=True, slots=True)
class Waiter:
    """Who waits: a visit with its token, or a scope (then without one), and what it sees."""

    activity: str
    token: str
    seen: Mapping[str, Any]


def of_token(turn: Turn, token: Token) -> Waiter:
    """Return the token as the one who waits."""
    return Waiter(token.activity, token.id, turn.view(token))


def await_event(turn: Turn, waiter: Waiter, event: CatchEvent) -> list[Event]:
    """Return the waits for an event: one per definition, none for what is only thrown.

    A timer that comes zero times gives none either.

    Raises:
        NodeUnsupported: An event of this kind cannot be waited for.
        TimerUnreadable: The timer cannot be read.
    """
    joint = event.parallel_multiple and len(event.definitions) > 1
    return [
        wait
        for ordinal, definition in enumerate(event.definitions)
        for wait in _awaited(turn, waiter, event.id, definition, ordinal, joint=joint)
    ]


def await_message(turn: Turn, waiter: Waiter, task: ReceiveTask) -> list[Event]:
    """Return the wait of a receive task.

    Raises:
        NodeUnsupported: It names no message.
    """
    if task.definition is None:
        raise NodeUnsupported(element=task.id, kind="receiveTask without a message")
    return _awaited(turn, waiter, task.id, task.definition, 0, joint=False)


def watch_boundary(turn: Turn, token: Token) -> list[Event]:
    """Wait for every event on the boundary of the token's activity."""
    events = turn.process.boundaries.get(token.at, ())
    if not events:
        return []
    waiter = of_token(turn, token)
    return [wait for event in events for wait in await_event(turn, waiter, event)]


def watch_starts(
    turn: Turn, scope: str, level: str, seen: Mapping[str, Any] | None = None
) -> list[Event]:
    """Wait for whatever begins an event sub-process of a scope.

    `seen` is what the scope will see where it is not open yet.
    """
    esubs = turn.process.event_subprocesses(level)
    if not esubs:
        return []
    waiter = Waiter(scope, "", turn.seen(scope) if seen is None else seen)
    return [
        wait
        for esub in esubs
        for start in starts_of(turn, esub)
        for wait in await_event(turn, waiter, start)
    ]


def starts_of(turn: Turn, esub: SubProcess) -> list[StartEvent]:
    """Return the start events of an event sub-process: in a sound model there is one."""
    return [node for node in turn.process.level(esub.id) if isinstance(node, StartEvent)]


def cancel(turn: Turn, activity: str, *, element: str = "", spent: str = "") -> list[Event]:
    """End the waits of a visit or scope, or those for one event alone, but not one used up."""
    return [
        TimerCancelled(wait) if wait in turn.state.timers else SubscriptionCancelled(wait)
        for wait in turn.state.attached.get(activity, ())
        if wait != spent and (not element or turn.state.wait(wait).element == element)
    ]


def cancel_starts(turn: Turn, scope: str, *, spent: str = "") -> list[Event]:
    """End the waits for the event sub-processes of a scope, but not one used up."""
    return [
        TimerCancelled(wait) if wait in turn.state.timers else SubscriptionCancelled(wait)
        for wait in turn.state.attached.get(scope, ())
        if wait != spent and not turn.state.wait(wait).token
    ]


def scheduled(turn: Turn, waiter: Waiter, element: str, due: Due, *, joint: bool) -> TimerScheduled:
    """Return the fact that a timer counts."""
    return TimerScheduled(
        timer=turn.env.ids(),
        element=element,
        activity=waiter.activity,
        token=waiter.token,
        due_at=due.at,
        cycle=due.cycle,
        left=due.left,
        joint=joint,
    )


def _awaited(
    turn: Turn,
    waiter: Waiter,
    element: str,
    definition: EventDefinition,
    ordinal: int,
    *,
    joint: bool,
) -> list[Event]:
    place = (element, waiter.activity, waiter.token)
    match definition:
        case TimerDefinition():
            due = timers.first_due(
                definition,
                lambda text: variables.evaluate(text, waiter.seen, turn.env.now),
                turn.env.now,
            )
            return [scheduled(turn, waiter, element, due, joint=joint)] if due else []
        case MessageDefinition():
            name, key = addressed(turn, definition, waiter.seen)
            return [MessageAwaited(turn.env.ids(), *place, name, key, joint)]
        case SignalDefinition():
            name = name_of(turn, definition.name, waiter.seen)
            return [SignalAwaited(turn.env.ids(), *place, name, joint)]
        case ConditionalDefinition():
            return [ConditionAwaited(turn.env.ids(), *place, ordinal, joint)]
        case _ if isinstance(definition, _THROWN):
            return []
    raise NodeUnsupported(element=element, kind=type(definition).__name__)


def addressed(
    turn: Turn, definition: MessageDefinition, seen: Mapping[str, Any]
) -> tuple[str, str | None]:
    """Return the name and the correlation key of a message; None takes or reaches any.

    Raises:
        ValueUnusable: One of them gives a value that is none.
    """
    key = definition.correlation_key
    known = None
    if key is not None:
        known = correlation.key_of(variables.evaluate(key, seen, turn.env.now))
    return name_of(turn, definition.name, seen), known


def name_of(turn: Turn, written_as: str, seen: Mapping[str, Any]) -> str:
    """Return the name of a message or signal.

    Raises:
        ValueUnusable: Its expression gives no text.
    """
    name = variables.text_of(written_as, seen, turn.env.now)
    if not isinstance(name, str) or not 0 < len(name) <= variables.MAX_NAME:
        raise variables.unusable(
            written_as, name, f"a name of 1 to {variables.MAX_NAME} characters"
        )
    return name
