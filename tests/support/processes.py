"""Processes in one line: `a_process().user_task("approve").end()`.

Each call adds a node after the last one. `at` goes on from an earlier node, `to` closes a loop or
meets a join, `when` and `otherwise` say what the next flow needs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    Gateway,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ParallelGateway,
    ScriptTask,
    SequenceFlow,
    ServiceTask,
    StartEvent,
    SubProcess,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import (
    CompensationDefinition,
    EventDefinition,
    MessageDefinition,
    TerminateDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process


def a_process(process: str = "p", start: str = "start") -> ProcessBuilder:
    """Begin a process at a none start event."""
    return ProcessBuilder(process).node(StartEvent(start))


class ProcessBuilder:
    """Collects nodes and flows; `end` and `build` give the process."""

    def __init__(self, process: str) -> None:
        self._process = process
        self._nodes: dict[str, FlowNode] = {}
        self._flows: dict[str, SequenceFlow] = {}
        self._defaults: dict[str, str] = {}
        self._last = ""
        self._scope = ""
        self._condition: str | None = None
        self._is_default = False

    def node(self, node: FlowNode) -> ProcessBuilder:
        """Add any node after the last one; the first, and a boundary event, stand alone."""
        self._nodes[node.id] = replace(node, scope=self._scope)
        if self._last and not isinstance(node, BoundaryEvent | StartEvent):
            self.to(node.id)
        return self.at(node.id)

    def alone(self, node: FlowNode) -> ProcessBuilder:
        """Add a node that no flow leads to, and go on from it."""
        self._last = ""
        return self.node(node)

    def sub(self, name: str, *, start: bool = True, **fields: Any) -> ProcessBuilder:
        """Add a sub-process and go on inside it, at its start event; `out` leaves it."""
        self.node(SubProcess(name, **fields))
        return self._into(name, StartEvent(f"{name}-start") if start else None)

    def esub(
        self, name: str, definition: EventDefinition, *, interrupting: bool = True
    ) -> ProcessBuilder:
        """Add an event sub-process here and go on inside it; `out` leaves it."""
        self.alone(SubProcess(name, kind=SubProcessKind.EVENT))
        start = StartEvent(f"{name}-start", definitions=(definition,), interrupting=interrupting)
        return self._into(name, start)

    def _into(self, name: str, start: StartEvent | None) -> ProcessBuilder:
        self._scope, self._last = name, ""
        return self if start is None else self.node(start)

    def out(self) -> ProcessBuilder:
        """Leave a sub-process and go on from it."""
        inner = self._scope
        self._scope = self._nodes[inner].scope
        return self.at(inner)

    def catch(self, name: str, *definitions: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(IntermediateCatchEvent(name, definitions=definitions, **fields))

    def throw(self, name: str, *definitions: EventDefinition, **fields: Any) -> ProcessBuilder:
        return self.node(IntermediateThrowEvent(name, definitions=definitions, **fields))

    def undone_by(self, name: str, handler: str) -> ProcessBuilder:
        """Give the last activity a service task that undoes it."""
        on = self._last
        self.alone(ServiceTask(handler, job_type="undo:1", for_compensation=True))
        event = BoundaryEvent(
            name, definitions=(CompensationDefinition(),), attached_to=on, handler=handler
        )
        return self.node(event).at(on)

    def inclusive(self, name: str) -> ProcessBuilder:
        return self.node(InclusiveGateway(name))

    def user_task(self, name: str, **fields: Any) -> ProcessBuilder:
        return self.node(UserTask(name, **fields))

    def service_task(self, name: str, **fields: Any) -> ProcessBuilder:
        return self.node(ServiceTask(name, **{"job_type": "test:1", **fields}))

    def script_task(self, name: str, expression: str, result: str, **fields: Any) -> ProcessBuilder:
        return self.node(ScriptTask(name, expression=expression, result_variable=result, **fields))

    def exclusive(self, name: str) -> ProcessBuilder:
        return self.node(ExclusiveGateway(name))

    def parallel(self, name: str) -> ProcessBuilder:
        return self.node(ParallelGateway(name))

    def timer(self, name: str, **definition: str) -> ProcessBuilder:
        return self.node(IntermediateCatchEvent(name, definitions=(TimerDefinition(**definition),)))

    def message(self, name: str, message: str, key: str | None = None) -> ProcessBuilder:
        return self.node(
            IntermediateCatchEvent(name, definitions=(MessageDefinition(message, key),))
        )

    def boundary(
        self, name: str, on: str, definition: EventDefinition, *, interrupting: bool = True
    ) -> ProcessBuilder:
        """Attach an event to an activity and go on from the event."""
        return self.node(
            BoundaryEvent(
                name, definitions=(definition,), attached_to=on, interrupting=interrupting
            )
        )

    def when(self, condition: str) -> ProcessBuilder:
        """Give the next flow a condition."""
        self._condition = condition
        return self

    def otherwise(self) -> ProcessBuilder:
        """Make the next flow the default."""
        self._is_default = True
        return self

    def at(self, name: str) -> ProcessBuilder:
        """Go on from this node."""
        self._last = name
        return self

    def to(self, target: str) -> ProcessBuilder:
        """Draw a flow from the last node to one that exists or will."""
        flow = f"{self._last}-{target}"
        while flow in self._flows:
            flow += "'"
        self._flows[flow] = SequenceFlow(flow, "", self._last, target, self._condition)
        if self._is_default:
            self._defaults[self._last] = flow
        self._condition, self._is_default = None, False
        return self

    def stop(
        self, name: str, *definitions: EventDefinition, terminate: bool = False
    ) -> ProcessBuilder:
        """End this path; others go on with `at`."""
        thrown = (TerminateDefinition(),) if terminate else definitions
        return self.node(EndEvent(name, definitions=thrown))

    def end(self, name: str = "end") -> Process:
        """End the last path and give the process."""
        return self.stop(name).build()

    def build(self) -> Process:
        nodes = {name: self._wired(node) for name, node in self._nodes.items()}
        return Process(self._process, nodes=nodes, flows=dict(self._flows))

    def _wired(self, node: FlowNode) -> FlowNode:
        flows = self._flows.values()
        wired = replace(
            node,
            incoming=tuple(flow for flow in flows if flow.target == node.id),
            outgoing=tuple(flow for flow in flows if flow.source == node.id),
        )
        if node.id in self._defaults and isinstance(wired, Gateway | Activity):
            return replace(wired, default=self._flows[self._defaults[node.id]])
        return wired
