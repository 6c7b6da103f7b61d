"""Rules about how the nodes hang together. BPMN 2.0.2, 8.4.13 and 10.6."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from common.phrases import Phrase
from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    ParallelGateway,
    SequenceFlow,
    StartEvent,
    Unsupported,
)
from engine.bpmn.problems import problem
from engine.bpmn.process import Process
from engine.problems import Problem, listed, shown


def starts(process: Process) -> Iterator[Problem]:
    """An executable process begins somewhere, and at one place where nothing triggers it."""
    found = [node for node in process.nodes.values() if isinstance(node, StartEvent)]
    refused = any(
        isinstance(node, Unsupported) and node.kind == "startEvent"
        for node in process.nodes.values()
    )
    if not found and not refused:
        yield problem("no_start", process.id, process.name)
    plain = [node for node in found if not node.definitions]
    if len(plain) > 1:
        names = listed([shown(node.id, node.name) for node in plain])
        yield problem(
            "several_none_starts", process.id, process.name, count=len(plain), starts=names
        )


def flow_ends(process: Process) -> Iterator[Problem]:
    """A sequence flow goes from one node of the process to another."""
    for flow in process.flows.values():
        ends = {"source": flow.source, "target": flow.target}
        for end in ends.values():
            if end not in process.nodes:
                told = {key: value[:80] or Phrase("nowhere") for key, value in ends.items()}
                missing = end[:80] or Phrase("nowhere")
                yield problem("dangling_flow", flow.id, flow.name, **told, missing=missing)
                break


def directions(process: Process) -> Iterator[Problem]:
    """Nothing leads into a start or boundary event, or out of an end event."""
    for node in process.nodes.values():
        if isinstance(node, StartEvent) and node.incoming:
            yield _about("flow_into_start", node, flows=_ids(node.incoming))
        if isinstance(node, BoundaryEvent) and node.incoming:
            yield _about("flow_into_boundary", node, flows=_ids(node.incoming))
        if isinstance(node, EndEvent) and node.outgoing:
            yield _about("flow_out_of_end", node, flows=_ids(node.outgoing))


def boundaries(process: Process) -> Iterator[Problem]:
    """A boundary event hangs on an activity."""
    for node in process.nodes.values():
        if isinstance(node, BoundaryEvent):
            host = process.nodes.get(node.attached_to)
            if not isinstance(host, Activity | Unsupported):
                target = node.attached_to[:80] or Phrase("nothing")
                yield _about("boundary_without_activity", node, target=target)


def choices(process: Process) -> Iterator[Problem]:
    """A gateway that chooses can choose; a default flow is what is left, without a condition."""
    for node in process.nodes.values():
        if isinstance(node, ExclusiveGateway) and len(node.outgoing) > 1:
            bare = [flow for flow in node.outgoing if flow.condition is None]
            missing = [flow for flow in bare if flow != node.default]
            if missing:
                flows = listed([shown(flow.id, flow.name) for flow in missing])
                yield _about("conditions_missing", node, flows=flows)
        if isinstance(node, ParallelGateway):
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
        if node.outgoing or isinstance(node, EndEvent | Unsupported):
            continue
        code = "gateway_without_outgoing" if isinstance(node, Gateway) else "no_end_reached"
        yield _about(code, node)


def reach(process: Process) -> Iterator[Problem]:
    """Every node lies on a path from a start event."""
    pending = [
        node.id
        for node in process.nodes.values()
        if isinstance(node, StartEvent) or (isinstance(node, Unsupported) and not node.incoming)
    ]
    reached = set(pending)
    if not any(isinstance(process.nodes[at], StartEvent) for at in pending):
        return
    while pending:
        node = process.nodes[pending.pop()]
        onward = [flow.target for flow in node.outgoing]
        onward += [event.id for event in process.boundaries.get(node.id, ())]
        new = {at for at in onward if at in process.nodes} - reached
        reached |= new
        pending.extend(new)
    for identity, node in process.nodes.items():
        if identity not in reached:
            yield _about("unreachable", node)


def _about(code: str, node: FlowNode, **fields: object) -> Problem:
    return problem(code, node.id, node.name, **fields)


def _ids(flows: tuple[SequenceFlow, ...]) -> str:
    return listed([shown(flow.id, flow.name) for flow in flows])


RULES: tuple[Callable[[Process], Iterator[Problem]], ...] = (
    starts,
    flow_ends,
    directions,
    boundaries,
    choices,
    ends,
    reach,
)
