"""What a block must do, by plain recursion: the nodes it visits and the variables it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.oracle.blocks import (
    MODULUS,
    Again,
    Assign,
    Attempt,
    Block,
    Called,
    Choice,
    Collect,
    Deadline,
    Each,
    Fork,
    Group,
    Hear,
    Jump,
    Mix,
    Over,
    Race,
    Remind,
    Repeat,
    Sequence,
    Several,
    Undo,
    Wait,
    Work,
)


@dataclass
class Outcome:
    """Variables, and how often each node was completed."""

    variables: dict[str, Any]
    visited: Counter[str] = field(default_factory=Counter)

    def visit(self, *nodes: str) -> None:
        """Count one completion of each."""
        self.visited.update(nodes)

    def value(self, mix: Mix) -> int:
        """Return what a script yields."""
        right = self.variables[mix.right] if isinstance(mix.right, str) else mix.right
        return int((self.variables[mix.left] + right) % MODULUS)

    def holds(self, condition: Over) -> bool:
        """Judge a condition."""
        return bool(self.variables[condition.variable] > condition.limit)


def outcome(block: Block, variables: Mapping[str, Any]) -> Outcome:
    """Return what a process of this block, between a start and an end event, comes to."""
    found = Outcome(dict(variables))
    found.visit("start", "end")
    _run(block, found)
    return found


def _run(block: Block, found: Outcome) -> None:
    _RUNS[type(block)](block, found)


def _assign(block: Assign, found: Outcome) -> None:
    found.variables[block.target] = found.value(block.value)
    found.visit(block.id)


def _work(block: Work | Hear, found: Outcome) -> None:
    if block.target:
        found.variables[block.target] = block.value
    found.visit(block.id)


def _wait(block: Wait, found: Outcome) -> None:
    found.visit(block.id)


def _sequence(block: Sequence, found: Outcome) -> None:
    for part in block.parts:
        _run(part, found)


def _choice(block: Choice, found: Outcome) -> None:
    found.visit(f"{block.id}.split", f"{block.id}.join")
    _run(_holding(block, found)[0], found)


def _fork(block: Fork, found: Outcome) -> None:
    found.visit(f"{block.id}.split", f"{block.id}.join")
    for part in block.parts:
        _run(part, found)


def _several(block: Several, found: Outcome) -> None:
    found.visit(f"{block.id}.split", f"{block.id}.join")
    holding = _holding(block, found)
    for part in holding[:-1] or holding:
        _run(part, found)


def _holding(block: Choice | Several, found: Outcome) -> list[Block]:
    """Return the branches whose conditions hold, in order, and last of all the default."""
    held = zip(block.conditions, block.parts, strict=False)
    return [part for condition, part in held if found.holds(condition)] + [block.parts[-1]]


def _repeat(block: Repeat, found: Outcome) -> None:
    found.visit(block.id, f"{block.id}-start", f"{block.id}.end")
    found.variables[block.counter] = 0
    while True:
        found.visit(f"{block.id}.merge", f"{block.id}.count", f"{block.id}.more")
        _run(block.body, found)
        found.variables[block.counter] += 1
        if found.variables[block.counter] >= block.times:
            break
    del found.variables[block.counter]


def _again(block: Again, found: Outcome) -> None:
    found.visit(block.id)
    for time in range(block.maximum):
        if (time or block.test_before) and not found.holds(block.condition):
            break
        found.variables[block.target] = found.value(block.value)


def _group(block: Group, found: Outcome) -> None:
    found.visit(block.id, f"{block.id}-start", f"{block.id}.end")
    _run(block.body, found)


def _each(block: Each, found: Outcome) -> None:
    found.visit(block.id)
    results = []
    for item in block.items:
        found.visit(f"{block.id}-start", f"{block.id}.end")
        found.variables[block.element] = item
        _run(block.body, found)
        results.append(found.variables.pop(block.element))
    if block.output:
        found.variables[block.output] = results


def _collect(block: Collect, found: Outcome) -> None:
    found.visit(block.id)
    results = []
    for item in block.items:
        found.variables[block.element] = item
        results.append(found.value(block.value))
        del found.variables[block.element]
    if block.output:
        found.variables[block.output] = results


def _attempt(block: Attempt, found: Outcome) -> None:
    name = block.id
    found.visit(f"{name}-start", f"{name}.check")
    _run(block.body, found)
    failed = found.holds(block.fails)
    caught = f"{name}.handler-start" if block.inside else f"{name}.caught"
    found.visit(*([f"{name}.error", caught] if failed else [f"{name}.end"]))
    if block.inside or not failed:
        found.visit(name)
    if not block.inside:
        found.visit(f"{name}.merge")
    elif failed:
        found.visit(f"{name}.handler", f"{name}.mended")
    if failed:
        _run(block.mend, found)


def _undo(block: Undo, found: Outcome) -> None:
    name = block.id
    found.visit(f"{name}-start", f"{name}.check")
    for step in block.steps:
        _run(step, found)
    failed = found.holds(block.fails)
    if failed:
        for handler in reversed(block.handlers):
            _run(handler, found)
        found.visit(*(f"{name}.{event}" for event in _UNDOING[block.transaction]))
    else:
        found.visit(f"{name}.end")
    if not (failed and block.transaction):
        found.visit(name)
    if block.transaction:
        found.visit(f"{name}.merge")


def _race(block: Race, found: Outcome) -> None:
    first = block.minutes.index(min(block.minutes))
    found.visit(block.id, f"{block.id}.{first}", f"{block.id}.merge")
    _run(block.parts[first], found)


def _jump(block: Jump, found: Outcome) -> None:
    found.visit(f"{block.id}.throw", f"{block.id}.catch")


def _deadline(block: Deadline, found: Outcome) -> None:
    name, late = block.id, block.limit < block.minutes
    found.visit(name, f"{name}-start", f"{name}.work-start")
    if not (late and block.interrupting):
        found.visit(f"{name}.work", f"{name}.wait", f"{name}.work.end", f"{name}.done")
    if late:
        found.visit(f"{name}.late", f"{name}.aside")
        _run(block.late, found)


def _called(block: Called, found: Outcome) -> None:
    within = outcome(block.body, found.variables)
    found.visit(block.id, *within.visited.elements())
    found.variables |= {name: within.variables[name] for name in block.gives}


def _remind(block: Remind, found: Outcome) -> None:
    name = block.id
    found.visit(name, f"{name}-start", f"{name}.work-start")
    found.visit(f"{name}.work", f"{name}.wait", f"{name}.work.end", f"{name}.done")
    for _time in range(min(block.rounds, block.times)):
        found.visit(f"{name}.due", f"{name}.aside")


_UNDOING = {False: ("thrown", "undone"), True: ("cancel", "cancelled")}
"""The events by which steps are compensated: without, and in a transaction."""

_RUNS: Mapping[type[Any], Callable[[Any, Outcome], None]] = {
    Assign: _assign,
    Work: _work,
    Wait: _wait,
    Sequence: _sequence,
    Choice: _choice,
    Fork: _fork,
    Several: _several,
    Repeat: _repeat,
    Again: _again,
    Group: _group,
    Each: _each,
    Collect: _collect,
    Attempt: _attempt,
    Undo: _undo,
    Race: _race,
    Jump: _jump,
    Deadline: _deadline,
    Hear: _work,
    Called: _called,
    Remind: _remind,
}
