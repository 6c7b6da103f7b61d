"""Activities done several times: standard loops and multi-instance. BPMN 2.0.2, 13.3.6 and 13.3.7.

The whole is a visit with a scope; each round is a token in that scope, standing at the same
activity, with a visit and a scope of its own. What the rounds go through and give is the loop's own
row, so that a round costs the same among many. Boundary events belong to the whole.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.bpmn.elements import Activity, MultiInstance, StandardLoop
from engine.semantics import activities, adhoc, compensables, rounds, variables, waits
from engine.semantics.errors import ConditionUnreadable
from engine.semantics.events import (
    ActivityActivated,
    ActivityCompleted,
    Event,
    LoopItemCompleted,
    LoopItemStarted,
    LoopStarted,
    ScopeOpened,
    TokenConsumed,
    VariablesSet,
    WorkBegun,
    WorkDone,
)
from engine.semantics.sequence_flows import room_for
from engine.semantics.state import Loop, Token, Values
from engine.semantics.turn import Turn

# The whole


def enter(turn: Turn, token: Token, node: Activity) -> list[Event]:
    """Open the visit of the whole and read what it goes through.

    Raises:
        ValueUnusable: There is no list, or no number, to go through.
    """
    total, items = _extent(turn, node, turn.view(token))
    visit = turn.env.ids()
    return [
        ActivityActivated(visit, node.id, token.id),
        ScopeOpened(visit, token.scope, node.id),
        LoopStarted(visit, node.id, total, items),
    ]


def begin(turn: Turn, token: Token, node: Activity) -> list[Event]:
    """Begin a round, or none where there is nothing to go through.

    Rounds side by side begin one per step, so that many of them fit the budget.

    Raises:
        TooManyTokens: The run would hold more rounds than it may.
    """
    loop = turn.state.loops[token.activity]
    watched = [] if loop.started else waits.watch_boundary(turn, token)
    if not _begins(turn, token, node, loop):
        return [*watched, WorkDone(token.activity, token.id)]
    passed = rounds.passed(turn, node, loop)
    if passed is not None:
        return [*watched, passed, *_passed_on(token, loop, passed.rounds)]
    room_for(turn, loop.activity, 1)
    begun = [*watched, _round(turn, loop, loop.started + 1)]
    is_last = not _is_parallel(node) or loop.started + 1 == loop.total
    return [*begun, WorkBegun(token.activity, token.id)] if is_last else begun


def _passed_on(token: Token, loop: Loop, passed: int) -> list[Event]:
    """Return what passing rounds leads to: nothing yet, the end, or a wait for those still open."""
    if loop.started + passed != loop.total:
        return []
    if loop.ended + passed == loop.total:
        return [WorkDone(token.activity, token.id)]
    return [WorkBegun(token.activity, token.id)]


def complete(turn: Turn, token: Token, node: Activity) -> list[Event]:
    """Write the output collection, end what was attached, and close the visit of the whole."""
    loop = turn.state.loops[token.activity]
    outputs: Values = {}
    if isinstance(node.loop, MultiInstance) and node.loop.output_collection:
        outputs[node.loop.output_collection] = _collected(loop, loop.outputs)
    return [
        *variables.written(turn.state, token.scope, outputs),
        *compensables.recorded(turn, token, node),
        *activities.release(turn, token.activity),
        ActivityCompleted(token.activity, node.id, token.id),
    ]


# A round


def enter_round(turn: Turn, token: Token, node: Activity) -> list[Event]:
    """Open the visit of a round: its scope has its number, its item, and its inputs."""
    loop = turn.state.loops[token.scope]
    visit = turn.env.ids()
    own = rounds.own_of_round(node, loop, token.item)
    seen = turn.view(token).new_child(own)
    return [
        ActivityActivated(visit, node.id, token.id),
        ScopeOpened(visit, token.scope, node.id),
        VariablesSet(visit, {**own, **variables.mapped(node.inputs, seen, turn.env.now)}),
    ]


def complete_round(turn: Turn, token: Token, node: Activity) -> list[Event]:
    """Map the outputs of a round and collect what it gave; then begin the next or end the whole."""
    loop = turn.state.loops[token.scope]
    own = turn.state.scopes[token.activity].variables
    around = turn.view(token)
    values = variables.mapped(node.outputs, around, turn.env.now)
    kept = _handed_over(turn, token, node, loop)
    values = {**kept, **values}
    seen = around.new_child(values).new_child(own)
    value = _output(turn, node, seen)
    return [
        *variables.written(turn.state, token.scope, values),
        *compensables.recorded(turn, token, node),
        *activities.release(turn, token.activity),
        LoopItemCompleted(loop.activity, token.item, token.id, token.activity, value),
        TokenConsumed(token.id),
        *_afterwards(turn, token, node, loop, _counted(loop, node, seen, token.item, value)),
    ]


def _afterwards(
    turn: Turn, token: Token, node: Activity, loop: Loop, seen: Mapping[str, Any]
) -> Iterator[Event]:
    """Yield what the end of a round leads to: it is judged with the round's own variables."""
    whole = turn.state.visits[loop.activity]
    if _is_over(turn, node, seen):
        yield from activities.terminate_others(turn, loop.activity, survivor=token.id)
        yield WorkDone(loop.activity, whole)
    elif _is_parallel(node):
        if loop.ended + 1 == loop.total:
            yield WorkDone(loop.activity, whole)
    elif _goes_on(turn, node, loop, token.item, seen):
        yield _round(turn, loop, token.item + 1)
    else:
        yield WorkDone(loop.activity, whole)


