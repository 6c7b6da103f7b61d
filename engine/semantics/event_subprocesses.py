"""Event sub-processes: they begin in a scope, and may end all else in it. BPMN 2.0.2, 13.5.4."""

from __future__ import annotations

from engine.bpmn.elements import StartEvent
from engine.bpmn.events import ErrorDefinition
from engine.semantics import activities, boundaries, variables, waits
from engine.semantics.events import Event, TokenSummoned
from engine.semantics.state import Values
from engine.semantics.turn import Turn


def trigger(
    turn: Turn, scope: str, start: StartEvent, values: Values, *, spent: str = ""
) -> list[Event]:
    """Let the event sub-process of a start event begin in `scope`.

    An interrupting one ends every other token there, and no other can begin any more.
    """
    brought = boundaries.mapped(turn, start.outputs, values, turn.seen(scope))
    triggered: list[Event] = [
        *variables.written(turn.state, scope, brought),
        TokenSummoned(turn.env.ids(), start.scope, scope),
    ]
    if interrupts(start):
        triggered += waits.cancel_starts(turn, scope, spent=spent)
        triggered += activities.terminate_others(turn, scope, spent=spent)
    return triggered


def interrupts(start: StartEvent) -> bool:
    """Return whether all else in the scope ends; after an error nothing can go on."""
    return start.interrupting or any(isinstance(one, ErrorDefinition) for one in start.definitions)
