"""Sub-processes: what begins in them, and when they are done. BPMN 2.0.2, 13.3.4.

A sub-process is a visit with a scope of the same id, in which tokens of its own stand. The token
that visits rests outside until the last of them is gone.
"""

from __future__ import annotations

from engine.bpmn.elements import StartEvent, SubProcess, SubProcessKind
from engine.semantics import waits
from engine.semantics.errors import NodeUnsupported
from engine.semantics.events import (
    Event,
    NodePassed,
    TokenPlaced,
    TokenSummoned,
    WorkBegun,
    WorkDone,
)
from engine.semantics.state import Token
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, node: SubProcess) -> list[Event]:
    """Begin at the start event, or wherever no flow leads to; with nothing inside, it is done.

    Raises:
        NodeUnsupported: Only events that something triggers begin it.
    """
    begun = _begun(turn, token.activity, node)
    if not begun:
        return [WorkDone(token.activity, token.id)]
    watched = waits.watch_starts(turn, token.activity, node.id)
    return [WorkBegun(token.activity, token.id), *watched, *begun]


def done(turn: Turn, scope: str, owner: Token) -> list[Event]:
    """Let the token outside go on, and let nothing begin in the scope any more."""
    return [*waits.cancel_starts(turn, scope), WorkDone(scope, owner.id)]


def starts(turn: Turn, scope: str, start: StartEvent) -> list[Event]:
    """Put a token at a start event that has occurred."""
    token = turn.env.ids()
    return [TokenPlaced(token, start.id, scope), NodePassed(start.id, token)]


def summon(turn: Turn, scope: str, elements: list[str]) -> list[Event]:
    """Let a token enter each of these nodes."""
    return [TokenSummoned(turn.env.ids(), element, scope) for element in elements]


def _begun(turn: Turn, scope: str, node: SubProcess) -> list[Event]:
    events = waits.starts_of(turn, node)
    if node.kind is SubProcessKind.EVENT:
        # What triggered it has happened already: its start event is passed.
        return [event for start in events[:1] for event in starts(turn, scope, start)]
    start = turn.process.none_start_of(node.id)
    if start is not None:
        return starts(turn, scope, start)
    if events:
        raise NodeUnsupported(element=node.id, kind="subProcess without a none start event")
    return summon(turn, scope, [each.id for each in turn.process.begins_of(node.id)])