def _round(turn: Turn, loop: Loop, number: int) -> LoopItemStarted:
    return LoopItemStarted(loop.activity, number, turn.env.ids())


# What the characteristics say


def _is_parallel(node: Activity) -> bool:
    return isinstance(node.loop, MultiInstance) and not node.loop.sequential


def _extent(turn: Turn, node: Activity, seen: Mapping[str, Any]) -> tuple[int | None, list[Any]]:
    """Return how many rounds there will be (None: nobody knows), and what they go through."""
    if not isinstance(node.loop, MultiInstance):
        return None, []
    if node.loop.collection is not None:
        items = variables.evaluate(node.loop.collection, seen, turn.env.now)
        if not isinstance(items, list):
            raise variables.unusable(node.loop.collection, items, "a list")
        return len(items), items
    return _count(turn, node.loop.cardinality, seen), []


def _count(turn: Turn, text: str | None, seen: Mapping[str, Any]) -> int:
    count = variables.evaluate(text or "null", seen, turn.env.now)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise variables.unusable(text, count, "a whole number, or a list to go through")
    return count


def _begins(turn: Turn, token: Token, node: Activity, loop: Loop) -> bool:
    if not isinstance(node.loop, StandardLoop):
        return loop.started != loop.total
    seen = turn.view(token)
    if _most(turn, node.loop, seen) == 0:
        return False
    return not node.loop.test_before or _holds(turn, node, node.loop.condition, seen)


def _handed_over(turn: Turn, token: Token, node: Activity, loop: Loop) -> Values:
    """Return what ad-hoc work collected in this round, unless that is the round's own."""
    handed = adhoc.handed_over(turn, token, node)
    if not handed:
        return handed
    own = rounds.own_of_round(node, loop, token.item)
    return {name: value for name, value in handed.items() if name not in own}


def _output(turn: Turn, node: Activity, seen: Mapping[str, Any]) -> Any:
    if isinstance(node.loop, MultiInstance) and node.loop.output_collection:
        return variables.evaluate(node.loop.output_element or "null", seen, turn.env.now)
    return None


def _counted(
    loop: Loop, node: Activity, seen: ChainMap[str, Any], number: int, value: Any
) -> Mapping[str, Any]:
    """Return what a condition of the loop reads besides variables. BPMN 2.0.2, table 10.30."""
    ended = loop.ended + 1
    counted: dict[str, Any] = {
        rounds.COUNTER: number,
        "numberOfInstances": loop.started if loop.total is None else loop.total,
        "numberOfActiveInstances": loop.started - ended,
        "numberOfCompletedInstances": ended,
        "numberOfTerminatedInstances": 0,
    }
    if isinstance(node.loop, MultiInstance) and node.loop.output_collection:
        given = ChainMap({number: value}, loop.outputs)
        counted = _Late(counted, {node.loop.output_collection: lambda: _collected(loop, given)})
    return seen.new_child(counted)


class _Late(dict[str, Any]):
    """Values of which some are made when they are read: most conditions read no collection."""

    def __init__(self, values: Mapping[str, Any], late: Mapping[str, Callable[[], Any]]) -> None:
        super().__init__(values)
        self._late = late

    def __missing__(self, name: str) -> Any:
        self[name] = self._late[name]()
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._late or super().__contains__(name)


def _collected(loop: Loop, outputs: Mapping[int, Any]) -> list[Any]:
    """Return what the rounds gave, in their order; null where one gave nothing."""
    total = loop.started if loop.total is None else loop.total
    return [outputs.get(number) for number in range(1, total + 1)]


def _is_over(turn: Turn, node: Activity, seen: Mapping[str, Any]) -> bool:
    if not isinstance(node.loop, MultiInstance) or node.loop.completion_condition is None:
        return False
    return _holds(turn, node, node.loop.completion_condition, seen)


def _goes_on(turn: Turn, node: Activity, loop: Loop, number: int, seen: Mapping[str, Any]) -> bool:
    if not isinstance(node.loop, StandardLoop):
        return number != loop.total
    most = _most(turn, node.loop, seen)
    return (most is None or number < most) and _holds(turn, node, node.loop.condition, seen)


def _most(turn: Turn, loop: StandardLoop, seen: Mapping[str, Any]) -> int | None:
    if loop.maximum is None or isinstance(loop.maximum, int):
        return loop.maximum
    return _count(turn, loop.maximum, seen)


def _holds(turn: Turn, node: Activity, condition: str | None, seen: Mapping[str, Any]) -> bool:
    """Return whether a loop goes on, or is over; one that says nothing goes on."""
    if condition is None:
        return True
    answer, why = variables.truth(condition, seen, turn.env.now)
    if answer is None:
        raise ConditionUnreadable(flow=node.id, warnings=why)
    return answer
