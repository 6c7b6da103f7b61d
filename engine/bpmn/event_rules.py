"""Rules about events and what they hang on: boundaries, links, transactions, compensation.

BPMN 2.0.2, 10.3.5 (sub-processes), 10.5 (events), 10.6.6 (event-based gateways) and 10.7.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from common.phrases import Phrase
from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    EndEvent,
    Event,
    EventBasedGateway,
    FlowNode,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ReceiveTask,
    StartEvent,
    SubProcess,
    SubProcessKind,
    Unsupported,
)
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ConditionalDefinition,
    ErrorDefinition,
    LinkDefinition,
)
from engine.bpmn.graph_rules import about, shown_flows
from engine.bpmn.process import Process
from engine.problems import Problem, shown


def boundaries(process: Process) -> Iterator[Problem]:
    """A boundary event hangs on an activity of its level; some must interrupt it."""
    for node in process.nodes.values():
        if not isinstance(node, BoundaryEvent):
            continue
        host = process.nodes.get(node.attached_to)
        if not isinstance(host, Activity | Unsupported) or host.scope != node.scope:
            target = shown(host.id, host.name) if host else node.attached_to[:80]
            target = target or Phrase("nothing")
            yield about("boundary_without_activity", node, target=target)
        elif _has(node, CancelDefinition) and not _is(host, SubProcessKind.TRANSACTION):
            yield about("cancel_misplaced", node, place=shown(host.id, host.name))


def interrupts(process: Process) -> Iterator[Problem]:
    """An error or a cancellation ends what it happens in."""
    for node in process.nodes.values():
        if isinstance(node, BoundaryEvent | StartEvent) and not node.interrupting:
            yield from _must_interrupt(node)


def _must_interrupt(node: BoundaryEvent | StartEvent) -> Iterator[Problem]:
    for kind, words in ((ErrorDefinition, "error event"), (CancelDefinition, "cancel event")):
        if _has(node, kind):
            yield about("boundary_must_interrupt", node, kind=Phrase(words))


def throws(process: Process) -> Iterator[Problem]:
    """A cancellation stands in a transaction, and an error says which one it is."""
    for node in process.nodes.values():
        if not isinstance(node, EndEvent):
            continue
        if any(isinstance(one, ErrorDefinition) and not one.code for one in node.definitions):
            yield about("error_code_missing", node)
        if _has(node, CancelDefinition):
            around = process.nodes.get(node.scope)
            if not _is(around, SubProcessKind.TRANSACTION):
                place = shown(around.id, around.name) if around else Phrase("the process")
                yield about("cancel_misplaced", node, place=place)


def links(process: Process) -> Iterator[Problem]:
    """A throwing link finds exactly one catching link of its name on its level."""
    caught = Counter(
        (node.scope, one.name)
        for node in process.nodes.values()
        if isinstance(node, IntermediateCatchEvent)
        for one in node.definitions
        if isinstance(one, LinkDefinition)
    )
    for node in process.nodes.values():
        names = [
            one.name
            for one in (node.definitions if isinstance(node, Event) else ())
            if isinstance(one, LinkDefinition) and one.name
        ]
        for name in names:
            found = caught[node.scope, name]
            if isinstance(node, IntermediateThrowEvent) and not found:
                yield about("link_unmatched", node, link=name[:80])
            if isinstance(node, IntermediateCatchEvent) and found > 1:
                yield about("link_ambiguous", node, link=name[:80], count=found)


def event_gateways(process: Process) -> Iterator[Problem]:
    """An event-based gateway leads to what can be waited for."""
    for node in process.nodes.values():
        if isinstance(node, EventBasedGateway):
            for flow in node.outgoing:
                target = process.nodes.get(flow.target)
                if target is not None and not _is_waited_for(target):
                    name = shown(target.id, target.name)
                    yield about("event_gateway_target", node, target=name)


def _is_waited_for(node: FlowNode) -> bool:
    if isinstance(node, IntermediateCatchEvent):
        return not _has(node, LinkDefinition)
    return isinstance(node, ReceiveTask | Unsupported)


def event_subprocesses(process: Process) -> Iterator[Problem]:
    """An event sub-process stands outside the flow and begins by one event."""
    for node in process.nodes.values():
        if not _is(node, SubProcessKind.EVENT):
            continue
        flows = (*node.incoming, *node.outgoing)
        if flows:
            yield about("event_subprocess_flow", node, flows=shown_flows(flows))
        starts = [start for start in process.level(node.id) if isinstance(start, StartEvent)]
        triggered = [start for start in starts if start.definitions]
        if len(starts) != 1 or len(triggered) != 1:
            yield about("event_subprocess_start", node, count=len(triggered))


def ad_hoc(process: Process) -> Iterator[Problem]:
    """Nothing starts or ends by an event in an ad-hoc sub-process."""
    for node in process.nodes.values():
        around = process.nodes.get(node.scope)
        if isinstance(node, StartEvent | EndEvent) and _is(around, SubProcessKind.ADHOC):
            yield about("adhoc_event", node)


def compensation(process: Process) -> Iterator[Problem]:
    """What compensates stands outside the flow, and a compensation event leads to it."""
    bound = {node.handler for node in process.nodes.values() if isinstance(node, BoundaryEvent)}
    for node in process.nodes.values():
        flows = (*node.incoming, *node.outgoing)
        if isinstance(node, BoundaryEvent) and _has(node, CompensationDefinition):
            if node.outgoing:
                flows_out = shown_flows(node.outgoing)
                yield about("flow_out_of_compensation", node, flows=flows_out)
            elif not node.handler:
                yield about("compensation_unbound", node)
        if isinstance(node, Activity) and node.for_compensation:
            if flows:
                yield about("compensation_handler_flow", node, flows=shown_flows(flows))
            elif node.id not in bound:
                yield about("compensation_handler_unbound", node)


def compensated(process: Process) -> Iterator[Problem]:
    """A compensation event that names an activity names one of the process."""
    for node in process.nodes.values():
        for one in node.definitions if isinstance(node, Event) else ():
            named = one.activity if isinstance(one, CompensationDefinition) else None
            if named is not None and not isinstance(process.nodes.get(named), Activity):
                what = Phrase("activity")
                yield about("reference_missing", node, what=what, reference=named[:80])


def _has(node: Event, kind: type) -> bool:
    return any(isinstance(one, kind) for one in node.definitions)


def _is(node: FlowNode | None, kind: SubProcessKind) -> bool:
    return isinstance(node, SubProcess) and node.kind is kind


def conditional_starts(process: Process) -> Iterator[Problem]:
    """A condition begins no run: there are no variables yet that it could read."""
    for node in process.level(""):
        if isinstance(node, StartEvent) and _has(node, ConditionalDefinition):
            yield about("conditional_start", node)


RULES: tuple[Callable[[Process], Iterator[Problem]], ...] = (
    boundaries,
    interrupts,
    throws,
    links,
    event_gateways,
    event_subprocesses,
    ad_hoc,
    compensation,
    compensated,
    conditional_starts,
)
