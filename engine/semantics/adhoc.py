"""Ad-hoc sub-processes: activities without an order. BPMN 2.0.2, 13.3.5.

Where the order is sequential, what is enabled waits until nothing else is being done. What a person
does is on offer as soon as it is enabled: doing it is choosing it. With `active_elements`, which is
zeebe's, exactly those named begin, once; without, whatever no flow leads to can be done again until
the condition holds.
"""

from __future__ import annotations

from engine.bpmn.elements import FlowNode, SubProcess, SubProcessKind
from engine.semantics import activities, sub_processes, variables, waits
from engine.semantics.errors import ConditionUnreadable
from engine.semantics.events import Event, TokenConsumed, VariablesSet, WorkBegun, WorkDone
from engine.semantics.state import Token, Values
from engine.semantics.turn import Turn


def begin(turn: Turn, token: Token, node: SubProcess) -> list[Event]:
    """Begin with the elements that are named, or with all that no flow leads to.

    Raises:
        ValueUnusable: One is named that is not inside.
    """
    elements = _beginning(turn, token, node)
    if not elements and node.active_elements is None:
        return [WorkDone(token.activity, token.id)]
    return [
        WorkBegun(token.activity, token.id),
        *waits.watch_starts(turn, token.activity, node.id),
        *sub_processes.summon(turn, token.activity, elements),
    ]


def around(turn: Turn, token: Token) -> SubProcess | None:
    """Return the ad-hoc sub-process a token is directly in."""
    if token.scope == turn.state.instance:
        return None
    node = turn.process.nodes.get(turn.level(token.scope) or "")
    if isinstance(node, SubProcess) and node.kind is SubProcessKind.ADHOC:
        return node
    return None


def waits_its_turn(turn: Turn, token: Token) -> bool:
    """Return whether a token must not enter yet, because another activity is being done."""
    adhoc = around(turn, token)
    if adhoc is None or not adhoc.sequential:
        return False
    return any(one.id != token.id and one.activity for one in turn.inside(token.scope))


def leave(turn: Turn, token: Token, node: FlowNode) -> list[Event]:
    """Let the token go on, unless it is in an ad-hoc sub-process that is thereby complete.

    Raises:
        ConditionUnreadable: The completion condition is neither true nor false.
    """
    adhoc = around(turn, token)
    if adhoc is None:
        return activities.leave(turn, token, node)
    collected = _collected(turn, token, adhoc) if not node.outgoing else []
    if not (adhoc.cancel_remaining and _is_complete(turn, token, adhoc)):
        return [*collected, *activities.leave(turn, token, node)]
    others = activities.terminate_others(turn, token.scope, survivor=token.id)
    return [*collected, *others, TokenConsumed(token.id)]


def emptied(turn: Turn, scope: str, owner: Token, adhoc: SubProcess) -> list[Event]:
    """Return what follows when nothing is left inside: the end, or what can be done again."""
    condition = adhoc.completion_condition
    if condition is None or variables.holds(condition, turn.seen(scope), turn.env.now):
        return sub_processes.done(turn, scope, owner)
    if adhoc.active_elements is not None:
        return []
    again = [node.id for node in turn.process.begins_of(adhoc.id)]
    return sub_processes.summon(turn, scope, again)


def complete(turn: Turn, token: Token, node: SubProcess) -> list[Event]:
    """Hand what was collected to the scope around, and complete as any activity does."""
    return [
        *variables.written(turn.state, token.scope, handed_over(turn, token, node)),
        *activities.complete(turn, token, node),
    ]


def handed_over(turn: Turn, token: Token, node: FlowNode) -> Values:
    """Return what an activity collected in a variable of its own, where it is ad-hoc."""
    own = turn.state.scopes[token.activity].variables
    if isinstance(node, SubProcess) and node.output_collection in own:
        return {node.output_collection: own[node.output_collection]}
    return {}


def _beginning(turn: Turn, token: Token, node: SubProcess) -> list[str]:
    if node.active_elements is None:
        return [each.id for each in turn.process.begins_of(node.id)]
    inside = {each.id for each in turn.process.level(node.id)}
    named = variables.names_of(f"={node.active_elements}", turn.view(token), turn.env.now)
    if not inside.issuperset(named):
        raise variables.unusable(node.active_elements, list(named), f"ids of steps in {node.id}")
    return list(named)


def _is_complete(turn: Turn, token: Token, adhoc: SubProcess) -> bool:
    if adhoc.completion_condition is None:
        return False
    answer, why = variables.truth(adhoc.completion_condition, turn.view(token), turn.env.now)
    if answer is None:
        raise ConditionUnreadable(flow=adhoc.id, warnings=why)
    return answer


def _collected(turn: Turn, token: Token, adhoc: SubProcess) -> list[Event]:
    if not adhoc.output_collection:
        return []
    value = variables.evaluate(adhoc.output_element or "null", turn.view(token), turn.env.now)
    before = turn.state.scopes[token.scope].variables.get(adhoc.output_collection) or []
    return [VariablesSet(token.scope, {adhoc.output_collection: [*before, value]})]
