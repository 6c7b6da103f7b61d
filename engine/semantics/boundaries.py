"""Boundary events that occur: a token leaves from the event, and the activity may end.

BPMN 2.0.2, 13.5.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.elements import BoundaryEvent, IoMapping
from engine.bpmn.events import CancelDefinition, ErrorDefinition
from engine.semantics import activities, variables
from engine.semantics.events import Event, NodePassed, TokenPlaced
from engine.semantics.state import Token, Values
from engine.semantics.turn import Turn


def occur(
    turn: Turn, event: BoundaryEvent, host: Token, values: Values, *, spent: str = ""
) -> list[Event]:
    """Write what the event brought, put a token at it, and end its activity where it interrupts.

    `host` is the token in the activity, that of the whole where the activity is a loop.
    """
    token = turn.env.ids()
    brought = mapped(turn, event.outputs, values, turn.view(host))
    occurred: list[Event] = [
        *variables.written(turn.state, host.scope, brought),
        TokenPlaced(token, event.id, host.scope),
        NodePassed(event.id, token),
    ]
    if interrupts(event):
        occurred += activities.terminate(turn, host, spent=spent)
    return occurred


def interrupts(event: BoundaryEvent) -> bool:
    """Return whether the activity ends; an error or a cancellation never leaves it going on."""
    always = (ErrorDefinition, CancelDefinition)
    return event.interrupting or any(isinstance(one, always) for one in event.definitions)


def mapped(
    turn: Turn, outputs: tuple[IoMapping, ...], values: Values, seen: Mapping[str, Any]
) -> Values:
    """Return what leaves an event: all that it brought, or what its output mappings choose."""
    if not outputs:
        return values
    return variables.mapped(outputs, variables.before(values, seen), turn.env.now)
