"""Measures of one level of a process: what a reader sees on one sheet.

Size, density, depth, sequentiality, heterogeneity, cyclicity and degrees are those of Mendling,
"Metrics for Process Models" (2008), chapter 4, with BPMN's gateways and implicit splits as its
connectors; control-flow complexity is Cardoso's, "Control-flow Complexity Measurement of Processes
and Weyuker's Properties" (2005); the coefficient of network complexity is Latva-Koivisto's,
"Finding a Complexity Measure for Business Process Models" (2001).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from engine.bpmn.cycles import circles
from engine.bpmn.elements import (
    Activity,
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    InclusiveGateway,
    ParallelGateway,
    SequenceFlow,
)
from engine.bpmn.process import Process

_CHOOSES_ONE = ExclusiveGateway | EventBasedGateway
_CHOOSES_SOME = InclusiveGateway | ComplexGateway
_MOST_WAYS = 30
"""A gateway with more ways out counts as one with so many: 2 to their power is a number to read."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured. Counts are whole; shares are from 0 to 1.

    Attributes:
        size: flow nodes.
        activities: tasks, calls and sub-processes.
        gateways: gateways.
        flows: sequence flows.
        control_flow: the states that the splits can lead to, added up (CFC).
        network: flows for each node (CNC).
        density: flows there are, of those there could be.
        depth: splits around a node, at most, on its shortest way from the beginning.
        sequentiality: flows from one step to the next without a gateway, of all.
        heterogeneity: how mixed the kinds of gateways are; 0 where all are of one kind.
        cyclicity: nodes that lie on a loop, of all.
        degree: flows at a gateway, on average.
        widest: flows at a gateway, at most.
    """

    size: int
    activities: int
    gateways: int
    flows: int
    control_flow: int
    network: float
    density: float
    depth: int
    sequentiality: float
    heterogeneity: float
    cyclicity: float
    degree: float
    widest: int


def measured(process: Process, level: str = "") -> Measures:
    """Measure one level: the process itself, or the inside of the sub-process with this id."""
    nodes = process.level(level)
    known = {node.id for node in nodes}
    flows = [flow for node in nodes for flow in node.outgoing if flow.target in known]
    gateways = [node for node in nodes if isinstance(node, Gateway)]
    degrees = [len(node.incoming) + len(node.outgoing) for node in gateways]
    return Measures(
        size=len(nodes),
        activities=sum(isinstance(node, Activity) for node in nodes),
        gateways=len(gateways),
        flows=len(flows),
        control_flow=sum(_states(node) for node in nodes),
        network=_share(len(flows), len(nodes)),
        density=_share(len(flows), len(nodes) * (len(nodes) - 1)),
        depth=_depth(nodes, flows),
        sequentiality=_sequentiality(process, flows),
        heterogeneity=_heterogeneity(gateways),
        cyclicity=_share(sum(map(len, circles(_graph(nodes, flows)))), len(nodes)),
        degree=_share(sum(degrees), len(degrees)),
        widest=max(degrees, default=0),
    )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 0.0


def _states(node: FlowNode) -> int:
    """Return to how many states a split can lead; what is no split leads to none of its own."""
    ways = min(len(node.outgoing), _MOST_WAYS)
    if ways <= 1:
        return 0
    if isinstance(node, _CHOOSES_ONE):
        return ways
    conditional = any(flow.condition for flow in node.outgoing)
    if isinstance(node, _CHOOSES_SOME) or (conditional and not isinstance(node, ParallelGateway)):
        return int(2**ways - 1)
    return 1


def _graph(nodes: Iterable[FlowNode], flows: Iterable[SequenceFlow]) -> Mapping[str, list[str]]:
    graph: dict[str, list[str]] = {node.id: [] for node in nodes}
    for flow in flows:
        graph[flow.source].append(flow.target)
    return graph


def _depth(nodes: Sequence[FlowNode], flows: Sequence[SequenceFlow]) -> int:
    graph = _graph(nodes, flows)
    by_id = {node.id: node for node in nodes}
    depths = {node.id: 0 for node in nodes if not node.incoming}
    pending = deque(depths)
    while pending:
        at = pending.popleft()
        inside = depths[at] + (len(by_id[at].outgoing) > 1)
        for after in graph[at]:
            if after not in depths:
                depths[after] = max(0, inside - (len(by_id[after].incoming) > 1))
                pending.append(after)
    return max(depths.values(), default=0)


def _sequentiality(process: Process, flows: Sequence[SequenceFlow]) -> float:
    plain = sum(
        not isinstance(process.nodes[flow.source], Gateway)
        and not isinstance(process.nodes[flow.target], Gateway)
        for flow in flows
    )
    return _share(plain, len(flows))


def _heterogeneity(gateways: Sequence[Gateway]) -> float:
    """Return the entropy of the kinds, to the base of how many kinds BPMN has in common use."""
    kinds = Counter(type(gateway) for gateway in gateways)
    shares = [count / len(gateways) for count in kinds.values()]
    return round(-sum(share * log(share, 3) for share in shares), 3) + 0.0
