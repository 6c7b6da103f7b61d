"""Rules about how the nodes hang together, on all levels. BPMN 2.0.2, 8.4.13, 10.5 and 10.6."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from common.phrases import Phrase
from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ParallelGateway,
    ReceiveTask,
    SequenceFlow,
    StartEvent,
    SubProcess,
    SubProcessKind,
    Unsupported,
)
from engine.bpmn.events import LinkDefinition
from engine.bpmn.problems import problem
from engine.bpmn.process import Process
from engine.problems import Problem, listed, shown

_BEGIN_BY_START = frozenset({SubProcessKind.EMBEDDED, SubProcessKind.TRANSACTION})


def about(code: str, node: FlowNode, **fields: object) -> Problem:
    """Return a problem of a node."""
    return problem(code, node.id, node.name, **fields)


def shown_flows(flows: Iterable[SequenceFlow]) -> str:
    """Return flows as an enumeration."""
    return listed([shown(flow.id, flow.name) for flow in flows])


def starts(process: Process) -> Iterator[Problem]:
    """A process or sub-process begins somewhere, and at one place where nothing triggers it."""
    levels: list[Process | SubProcess] = [process]
    levels += [
        node
        for node in process.nodes.values()
        if isinstance(node, SubProcess) and node.kind in _BEGIN_BY_START
    ]
    for level in levels:
        scope = level.id if isinstance(level, SubProcess) else ""
        found = [node for node in process.level(scope) if isinstance(node, StartEvent)]
        plain = [node for node in found if not node.definitions]
        if not found and not any(_instantiates(node) for node in process.level(scope)):
            yield problem("no_start", level.id, level.name)
        if len(plain) > 1:
            names = listed([shown(node.id, node.name) for node in plain])
            count = len(plain)
            yield problem("several_none_starts", level.id, level.name, count=count, starts=names)


def _instantiates(node: FlowNode) -> bool:
    """Return whether a node begins a process without being a start event."""
    return isinstance(node, EventBasedGateway | ReceiveTask) and node.instantiate


def flow_ends(process: Process) -> Iterator[Problem]:
    """A sequence flow goes from one node to another of the same level."""
    for flow in process.flows.values():
        source, target = process.nodes.get(flow.source), process.nodes.get(flow.target)
        if source is None or target is None:
            ends = {"source": _end(source, flow.source), "target": _end(target, flow.target)}
            missing = ends["source" if source is None else "target"]
            yield problem("dangling_flow", flow.id, flow.name, **ends, missing=missing)
        elif source.scope != target.scope:
            ends = {"source": _end(source, flow.source), "target": _end(target, flow.target)}
            yield problem("flow_crosses_scope", flow.id, flow.name, **ends)


def _end(node: FlowNode | None, reference: str) -> str:
    return shown(node.id, node.name) if node else reference[:80] or Phrase("nowhere")


def directions(process: Process) -> Iterator[Problem]:
    """Nothing leads into a start, boundary or catching link event, or out of where a path ends."""
    for node in process.nodes.values():
        linked = isinstance(getattr(node, "definition", None), LinkDefinition)
        if isinstance(node, StartEvent) and node.incoming:
            yield about("flow_into_start", node, flows=shown_flows(node.incoming))
        if isinstance(node, BoundaryEvent) and node.incoming:
            yield about("flow_into_boundary", node, flows=shown_flows(node.incoming))
        if isinstance(node, EndEvent) and node.outgoing:
            yield about("flow_out_of_end", node, flows=shown_flows(node.outgoing))
        if linked and isinstance(node, IntermediateCatchEvent) and node.incoming:
            yield about("flow_into_link", node, flows=shown_flows(node.incoming))
        if linked and isinstance(node, IntermediateThrowEvent) and node.outgoing:
            yield about("flow_out_of_link", node, flows=shown_flows(node.outgoing))


def choices(process: Process) -> Iterator[Problem]:
    """A gateway that chooses can choose; a default flow is what is left, without a condition."""
    for node in process.nodes.values():
        if isinstance(node, ExclusiveGateway) and len(node.outgoing) > 1:
            bare = [flow for flow in node.outgoing if flow.condition is None]
            missing = [flow for flow in bare if flow != node.default]
            if missing:
                yield about("conditions_missing", node, flows=shown_flows(missing))
        if isinstance(node, ParallelGateway | EventBasedGateway):
            for flow in node.outgoing:
                if flow.condition is not None:
                    gateway = shown(node.id, node.name)
                    yield problem("condition_ignored", flow.id, flow.name, gateway=gateway)
        default = node.default if isinstance(node, Gateway | Activity) else None
        if default is not None and default.condition is not None:
            yield problem("default_with_condition", default.id, default.name)


def ends(process: Process) -> Iterator[Problem]:
    """A path that stops without an end event is legal, and hard to read in the drawing."""
    for node in process.nodes.values():
        if node.outgoing or _may_stop(process, node):
            continue
        code = "gateway_without_outgoing" if isinstance(node, Gateway) else "no_end_reached"
        yield about(code, node)


def _may_stop(process: Process, node: FlowNode) -> bool:
    """Return whether nothing is expected to follow a node."""
    if isinstance(node, EndEvent | Unsupported):
        return True
    if isinstance(node, IntermediateThrowEvent):
        return isinstance(node.definition, LinkDefinition)
    if isinstance(node, BoundaryEvent):
        return bool(node.handler)
    around = process.nodes.get(node.scope)
    chosen = isinstance(around, SubProcess) and around.kind is SubProcessKind.ADHOC
    aside = isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT
    return chosen or aside or (isinstance(node, Activity) and node.for_compensation)


def reach(process: Process) -> Iterator[Problem]:
    """Every node lies on a path from where its process begins."""
    pending = list(_beginnings(process, ""))
    reached = set(pending)
    while pending:
        node = process.nodes[pending.pop()]
        new = {at for at in _onward(process, node) if at in process.nodes} - reached
        reached |= new
        pending.extend(new)
    for identity, node in process.nodes.items():
        if identity not in reached and not (isinstance(node, Activity) and node.for_compensation):
            yield about("unreachable", node)


def _beginnings(process: Process, scope: str) -> Iterator[str]:
    """Yield where a level begins, its event sub-processes among it."""
    level = process.level(scope)
    begun = [node for node in level if isinstance(node, StartEvent) or _instantiates(node)]
    yield from (node.id for node in begun or process.begins_of(scope))
    yield from (node.id for node in process.event_subprocesses(scope))
    yield from (node.id for node in level if isinstance(node, Unsupported) and not node.incoming)


def _onward(process: Process, node: FlowNode) -> Iterator[str]:
    for flow in node.outgoing:
        yield flow.target
    for event in process.boundaries.get(node.id, ()):
        yield event.id
    if isinstance(node, SubProcess):
        yield from _beginnings(process, node.id)
    if isinstance(node, BoundaryEvent) and node.handler:
        yield node.handler
    if isinstance(node, IntermediateThrowEvent) and isinstance(node.definition, LinkDefinition):
        caught = process.link(node.scope, node.definition.name)
        yield from () if caught is None else (caught.id,)


RULES: tuple[Callable[[Process], Iterator[Problem]], ...] = (
    starts,
    flow_ends,
    directions,
    choices,
    ends,
    reach,
)
