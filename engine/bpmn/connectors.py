"""Which connectors a process calls: for its steps, its thrown messages and its listeners."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.elements import Activity, Event, FlowNode, ServiceTask, ThrowEvent, UserTask
from engine.bpmn.process import Process


def of(process: Process) -> frozenset[str]:
    """Return the names of the connectors, each with its contract (`http:1`).

    A name may be FEEL, which begins with `=`: which connector it means, only the run knows.
    """
    return frozenset(name for node in process.nodes.values() for name in _named(node) if name)


def _named(node: FlowNode) -> Iterator[str]:
    if isinstance(node, ServiceTask | ThrowEvent):
        yield node.job_type
    if isinstance(node, Activity | Event):
        yield from (one.job_type for one in (*node.start_listeners, *node.end_listeners))
    if isinstance(node, UserTask):
        yield from (one.job_type for one in node.task_listeners)
