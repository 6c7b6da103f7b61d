"""Process: the executable graph and its look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from engine.bpmn.elements import (
    GATE_RESULT,
    Activity,
    BoundaryEvent,
    ComplexGateway,
    FlowNode,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    SequenceFlow,
    StartEvent,
    SubProcess,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import LinkDefinition

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Process:
    """One executable process. `nodes` and `flows` are keyed by id, in document order.

    The nodes of all levels are in `nodes`; the look-ups that take a `scope` answer for one level,
    that of the sub-process with this id, or the top level where it is "".

    `version_tag` is what calls bound to a tag ask for. `is_detailed` says that the file knows the
    namespaces of execution details, so that a step without any was forgotten.
    """

    id: str
    name: str = ""
    nodes: Mapping[str, FlowNode] = field(default_factory=dict)
    flows: Mapping[str, SequenceFlow] = field(default_factory=dict)
    executable: bool = True
    documentation: str = ""
    version_tag: str = ""
    is_detailed: bool = False

    @cached_property
    def none_start(self) -> StartEvent | None:
        """Return the top start event without a definition; validation allows at most one."""
        return self.none_start_of("")

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[BoundaryEvent, ...]]:
        """Return the boundary events of each activity, by the activity's id."""
        events = (node for node in self.nodes.values() if isinstance(node, BoundaryEvent))
        return _grouped((event.attached_to, event) for event in events)

    @cached_property
    def decided(self) -> frozenset[str]:
        """Return the names of the variables that hold what gates decided.

        Nobody sets them from outside: who could would steer the flow past the people who vote.
        """
        gates = [one for one in self.nodes.values() if isinstance(one, UserTask) and one.gate]
        written = (
            [mapping.target.partition(".")[0] for mapping in gate.outputs] or [GATE_RESULT]
            for gate in gates
        )
        return frozenset(name for names in written for name in names)

    @cached_property
    def derived(self) -> dict[Any, Any]:
        """Return what those who run the process have worked out about it once, by its type."""
        return {}

    def level(self, scope: str) -> tuple[FlowNode, ...]:
        """Return the nodes that stand directly in a scope."""
        return self._levels.get(scope, ())

    def none_start_of(self, scope: str) -> StartEvent | None:
        """Return the start event without a definition."""
        starts = (node for node in self.level(scope) if isinstance(node, StartEvent))
        return next((start for start in starts if not start.definitions), None)

    def begins_of(self, scope: str) -> tuple[FlowNode, ...]:
        """Return where a scope without a start event begins: wherever no flow leads to.

        BPMN 2.0.2, 13.3.4. Neither boundary events nor what is only called upon begins.
        """
        return tuple(node for node in self.level(scope) if not node.incoming and _may_begin(node))

    def event_subprocesses(self, scope: str) -> tuple[SubProcess, ...]:
        """Return the event sub-processes that stand in a scope."""
        return self._event_subprocesses.get(scope, ())

    def joins(self, scope: str) -> tuple[InclusiveGateway | ComplexGateway, ...]:
        """Return the gateways of a scope that may wait for tokens still on their way."""
        return self._joins.get(scope, ())

    def upstream(self, gateway: str) -> Mapping[str, frozenset[str]]:
        """Return, for each flow into a gateway, from where a token can come to it.

        These are flows and nodes, the flow itself among them, on paths that do not lead through
        the gateway: along sequence flows, out of boundary events and through links.
        """
        if gateway not in self._upstream:
            ends = self.nodes[gateway].incoming
            self._upstream[gateway] = {flow.id: self._sources(flow, gateway) for flow in ends}
        return self._upstream[gateway]

    def _sources(self, end: SequenceFlow, gateway: str) -> frozenset[str]:
        found = {end.id}
        pending = [end.source]
        while pending:
            at = pending.pop()
            if at in found or at == gateway or at not in self.nodes:
                continue
            found.add(at)
            node = self.nodes[at]
            found.update(flow.id for flow in node.incoming)
            pending += (flow.source for flow in node.incoming)
            if isinstance(node, BoundaryEvent):
                pending.append(node.attached_to)
            pending += self._jumps.get(at, ())
        return frozenset(found)

    def link(self, scope: str, name: str) -> IntermediateCatchEvent | None:
        """Return the catching link event of this name."""
        return self._links.get((scope, name))

    @cached_property
    def _event_subprocesses(self) -> Mapping[str, tuple[SubProcess, ...]]:
        return _grouped(
            (node.scope, node)
            for node in self.nodes.values()
            if isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT
        )

    @cached_property
    def _joins(self) -> Mapping[str, tuple[InclusiveGateway | ComplexGateway, ...]]:
        return _grouped(
            (node.scope, node)
            for node in self.nodes.values()
            if isinstance(node, InclusiveGateway | ComplexGateway) and len(node.incoming) > 1
        )

    @cached_property
    def _upstream(self) -> dict[str, Mapping[str, frozenset[str]]]:
        return {}

    @cached_property
    def _jumps(self) -> Mapping[str, tuple[str, ...]]:
        """Return the throwing link events that lead to each catching one."""
        throws = (node for node in self.nodes.values() if isinstance(node, IntermediateThrowEvent))
        return _grouped(
            (caught.id, node.id)
            for node in throws
            for definition in node.definitions
            if isinstance(definition, LinkDefinition)
            and (caught := self.link(node.scope, definition.name)) is not None
        )

    @cached_property
    def _levels(self) -> Mapping[str, tuple[FlowNode, ...]]:
        return _grouped((node.scope, node) for node in self.nodes.values())

    @cached_property
    def _links(self) -> Mapping[tuple[str, str], IntermediateCatchEvent]:
        return {
            (node.scope, definition.name): node
            for node in self.nodes.values()
            if isinstance(node, IntermediateCatchEvent)
            for definition in node.definitions
            if isinstance(definition, LinkDefinition)
        }


def _may_begin(node: FlowNode) -> bool:
    if isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT:
        return False
    if isinstance(node, IntermediateCatchEvent):
        return not isinstance(node.definition, LinkDefinition)
    return not isinstance(node, BoundaryEvent | StartEvent) and not (
        isinstance(node, Activity) and node.for_compensation
    )


def _grouped(pairs: Iterable[tuple[K, V]]) -> Mapping[K, tuple[V, ...]]:
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
