"""What follows when the last token has left a scope."""

from __future__ import annotations

from engine.bpmn.elements import SubProcess, SubProcessKind
from engine.semantics import adhoc, compensation, joins, sub_processes
from engine.semantics.events import Event
from engine.semantics.state import Token, TokenStatus
from engine.semantics.turn import Turn


def emptied(turn: Turn, scope: str) -> list[Event]:
    """Let whoever holds the scope open go on: a sub-process, or what is being undone.

    A loop goes on by itself when a round ends, and the run ends when nothing moves any more.
    """
    owner = turn.owner(scope)
    if owner is None or turn.state.scopes[scope].live or owner.status is not TokenStatus.ACTIVE:
        return []
    undoing = turn.state.compensations.get(scope)
    if undoing is not None:
        return compensation.advance(turn, undoing, owner)
    node = turn.node(owner)
    if scope in turn.state.loops or not isinstance(node, SubProcess):
        return []
    # The reset of a gateway may send tokens out; without them this is looked at once more.
    return joins.resets(turn, scope) or _done(turn, scope, owner, node)


def _done(turn: Turn, scope: str, owner: Token, node: SubProcess) -> list[Event]:
    if node.kind is SubProcessKind.ADHOC:
        return adhoc.emptied(turn, scope, owner, node)
    return sub_processes.done(turn, scope, owner)
