"""Errors and escalations: thrown somewhere, caught by the nearest who can. BPMN 2.0.2, 13.5.6.

The way goes outwards: the boundary of the activity, the event sub-processes of the scope around it,
the boundary of what holds that scope, and so on. At one place an event that names the code goes
before one that takes any; a nearer place goes before a farther one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from engine.bpmn.elements import BoundaryEvent, FlowNode, StartEvent, SubProcess, SubProcessKind
from engine.bpmn.events import ErrorDefinition, EscalationDefinition
from engine.semantics import activities, boundaries, event_subprocesses, waits
from engine.semantics.errors import ErrorUncaught
from engine.semantics.events import (
    ErrorEscaped,
    ErrorThrown,
    EscalationEscaped,
    EscalationThrown,
    Event,
    InstanceCancelled,
)
from engine.semantics.state import Token, Values
from engine.semantics.turn import Turn

Thrown: TypeAlias = type[ErrorDefinition] | type[EscalationDefinition]
C = TypeVar("C", BoundaryEvent, StartEvent)


@dataclass(frozen=True, slots=True)
class Catch:
    """Who catches: a boundary event of the activity a token is in, or a start event in a scope."""

    event: BoundaryEvent | StartEvent
    host: Token | None
    scope: str

    @property
    def interrupts(self) -> bool:
        """Return whether what it was thrown in ends."""
        if isinstance(self.event, BoundaryEvent):
            return boundaries.interrupts(self.event)
        return event_subprocesses.interrupts(self.event)

    def occur(self, turn: Turn, values: Values, spent: str) -> list[Event]:
        """Return what catching makes happen."""
        if isinstance(self.event, BoundaryEvent) and self.host is not None:
            return boundaries.occur(turn, self.event, self.host, values, spent=spent)
        if isinstance(self.event, StartEvent):
            return event_subprocesses.trigger(turn, self.scope, self.event, values, spent=spent)
        return []


def throw_error(
    turn: Turn, token: Token, code: str, values: Values, *, message: str = "", spent: str = ""
) -> list[Event]:
    """Throw an error from where a token is; it ends whatever it is caught around.

    A called run that does not catch it ends, and its caller is told.

    Raises:
        ErrorUncaught: Nothing catches it; nothing has happened.
    """
    thrown = ErrorThrown(turn.node(token).id, token.id, code, message)
    catch = find(turn, token, ErrorDefinition, code)
    if catch is not None:
        return [thrown, *catch.occur(turn, values, spent)]
    if not turn.state.called:
        raise ErrorUncaught(element=thrown.element, error=code or "-", message=message)
    root = turn.state.instance
    return [
        thrown,
        ErrorEscaped(code, message, values),
        *activities.terminate_others(turn, root, spent=spent),
        *waits.cancel_starts(turn, root),
        InstanceCancelled(f"error {code}".strip()),
    ]


def throw_to_namesake(
    turn: Turn, token: Token, code: str, values: Values, message: str
) -> list[Event]:
    """Throw an error to the nearest event that names its code; nothing happens without one.

    For what goes wrong outside: who takes any error means those of the model.
    """
    for catch in _catches(turn, token, ErrorDefinition, code):
        if any(isinstance(one, ErrorDefinition) and one.code for one in catch.event.definitions):
            thrown = ErrorThrown(turn.node(token).id, token.id, code, message)
            return [thrown, *catch.occur(turn, values, "")]
    return []


def throw_escalation(
    turn: Turn, token: Token, code: str, values: Values
) -> tuple[list[Event], bool]:
    """Throw an escalation; answer what happens, and whether the token that throws goes on.

    One that nobody catches is no failure (10.5.5).
    """
    thrown: list[Event] = [EscalationThrown(turn.node(token).id, token.id, code)]
    catch = find(turn, token, EscalationDefinition, code)
    if catch is None:
        escaped = [EscalationEscaped(code, values)] if turn.state.called else []
        return [*thrown, *escaped], True
    return [*thrown, *catch.occur(turn, values, "")], not catch.interrupts


def find(turn: Turn, token: Token, kind: Thrown, code: str) -> Catch | None:
    """Return who catches what a token throws."""
    return next((catch for catch in _catches(turn, token, kind, code)), None)


def _catches(turn: Turn, token: Token, kind: Thrown, code: str) -> Iterator[Catch]:
    here: Token | None = token
    while here is not None:
        # The boundary belongs to the whole of a loop. What is only being undone has none.
        if not here.item and here.activity not in turn.state.compensations:
            boundary = _best(turn.process.boundaries.get(here.at, ()), kind, code)
            if boundary is not None:
                yield Catch(boundary, here, here.scope)
        start = _best(_starts(turn, here), kind, code)
        if start is not None:
            yield Catch(start, None, here.scope)
        here = turn.owner(here.scope)


def _starts(turn: Turn, token: Token) -> Iterator[StartEvent]:
    """Yield the start events of the event sub-processes around a token.

    One never catches what comes out of itself; one that interrupts has ended what the others
    would be for.
    """
    level = turn.level(token.scope)
    if level is None:
        return
    node = turn.process.nodes.get(token.at)
    if _has_interrupted(turn, node):
        return
    for esub in turn.process.event_subprocesses(level):
        if esub is not node:
            yield from waits.starts_of(turn, esub)


def _has_interrupted(turn: Turn, node: FlowNode | None) -> bool:
    if not (isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT):
        return False
    return any(event_subprocesses.interrupts(start) for start in waits.starts_of(turn, node))


def _best(events: Iterable[C], kind: Thrown, code: str) -> C | None:
    """Return the event that names the code, else the one that takes any."""
    takes_any = None
    for event in events:
        for definition in event.definitions:
            if not isinstance(definition, kind):
                continue
            if definition.code and definition.code == code:
                return event
            takes_any = takes_any or (None if definition.code else event)
    return takes_any
