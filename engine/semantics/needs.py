"""Which part of a run a command reads, so that the store locks and loads no more than that.

Always read is the line outwards: the row that the command names, its token, and for each scope
around it the scope, its loop, what waits there, and the token that holds it open. What else may be
read follows from the model. What cannot be known before (whether an error ends ten thousand rounds)
is found out: `Turn.require` stops a step that would read tokens which were not loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.elements import (
    ComplexGateway,
    Event,
    FlowNode,
    InclusiveGateway,
    ParallelGateway,
    SubProcess,
    ThrowEvent,
)
from engine.bpmn.events import (
    CompensationDefinition,
    ConditionalDefinition,
    EventDefinition,
    SignalDefinition,
)
from engine.bpmn.process import Process
from engine.semantics.commands import (
    AssignUserTask,
    Command,
    CompleteCall,
    CompleteJob,
    CompleteUserTask,
    CorrelateMessage,
    DeliverSignal,
    EscalateCall,
    FailCall,
    FailJob,
    RefuseCall,
    RetryIncident,
    SetVariables,
    ThrowError,
    TriggerTimer,
)

_WAITING = ParallelGateway | InclusiveGateway | ComplexGateway
#: By which field a command names the row it is about; the others are about the run as a whole.
_NAMED: Mapping[type[Command], str] = {
    AssignUserTask: "activity",
    CompleteUserTask: "activity",
    CompleteJob: "activity",
    FailJob: "activity",
    ThrowError: "activity",
    CompleteCall: "activity",
    FailCall: "activity",
    EscalateCall: "activity",
    RefuseCall: "activity",
    TriggerTimer: "timer",
    CorrelateMessage: "subscription",
    DeliverSignal: "subscription",
    RetryIncident: "incident",
    SetVariables: "scope",
}


@dataclass(frozen=True, slots=True)
class Needs:
    """What a model makes necessary besides the line outwards.

    `everything`: all rows of the run. `siblings`: the levels (ids of sub-processes, "" for the top)
    in which all tokens are read where such a level lies on the line. `records`: what of the run can
    be undone.
    """

    everything: bool = False
    siblings: frozenset[str] = frozenset()
    records: bool = False


def needs(process: Process) -> Needs:
    """Return what the commands to a process's runs read; it never changes, so ask once."""
    if _looks_around(process):
        return Needs(everything=True)
    levels = {"", *(node.id for node in process.nodes.values() if isinstance(node, SubProcess))}
    joined = frozenset(level for level in levels if _joins(process, level))
    return Needs(siblings=joined, records=_undoes(process))


def named(command: Command) -> str | None:
    """Return the id of the row that a command is about ("": the run's own scope).

    None where it is about all that is alive in the run.
    """
    field = _NAMED.get(type(command))
    return None if field is None else str(getattr(command, field))


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
    return any(isinstance(one, _WAITING) and len(one.incoming) > 1 for one in process.level(level))


def _definitions(nodes: Iterable[FlowNode]) -> Iterator[tuple[FlowNode, EventDefinition]]:
    for node in nodes:
        if isinstance(node, Event):
            for definition in node.definitions:
                yield node, definition
