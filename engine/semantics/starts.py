"""How a run begins: which node, and what else at once. BPMN 2.0.2, 13.1, 13.4.4 and 13.5.1."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn.elements import (
    EventBasedGateway,
    FlowNode,
    IntermediateCatchEvent,
    ReceiveTask,
    StartEvent,
)
from engine.bpmn.process import Process
from engine.semantics import sub_processes, variables, waits
from engine.semantics.commands import StartInstance
from engine.semantics.errors import NoStartEvent
from engine.semantics.events import (
    Event,
    InstanceStarted,
    NodePassed,
    ScopeOpened,
    TokenPlaced,
    VariablesSet,
)
from engine.semantics.turn import Turn


def start(turn: Turn, command: StartInstance) -> list[Event]:
    """Begin the run.

    What a calling run hands over may name what a gate here decides, as it may have such a gate
    too: it is left out, where from anybody else it is refused.

    Raises:
        NoStartEvent: The process cannot begin there.
        DecisionReserved: Somebody sent what only a gate decides.
    """
    begins = _begins(turn.process, command.element)
    if command.called:
        given = variables.undecided(turn.process, command.variables)
    else:
        given = variables.from_outside(turn.process, command.variables)
    root, process = turn.state.instance, turn.process.id
    started = InstanceStarted(
        root, process, begins[0].id, command.business_key, called=command.called
    )
    return [
        started,
        ScopeOpened(root, "", process),
        *([VariablesSet(root, given)] if given else []),
        *waits.watch_starts(turn, root, "", turn.with_given(given)),
        *_placed(turn, begins, command.element),
    ]


def triggered(process: Process) -> Iterable[tuple[FlowNode, EventBasedGateway | None]]:
    """Yield the nodes that something from outside can begin the process at.

    One behind a gateway that instantiates comes with the gateway.
    """
    for node in process.level(""):
        if isinstance(node, StartEvent) and node.definitions:
            yield node, None
        if isinstance(node, ReceiveTask) and node.instantiate and not node.incoming:
            yield node, None
        if isinstance(node, EventBasedGateway) and node.instantiate and not node.incoming:
            for flow in node.outgoing:
                yield process.nodes[flow.target], node


def _begins(process: Process, element: str) -> list[FlowNode]:
    """Return the nodes a run begins at, the one that was asked for first.

    A process without any start begins wherever no flow leads to.
    """
    plain = process.none_start
    if plain is not None and element in {"", plain.id}:
        return [plain]
    for node, gateway in triggered(process):
        if node.id == element:
            others = gateway.outgoing if gateway is not None and gateway.parallel else ()
            return [
                node,
                *(process.nodes[flow.target] for flow in others if flow.target != element),
            ]
    begins = [] if element or any(triggered(process)) else [*process.begins_of("")]
    if not begins:
        raise NoStartEvent(element=element)
    return begins


def _placed(turn: Turn, begins: list[FlowNode], element: str) -> list[Event]:
    """Put tokens where the run begins: past an event that occurred, before anything else."""
    first, *others = begins
    root = turn.state.instance
    occurred = isinstance(first, StartEvent) or bool(element)
    summoned = others if occurred else begins
    placed: list[Event] = []
    if occurred:
        token = turn.env.ids()
        gateway = _gateway_before(turn.process, first)
        placed = [TokenPlaced(token, first.id, root)]
        placed += [NodePassed(gateway.id, token)] if gateway else []
        placed.append(NodePassed(first.id, token))
    return [*placed, *sub_processes.summon(turn, root, [node.id for node in summoned])]


def _gateway_before(process: Process, node: FlowNode) -> FlowNode | None:
    if isinstance(node, IntermediateCatchEvent | ReceiveTask) and node.incoming:
        return process.nodes[node.incoming[0].source]
    return None
