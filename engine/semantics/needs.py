"""Which part of a run a command reads, so that the store locks and loads no more than that.

Always read is the line outwards: the row that the command names, its token, and for each scope
around it the scope, its loop, what waits there, and the token that holds it open. What else may be
read follows from the model. What cannot be known before (whether an error ends ten thousand rounds)
is found out: `Turn.require` stops a step that would read tokens which were not loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    ComplexGateway,
    Event,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    ParallelGateway,
    StartEvent,
    SubProcess,
    ThrowEvent,
)
from engine.bpmn.events import (
    CompensationDefinition,
    ConditionalDefinition,
    EventDefinition,
    LinkDefinition,
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

#: How many nodes a model may have whose runs are read as a whole.
_FEW = 100
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
    be undone. `small`: all that is ever alive in a run is little, so that to read all of it costs
    less than to find the line.
    """

    everything: bool = False
    small: bool = False
    siblings: frozenset[str] = frozenset()
    records: bool = False


def needs(process: Process) -> Needs:
    """Return what the commands to a process's runs read; it never changes, so ask once."""
    if _looks_around(process):
        return Needs(everything=True)
    levels = {"", *(node.id for node in process.nodes.values() if isinstance(node, SubProcess))}
    joined = frozenset(level for level in levels if _joins(process, level))
    return Needs(siblings=joined, records=_undoes(process), small=_stays_small(process))


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


def _stays_small(process: Process) -> bool:
    """Return whether no run ever holds more rows than the model has nodes, and these are few.

    Nothing is done once more while it is at work, and tokens that part come past no place twice.
    """
    nodes = process.nodes.values()
    if len(nodes) > _FEW or _undoes(process) or any(_repeats(node) for node in nodes):
        return False
    return not any(_parts(node) for node in nodes) or not _has_circle(process)


def _repeats(node: FlowNode) -> bool:
    """Return whether what follows a node may begin again beside itself."""
    if isinstance(node, Activity) and node.loop:
        return True
    return isinstance(node, (BoundaryEvent, StartEvent)) and not node.interrupting


def _parts(node: FlowNode) -> bool:
    return len(node.outgoing) > 1 and not isinstance(node, (ExclusiveGateway, EventBasedGateway))


def _has_circle(process: Process) -> bool:
    """Return whether a token may come to a node again; where it may jump, that is not looked at."""
    if any(isinstance(one, LinkDefinition) for _, one in _definitions(process.nodes.values())):
        return True
    before = {node.id: {flow.source for flow in node.incoming} for node in process.nodes.values()}
    for activity, events in process.boundaries.items():
        for event in events:
            before[event.id].add(activity)
    try:
        TopologicalSorter(before).prepare()
    except CycleError:
        return True
    return False


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
