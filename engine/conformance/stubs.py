"""What answers the jobs of a scenario, and which elements have jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from engine.bpmn.elements import (
    EndEvent,
    FlowNode,
    IntermediateThrowEvent,
    ScriptTask,
    SendTask,
    ServiceTask,
    StarlarkTask,
)
from engine.bpmn.process import Process
from engine.semantics import variables
from engine.semantics.commands import Command, CompleteJob, ThrowError
from engine.semantics.state import Job

Stub: TypeAlias = Mapping[str, Any]
_TYPE = "stub:1"


@dataclass
class Stubs:
    """The answers of a scenario by element (a listener's: by its type), and the calls so far."""

    answers: Mapping[str, Stub | list[Stub]]
    called: Counter[str] = field(default_factory=Counter)

    def answer(self, job: Job, name: str, seen: Mapping[str, Any], now: datetime) -> Command:
        """Return how a job is done: at once and without a result where no stub says more."""
        stub = self._next(name)
        thrown = stub.get("throws")
        if thrown is not None:
            given = _values(thrown.get("variables", {}), seen, now)
            code = str(thrown["error"])
            return ThrowError(job.activity, job.generation, code, variables=given)
        result = _values(stub.get("returns", {}), seen, now)
        return CompleteJob(job.activity, job.generation, result)

    def _next(self, name: str) -> Stub:
        stub = self.answers.get(name, {})
        self.called[name] += 1
        if not isinstance(stub, list):
            return stub
        return stub[min(self.called[name], len(stub)) - 1] if stub else {}


def stubbed(process: Process, names: Collection[str]) -> Process:
    """Return the process with a job for every element that a scenario answers for.

    A send task, a script task or a message event without a job type is done by the engine itself,
    unless the scenario wants to see and answer it.
    """
    nodes = {
        identity: _with_job(node) if identity in names else node
        for identity, node in process.nodes.items()
    }
    return replace(process, nodes=nodes)


def _with_job(node: FlowNode) -> FlowNode:
    match node:
        case ScriptTask() | StarlarkTask():
            shared = ("id", "name", "incoming", "outgoing", "scope", "default", "inputs", "outputs")
            rest = ("loop", "for_compensation", "start_listeners", "end_listeners")
            kept = {name: getattr(node, name) for name in (*shared, *rest)}
            return ServiceTask(**kept, job_type=_TYPE)
        case SendTask() | IntermediateThrowEvent() | EndEvent() if not node.job_type:
            return replace(node, job_type=_TYPE)
    return node


def _values(given: Mapping[str, Any], seen: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the values of an answer: a text that begins with `=` is FEEL over what is seen."""
    return {
        name: variables.text_of(value, seen, now) if isinstance(value, str) else value
        for name, value in given.items()
    }
