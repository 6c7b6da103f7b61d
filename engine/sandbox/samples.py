"""What in a model is answered from outside, and with what it is answered unless somebody says more.

Pure. A sample has the shape of what the connector hands in; where the output mappings of a step
read more than that, the sample has something there for them to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    FlowNode,
    ServiceTask,
    StarlarkTask,
    ThrowEvent,
    UserTask,
)
from engine.bpmn.events import ErrorDefinition
from engine.bpmn.process import Process
from engine.semantics import jobs

#: What a connector hands in, by the first part of its name.
_RESULTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "http": {"response": {"status": 200, "headers": {}, "body": {}}},
        "openapi": {"response": {"status": 200, "headers": {}, "body": {}}},
        "email": {"email": {"id": "<sample@example.com>", "refused": []}},
        "script": {jobs.RESULT: "sample"},
    }
)
_PATH: Final = re.compile(r"\b(?:response|email)(?:\.[A-Za-z_]\w*)+")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked of the outside.

    `key` is what scenarios answer it by: the id of the element, or the job type of a listener.
    `errors` are the codes that events at the step are drawn for, "" for any.
    """

    key: str
    element: str
    name: str
    job_type: str
    sample: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[str, ...] = ()


def asked_of(process: Process) -> list[Asked]:
    """Return all that a process may ask of the outside, in the order of the file."""
    return [one for node in process.nodes.values() for one in _asked(process, node)]


def _asked(process: Process, node: FlowNode) -> Iterator[Asked]:
    job_type = _job_type(node)
    name = node.name or node.id
    if job_type:
        codes = tuple(_caught_at(process, node.id))
        yield Asked(node.id, node.id, name, job_type, _sample(node, job_type), codes)
    if isinstance(node, Activity):
        own = node.task_listeners if isinstance(node, UserTask) else ()
        for listener in (*node.start_listeners, *node.end_listeners, *own):
            yield Asked(listener.job_type, node.id, name, listener.job_type)


def _job_type(node: FlowNode) -> str:
    if isinstance(node, StarlarkTask):
        return jobs.SCRIPT
    return node.job_type if isinstance(node, ServiceTask | ThrowEvent) else ""


def _caught_at(process: Process, element: str) -> Iterator[str]:
    for node in process.nodes.values():
        if isinstance(node, BoundaryEvent) and node.attached_to == element:
            for definition in node.definitions:
                if isinstance(definition, ErrorDefinition):
                    yield definition.code or ""


def _sample(node: FlowNode, job_type: str) -> dict[str, Any]:
    """Return a result of the connector, with what the step's output mappings read of it."""
    result: dict[str, Any] = _copied(_RESULTS.get(job_type.partition(":")[0], {}))
    outputs = node.outputs if isinstance(node, Activity | ThrowEvent) else ()
    for mapping in outputs:
        for path in _PATH.findall(mapping.source):
            _lay(result, path.split("."))
    return result


def _copied(value: Any) -> Any:
    return {k: _copied(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _lay(result: dict[str, Any], path: list[str]) -> None:
    """Put a text where a path leads, unless something stands there."""
    at: Any = result
    for name in path[:-1]:
        at = at.setdefault(name, {})
        if not isinstance(at, dict):
            return
    at.setdefault(path[-1], "sample")
