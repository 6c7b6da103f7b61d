"""Which completed visits can be undone, and by what. BPMN 2.0.2, 13.5.5."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.elements import Activity, SubProcess
from engine.bpmn.events import CompensationDefinition
from engine.semantics import waits
from engine.semantics.events import ActivityCompensable
from engine.semantics.state import Token
from engine.semantics.turn import Turn


def recorded(turn: Turn, token: Token, node: Activity) -> Iterator[ActivityCompensable]:
    """Yield the record of a visit that is about to complete, where something can undo it.

    What completed inside a sub-process or a loop stays with the record of the whole. A handler on
    the boundary of a loop undoes each of its rounds, as each ran with variables of its own.
    """
    is_whole_loop = node.loop is not None and not token.item
    handler = "" if is_whole_loop else _handler(turn, node)
    if not handler and not turn.state.undoable.get(token.activity):
        return
    scope = turn.state.scopes.get(token.activity)
    kept = dict(scope.variables) if scope else {}
    yield ActivityCompensable(token.activity, node.id, token.scope, handler, kept)


def _handler(turn: Turn, node: Activity) -> str:
    for event in turn.process.boundaries.get(node.id, ()):
        if any(isinstance(one, CompensationDefinition) for one in event.definitions):
            return event.handler
    if isinstance(node, SubProcess):
        for esub in turn.process.event_subprocesses(node.id):
            for start in waits.starts_of(turn, esub):
                if any(isinstance(one, CompensationDefinition) for one in start.definitions):
                    return esub.id
    return ""
