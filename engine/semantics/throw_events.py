"""Start and end events. BPMN 2.0.2, 13.5.1 and 13.5.5."""

from __future__ import annotations

from engine.bpmn.elements import EndEvent, StartEvent
from engine.bpmn.events import TerminateDefinition
from engine.bpmn.process import Process
from engine.semantics import activities
from engine.semantics.errors import NodeUnsupported, NoStartEvent
from engine.semantics.events import Event, NodePassed, TokenConsumed
from engine.semantics.state import Token
from engine.semantics.turn import Turn


def start_event(process: Process, element: str) -> StartEvent:
    """Return where an instance begins: the named start event, or the none start event.

    Raises:
        NoStartEvent: The process has no such start event.
    """
    start = process.nodes.get(element) if element else process.none_start
    if not isinstance(start, StartEvent):
        raise NoStartEvent(element=element)
    return start


def enter_end(turn: Turn, token: Token, event: EndEvent) -> list[Event]:
    """End the token's path; a terminate end event ends all others of its scope too.

    Raises:
        NodeUnsupported: The end event throws something the engine does not know.
    """
    ended: list[Event] = [NodePassed(event.id, token.id)]
    if isinstance(event.definition, TerminateDefinition):
        ended += activities.terminate_others(turn, token.scope, survivor=token.id)
    elif event.definition is not None:
        raise NodeUnsupported(element=event.id, kind=type(event.definition).__name__)
    return [*ended, TokenConsumed(token.id)]
