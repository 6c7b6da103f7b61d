"""Process: the executable graph and its look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.bpmn.elements import (
    GATE_RESULT,
    BoundaryEvent,
    FlowNode,
    SequenceFlow,
    StartEvent,
    UserTask,
)


@dataclass(frozen=True)
class Process:
    """One executable process. `nodes` and `flows` are keyed by id, in document order."""

    id: str
    name: str = ""
    nodes: Mapping[str, FlowNode] = field(default_factory=dict)
    flows: Mapping[str, SequenceFlow] = field(default_factory=dict)
    executable: bool = True
    documentation: str = ""

    @cached_property
    def none_start(self) -> StartEvent | None:
        """Return the start event without a definition; validation allows at most one."""
        starts = (node for node in self.nodes.values() if isinstance(node, StartEvent))
        return next((start for start in starts if start.definition is None), None)

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[BoundaryEvent, ...]]:
        """Return the boundary events of each activity, by the activity's id."""
        found: dict[str, list[BoundaryEvent]] = {}
        for node in self.nodes.values():
            if isinstance(node, BoundaryEvent):
                found.setdefault(node.attached_to, []).append(node)
        return {activity: tuple(events) for activity, events in found.items()}

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
