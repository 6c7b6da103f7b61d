"""Which part of a run a command reads, so that the store locks and loads no more than that.

Always read is the line outwards: the rows that the command names, their token, and for each scope
around it the scope, its loop, what waits there, and the token that holds it open. What else may be
read follows from the model. What cannot be known before (whether an error ends ten thousand rounds)
is found out: `Turn.require` stops a step that would read tokens which were not loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn.elements import BoundaryEvent, Event, FlowNode, Gateway, SubProcess, ThrowEvent
from engine.bpmn.events import (
    CompensationDefinition,
    ConditionalDefinition,
    EventDefinition,
    SignalDefinition,
)
from engine.bpmn.process import Process
from engine.semantics.commands import (
    Cancel,
    Command,
    Continue,
    Pause,
    Resume,
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What is loaded besides the line outwards.

    `everything`: all rows of the run. `siblings`: the levels (ids of sub-processes, "" for the top)
    on the line of which all tokens that stand directly in the scope are read. `records`: what of
    the run can be undone.
    """

    everything: bool = False
    siblings: frozenset[str] = frozenset()
    records: bool = False


def needs(process: Process, command: Command, element: str) -> Needs:
    """Return what to load for a command; `element` is where the work that it names stands."""
    if isinstance(command, Cancel | Pause | Resume | Continue) or _looks_around(process):
        return Needs(everything=True)
    levels = frozenset(level for level in _around(process, element) if _joins(process, level))
    return Needs(siblings=levels, records=_undoes(process))


def _looks_around(process: Process) -> bool:
    """Return whether anything may be read at any time: conditions, and signals of its own."""
    definitions = list(_definitions(process.nodes.values()))
    if any(isinstance(one, ConditionalDefinition) for _, one in definitions):
        return True
    return any(
        isinstance(one, SignalDefinition) and isinstance(node, ThrowEvent)
        for node, one in definitions
    )


def _undoes(process: Process) -> bool:
    return any(
        isinstance(one, CompensationDefinition) and not isinstance(node, ThrowEvent)
        for node, one in _definitions(process.nodes.values())
    )


def _joins(process: Process, level: str) -> bool:
    """Return whether tokens of a level wait for each other: at joins, or for their turn."""
    around = process.nodes.get(level)
    if isinstance(around, SubProcess) and around.sequential:
        return True
    return any(isinstance(one, Gateway) and len(one.incoming) > 1 for one in process.level(level))


def _around(process: Process, element: str) -> Iterator[str]:
    node = process.nodes.get(element)
    if isinstance(node, BoundaryEvent):
        node = process.nodes.get(node.attached_to)
    while node is not None:
        yield node.scope
        node = process.nodes.get(node.scope)


def _definitions(nodes: Iterable[FlowNode]) -> Iterator[tuple[FlowNode, EventDefinition]]:
    for node in nodes:
        if isinstance(node, Event):
            for definition in node.definitions:
                yield node, definition
