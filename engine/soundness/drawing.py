"""From one level of a process to its graph.

An activity is one step: it ends, or an event at its edge ends it, and those that do not interrupt
may have happened besides. A sub-process is such a step of the level around it; its inside is a
level of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    ComplexGateway,
    EndEvent,
    Event,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    InclusiveGateway,
    IntermediateThrowEvent,
    ParallelGateway,
    ReceiveTask,
    SequenceFlow,
    StartEvent,
    SubProcess,
    SubProcessKind,
)
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ErrorDefinition,
    LinkDefinition,
    TerminateDefinition,
)
from engine.bpmn.process import Process
from engine.soundness.graph import SINKS, Graph, Role

_LEAVES = ErrorDefinition | CancelDefinition
_SPLITS: Mapping[type[FlowNode], Role] = {
    ExclusiveGateway: Role.CHOICE,
    EventBasedGateway: Role.CHOICE,
    ParallelGateway: Role.SPLIT,
    InclusiveGateway: Role.MULTI,
    ComplexGateway: Role.MULTI,
}
_JOINS: Mapping[type[FlowNode], Role] = {
    ParallelGateway: Role.SYNC,
    InclusiveGateway: Role.GATHER,
    ComplexGateway: Role.GATHER,
}


def levels(process: Process) -> list[str]:
    """Return the levels that have an order: the process itself, and its sub-processes by id."""
    inner = [
        node.id
        for node in process.nodes.values()
        if isinstance(node, SubProcess) and node.kind is not SubProcessKind.ADHOC
    ]
    return ["", *inner]


def drawn(process: Process, level: str) -> Graph:
    """Return the graph of a level, without what no path from its beginning leads to.

    Its `elements` are those that paths lead to, whether a sub-process before them ever ends or not.
    """
    drawing = _Drawing(process, level)
    drawing.draw()
    graph = drawing.graph
    _forget_unreachable(graph)
    graph.elements = frozenset().union(*(edge.covers for edge in graph.edges.values()))
    for number in drawing.never & graph.edges.keys():
        graph.unlink(number)
    _forget_unreachable(graph)
    return graph


class _Drawing:
    def __init__(self, process: Process, level: str) -> None:
        self.graph = Graph()
        self.never: set[int] = set()
        self._process = process
        self._level = level
        self._nodes = [node for node in process.level(level) if _takes_part(node)]
        self._entries = {node.id: self._entry(node) for node in self._nodes}

    def draw(self) -> None:
        for node in self._nodes:
            self._draw(node)
        begins = self._begins()
        starts = any(isinstance(node, StartEvent) or _instantiates(node) for node in begins)
        # Without a start the level begins everywhere at once (BPMN 2.0.2, 13.3.4).
        first = self.graph.vertex(Role.CHOICE if starts else Role.SPLIT, "")
        for node in begins:
            self.graph.edge(first, self._entries[node.id])
        if not begins:
            self.graph.edge(first, self.graph.vertex(Role.END, ""))
        self.graph.begin = self.graph.edge(-1, first)

    def _begins(self) -> Sequence[FlowNode]:
        named = [one for one in self._nodes if isinstance(one, StartEvent) or _instantiates(one)]
        known = [one for one in self._process.begins_of(self._level) if one.id in self._entries]
        return named or known

    def _entry(self, node: FlowNode) -> int:
        """Return the vertex at which tokens come to a node."""
        if isinstance(node, EndEvent):
            return self.graph.vertex(_sink(node), node.id)
        return self.graph.vertex(_JOINS.get(type(node), Role.MERGE), node.id)

    def _draw(self, node: FlowNode) -> None:
        if isinstance(node, EndEvent):
            return
        inside = self.graph.vertex(Role.MERGE, "")
        self.graph.edge(self._entries[node.id], inside, node.id)
        done = self._beside(node, inside)
        if isinstance(node, IntermediateThrowEvent) and isinstance(node.definition, LinkDefinition):
            caught = self._process.link(node.scope, node.definition.name)
            targets = [] if caught is None else [(self._entries[caught.id], caught.id)]
            self._leave(done, node, targets)
        else:
            self._leave(done, node, self._targets(node.outgoing))

    def _beside(self, node: FlowNode, inside: int) -> int:
        """Draw the events at the edge of a node; return where it goes on after its end."""
        events = [one for one in self._process.boundaries.get(node.id, ()) if _occurs(one)]
        beside = [one for one in events if not _interrupts(one)]
        after = inside
        if beside:
            self.graph.vertices[inside].role = Role.MULTI
            after = self.graph.vertex(Role.MERGE, "")
            always = self.graph.edge(inside, after, node.id)
            self.graph.vertices[inside].always = frozenset({always})
            for event in beside:
                self._occur(inside, event)
        instead = [one for one in events if _interrupts(one)]
        if not instead:
            return after
        self.graph.vertices[after].role = Role.CHOICE
        for event in instead:
            self._occur(after, event)
        done = self.graph.vertex(Role.MERGE, "")
        ended = self.graph.edge(after, done, node.id)
        if isinstance(node, SubProcess) and not _completes(self._process, node):
            self.never.add(ended)
        return done

    def _occur(self, source: int, event: BoundaryEvent) -> None:
        happened = self.graph.vertex(Role.MERGE, event.id)
        self.graph.edge(source, happened, event.id)
        self._leave(happened, event, self._targets(event.outgoing))

    def _targets(self, flows: Iterable[SequenceFlow]) -> list[tuple[int, str]]:
        return [(self._entries[one.target], one.id) for one in flows if one.target in self._entries]

    def _leave(self, source: int, node: FlowNode, targets: Sequence[tuple[int, str]]) -> None:
        """Draw the flows out of a node; where there are none, its token ends."""
        if not targets:
            self.graph.edge(source, self.graph.vertex(Role.END, node.id))
            return
        split = self.graph.vertex(_SPLITS.get(type(node), Role.SPLIT), node.id)
        self.graph.edge(source, split, node.id)
        numbers = {flow: self._flow(split, target, flow) for target, flow in targets}
        self._weigh(split, node, numbers)

    def _flow(self, split: int, target: int, flow: str) -> int:
        at = self.graph.vertices[target]
        number = self.graph.edge(split, target, flow)
        if at.role in SINKS:
            self.graph.edges[number].path.append(at.element)
            self.graph.edges[number].covers.add(at.element)
        return number

    def _weigh(self, split: int, node: FlowNode, numbers: dict[str, int]) -> None:
        """Tell a split that chooses several flows which of them it always takes."""
        vertex = self.graph.vertices[split]
        some = isinstance(node, Activity) and any(flow.condition for flow in node.outgoing)
        if some:
            vertex.role = Role.MULTI
        if vertex.role is not Role.MULTI:
            return
        default = node.default.id if isinstance(node, Gateway | Activity) and node.default else ""
        vertex.default = numbers.get(default)
        bare = {flow.id for flow in node.outgoing if flow.condition is None} - {default}
        # A gateway without conditions is one that is not finished: any of its flows may be meant.
        if some or len(bare) < len(node.outgoing) - (1 if default else 0):
            vertex.always = frozenset(numbers[flow] for flow in bare if flow in numbers)


def _takes_part(node: FlowNode) -> bool:
    if isinstance(node, BoundaryEvent):
        return False
    if isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT:
        return False
    return not (isinstance(node, Activity) and node.for_compensation)


def _instantiates(node: FlowNode) -> bool:
    return isinstance(node, EventBasedGateway | ReceiveTask) and node.instantiate


def _occurs(event: BoundaryEvent) -> bool:
    return not any(isinstance(one, CompensationDefinition) for one in event.definitions)


def _interrupts(event: BoundaryEvent) -> bool:
    return event.interrupting or any(isinstance(one, _LEAVES) for one in event.definitions)


def _sink(event: Event) -> Role:
    leaves = _LEAVES | TerminateDefinition
    return Role.STOP if any(isinstance(one, leaves) for one in event.definitions) else Role.END


def _completes(process: Process, sub: SubProcess) -> bool:
    """Return whether a sub-process has an end at which the process goes on after it."""
    inside = [node for node in process.level(sub.id) if _takes_part(node) and not node.outgoing]
    return not inside or any(
        not (isinstance(node, Event) and any(isinstance(one, _LEAVES) for one in node.definitions))
        for node in inside
    )


def _forget_unreachable(graph: Graph) -> None:
    """Drop what no token comes to; a join that waits for all keeps what it waits for in vain."""
    reached: set[int] = set()
    pending = [graph.edges[graph.begin].target]
    while pending:
        at = pending.pop()
        if at not in reached:
            reached.add(at)
            pending += (graph.edges[out].target for out in graph.vertices[at].outs)
    gone = [at for at in graph.vertices if at not in reached]
    for at in gone:
        for out in tuple(graph.vertices[at].outs):
            edge = graph.edges[out]
            if edge.target in reached and graph.vertices[edge.target].role is Role.SYNC:
                graph.vertices[at].outs.remove(out)
                edge.source = -1
            else:
                graph.unlink(out)
    for at in gone:
        del graph.vertices[at]
