"""What happens when a step fails for good."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.elements import (
    CallActivity,
    Event,
    FlowNode,
    ServiceTask,
    StarlarkTask,
    StartEvent,
    SubProcess,
)
from engine.bpmn.events import ErrorDefinition
from engine.bpmn.process import Process
from engine.lint.finding import about, mendable
from engine.lint.rules import Setting
from engine.problems import Problem

_OUTSIDE = ServiceTask | StarlarkTask | CallActivity


def exception_paths(process: Process, _setting: Setting) -> Iterator[Problem]:
    """A step that calls outside has somewhere to go when that fails: at it, or around it."""
    for node in process.nodes.values():
        if isinstance(node, _OUTSIDE) and _leaves(node) and not _is_caught(process, node):
            yield mendable(about("exception_path_missing", node), "error_event")


def _leaves(node: FlowNode) -> bool:
    if isinstance(node, ServiceTask):
        return bool(node.job_type) and not node.for_compensation
    return isinstance(node, StarlarkTask | CallActivity)


def _is_caught(process: Process, node: FlowNode) -> bool:
    here: FlowNode | None = node
    while here is not None:
        if any(_is_error(event) for event in process.boundaries.get(here.id, ())):
            return True
        if any(_catches(process, aside) for aside in process.event_subprocesses(here.scope)):
            return True
        here = process.nodes.get(here.scope)
    return False


def _catches(process: Process, aside: SubProcess) -> bool:
    starts = (node for node in process.level(aside.id) if isinstance(node, StartEvent))
    return any(_is_error(start) for start in starts)


def _is_error(event: Event) -> bool:
    return any(isinstance(one, ErrorDefinition) for one in event.definitions)
