"""Throwing events, in the flow and at its end. BPMN 2.0.2, 13.5.1, 13.5.2 and 13.5.5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.elements import EndEvent, IntermediateThrowEvent, ThrowEvent
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    LinkDefinition,
    MessageDefinition,
    SignalDefinition,
    TerminateDefinition,
)
from engine.semantics import (
    activities,
    catch_events,
    compensation,
    jobs,
    propagation,
    sequence_flows,
    transactions,
    variables,
    waits,
)
from engine.semantics.errors import LinkMissing, NodeUnsupported
from engine.semantics.events import (
    Event,
    LinkFollowed,
    MessageThrown,
    NodePassed,
    SignalThrown,
    TokenConsumed,
    WorkDone,
)
from engine.semantics.state import Token, Values
from engine.semantics.turn import Turn


def enter(turn: Turn, token: Token, event: IntermediateThrowEvent) -> list[Event]:
    """Throw and go on at once, unless that takes time.

    Raises:
        NodeUnsupported: What it throws cannot be thrown on the way.
    """
    if takes_time(event):
        return activities.enter(turn, token, event)
    if isinstance(event.definition, LinkDefinition):
        return _jump(turn, token, event, event.definition.name)
    thrown, goes_on = _throw(turn, token, event)
    onward = sequence_flows.take(turn, token, event.outgoing) if goes_on else []
    return [NodePassed(event.id, token.id), *thrown, *onward]


def enter_end(turn: Turn, token: Token, event: EndEvent) -> list[Event]:
    """Throw and end the token's path; a terminate end event ends all others of its scope too.

    Raises:
        NodeUnsupported: What it throws cannot be thrown at the end.
    """
    if takes_time(event):
        return activities.enter(turn, token, event)
    if any(isinstance(one, CancelDefinition) for one in event.definitions):
        return [NodePassed(event.id, token.id), *transactions.cancel(turn, token, event)]
    thrown, goes_on = _throw(turn, token, event)
    ended: list[Event] = [NodePassed(event.id, token.id), *thrown]
    if not goes_on:
        return ended
    return [*ended, *_terminated(turn, token, event), TokenConsumed(token.id)]


def begin(turn: Turn, token: Token, event: ThrowEvent) -> list[Event]:
    """Offer the message to a connector, undo what was done, or throw after what listens is told."""
    if event.job_type:
        return jobs.begin(turn, token, event)
    if any(isinstance(one, CompensationDefinition) for one in event.definitions):
        return compensation.begin(turn, token, event)
    if any(isinstance(one, CancelDefinition) for one in event.definitions):
        return transactions.cancel(turn, token, event)
    thrown, goes_on = _throw(turn, token, event)
    if not goes_on:
        return thrown
    return [*thrown, *_terminated(turn, token, event), WorkDone(token.activity, token.id)]


def takes_time(event: ThrowEvent) -> bool:
    """Return whether a token rests in the event."""
    undoes = any(isinstance(one, CompensationDefinition) for one in event.definitions)
    is_heard = event.start_listeners or event.end_listeners
    return bool(event.job_type or undoes or is_heard)


def thrown_message(
    turn: Turn, token: Token, element: str, definition: MessageDefinition, values: Values
) -> MessageThrown:
    """Return the message as it leaves the run: its name and key as the token sees them."""
    name, key = waits.addressed(turn, definition, turn.view(token))
    return MessageThrown(element, token.id, name, key, values)


def _throw(turn: Turn, token: Token, event: ThrowEvent) -> tuple[list[Event], bool]:
    """Throw what the definitions say, in order, until one ends the token that throws."""
    seen = turn.view(token)
    values = variables.mapped(event.inputs, seen, turn.env.now)
    thrown: list[Event] = []
    for definition in event.definitions:
        if isinstance(definition, ErrorDefinition):
            return [
                *thrown,
                *propagation.throw_error(turn, token, definition.code or "", values),
            ], False
        if isinstance(definition, EscalationDefinition):
            told, goes_on = propagation.throw_escalation(turn, token, definition.code or "", values)
            thrown += told
            if not goes_on:
                return thrown, False
        else:
            thrown += _sent(turn, token, event, definition, values, seen)
    return thrown, True


def _signal(turn: Turn, token: Token, event: ThrowEvent, name: str, values: Values) -> SignalThrown:
    """Throw a signal, after a look that all in the run who wait for it can hear it.

    Raises:
        DomainError: One of them cannot make anything of what it brings.
    """
    for subscription in turn.state.signals.get(name, ()):
        catch_events.receive(turn, turn.state.subscriptions[subscription], values)
    return SignalThrown(event.id, token.id, name, values)


def _terminated(turn: Turn, token: Token, event: ThrowEvent) -> list[Event]:
    if not any(isinstance(one, TerminateDefinition) for one in event.definitions):
        return []
    return activities.terminate_others(turn, token.scope, survivor=token.id)


def _sent(
    turn: Turn,
    token: Token,
    event: ThrowEvent,
    definition: EventDefinition,
    values: Values,
    seen: Mapping[str, Any],
) -> list[Event]:
    match definition:
        case SignalDefinition():
            return [_signal(turn, token, event, waits.name_of(turn, definition.name, seen), values)]
        case MessageDefinition():
            return [thrown_message(turn, token, event.id, definition, values)]
        case TerminateDefinition() if isinstance(event, EndEvent):
            return []
    raise NodeUnsupported(element=event.id, kind=type(definition).__name__)


def _jump(turn: Turn, token: Token, event: IntermediateThrowEvent, name: str) -> list[Event]:
    target = turn.process.link(event.scope, name)
    if target is None:
        raise LinkMissing(element=event.id, name=name)
    return [
        NodePassed(event.id, token.id),
        LinkFollowed(target.id, token.id),
        NodePassed(target.id, token.id),
    ]
