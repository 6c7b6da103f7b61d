"""The token game as the standard tells it, played out in full: slow, plain, and on its own.

It shares no code with what is tested against it. Tokens are counted on the sequence flows of one
level; data are left out, so that every choice is possible. BPMN 2.0.2, 13.3 and 13.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.bpmn.elements import (
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    ParallelGateway,
    StartEvent,
)
from engine.bpmn.process import Process

Marking = frozenset[str]
"""The flows that hold a token; one that holds two is what the game looks for."""


@dataclass
class Played:
    """What happened in any order of steps: who waited in vain, what was doubled, what was done."""

    stuck: set[Marking] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    endless: bool = False


def play(process: Process, most: int = 3_000) -> Played | None:
    """Play every order of steps; None where there are more markings than `most`."""
    played = Played()
    begin = [node for node in process.nodes.values() if isinstance(node, StartEvent)]
    first = frozenset(flow.id for node in begin for flow in node.outgoing)
    played.done.update(node.id for node in begin)
    after: dict[Marking, set[Marking]] = {}
    pending = [first]
    while pending:
        marking = pending.pop()
        if marking in after:
            continue
        after[marking] = set()
        for node, left, taken in _steps(process, marking):
            played.done.add(node.id)
            counted = Counter([*left, *taken])
            twice = {flow for flow, count in counted.items() if count > 1}
            played.doubled |= twice
            if not twice:
                after[marking].add(frozenset(counted))
        played.stuck |= {marking} if marking and not list(_steps(process, marking)) else set()
        pending += after[marking]
        if len(after) > most:
            return None
    played.endless = _endless(after, played)
    return played


def _endless(after: dict[Marking, set[Marking]], played: Played) -> bool:
    """Tell whether somewhere there is always a next step, and never an end."""
    if played.stuck or played.doubled:
        return False
    ending: set[Marking] = {marking for marking in after if not marking}
    while True:
        more = {one for one in after if one not in ending and after[one] & ending}
        if not more:
            return len(ending) < len(after)
        ending |= more


def _steps(
    process: Process, marking: Marking
) -> Iterator[tuple[FlowNode, list[str], tuple[str, ...]]]:
    """Yield each step that can be made: the node, what is left, and what is added."""
    for node in process.nodes.values():
        came = [flow.id for flow in node.incoming if flow.id in marking]
        if not came or not _goes(process, node, marking, came):
            continue
        waits = isinstance(node, ParallelGateway | InclusiveGateway)
        for taken in [came] if waits else [[one] for one in came]:
            left = [flow for flow in marking if flow not in taken]
            for out in _ways(node):
                yield node, left, out


def _goes(process: Process, node: FlowNode, marking: Marking, came: list[str]) -> bool:
    if isinstance(node, ParallelGateway):
        return len(came) == len(node.incoming)
    if isinstance(node, InclusiveGateway):
        missing = [flow.id for flow in node.incoming if flow.id not in marking]
        return not any(
            any(_reaches(process, flow, one, node) for one in missing)
            and not any(_reaches(process, flow, one, node) for one in came)
            for flow in marking
        )
    return True


def _reaches(process: Process, flow: str, end: str, join: FlowNode) -> bool:
    """Tell whether a path leads from one flow to another and not through the join."""
    pending, seen = [flow], set()
    while pending:
        at = pending.pop()
        if at == end:
            return True
        target = process.flows[at].target
        if at not in seen and target != join.id:
            seen.add(at)
            pending += (out.id for out in process.nodes[target].outgoing)
    return False


def _ways(node: FlowNode) -> list[tuple[str, ...]]:
    out = tuple(flow.id for flow in node.outgoing)
    if isinstance(node, EndEvent) or not out:
        return [()]
    if isinstance(node, ExclusiveGateway):
        return [(one,) for one in out]
    if isinstance(node, InclusiveGateway):
        return [some for count in range(1, len(out) + 1) for some in combinations(out, count)]
    return [out]
