"""Flow nodes and sequence flows as frozen values.

BPMN 2.0.2, chapters 8.4.13 (sequence flow), 10.3 (activities), 10.5 (events) and 10.6 (gateways).
What is shown here is what the engine acts on; the drawing and foreign extensions stay in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.events import EventDefinition


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    """A directed edge. `condition` is FEEL text, or None where the flow is unconditional."""

    id: str
    name: str = ""
    source: str = ""
    target: str = ""
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class FlowNode:
    """Anything a token can stand at. `incoming` and `outgoing` keep document order.

    `documentation` is the text the author left for the people who meet the element.
    """

    id: str
    name: str = ""
    incoming: tuple[SequenceFlow, ...] = ()
    outgoing: tuple[SequenceFlow, ...] = ()
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Unsupported(FlowNode):
    """A node of the drawing that does not run; `kind` is its element's name. Never executed."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class Gateway(FlowNode):
    """A node that only routes."""

    default: SequenceFlow | None = None


@dataclass(frozen=True, slots=True)
class ExclusiveGateway(Gateway):
    """Takes the first outgoing flow that holds; merges without waiting."""


@dataclass(frozen=True, slots=True)
class ParallelGateway(Gateway):
    """Waits for a token on every incoming flow, then takes every outgoing one."""


@dataclass(frozen=True, slots=True)
class StartEvent(FlowNode):
    """Where an instance begins; `definition` is None for a none start event."""

    definition: EventDefinition | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class EndEvent(FlowNode):
    """Where a path ends; a terminate definition ends the whole scope."""

    definition: EventDefinition | None = None


@dataclass(frozen=True, slots=True)
class IntermediateCatchEvent(FlowNode):
    """Where a token waits for a timer or a message."""

    definition: EventDefinition | None = None


@dataclass(frozen=True, slots=True)
class BoundaryEvent(FlowNode):
    """An event at the edge of an activity."""

    definition: EventDefinition | None = None
    attached_to: str = ""
    interrupting: bool = True


@dataclass(frozen=True, slots=True)
class IoMapping:
    """One input or output mapping: FEEL `source` read, its value written to `target`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Retry:
    """How a failing service task is tried again. Durations are ISO 8601 texts.

    The n-th wait is `first_delay * factor ** (n - 1)`, at most `cap`, spread by full jitter.
    """

    attempts: int = 3
    first_delay: str = "PT5S"
    factor: float = 2.0
    cap: str = "PT5M"


@dataclass(frozen=True, slots=True)
class Activity(FlowNode):
    """Work. `default` is the flow taken when no conditional outgoing flow holds."""

    default: SequenceFlow | None = None
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()


GATE_RESULT = "decision"
"""The variable that a gate without output mappings leaves."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What makes a user task a decision: approve or reject, by `quorum` different persons."""

    quorum: int = 1


@dataclass(frozen=True, slots=True)
class UserTask(Activity):
    """Work for a person. `gate` is set when the task decides; `form` is form-js JSON text.

    `assignee`, `candidate_groups`, `candidate_users`, `due` and `priority` are texts as written:
    FEEL where they begin with `=`, literals otherwise (zeebe's rule).
    """

    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due: str | None = None
    priority: str | None = None
    form: str | None = None
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class WorkerTask(Activity):
    """Work that a worker does outside of the run's transactions, and tries again as told."""

    retry: Retry = field(default_factory=Retry)


@dataclass(frozen=True, slots=True)
class ServiceTask(WorkerTask):
    """Work for a connector. `job_type` names the connector and its contract, such as `http:1`."""

    job_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScriptTask(Activity):
    """A FEEL expression whose value is written to `result_variable`."""

    expression: str = ""
    result_variable: str = ""


@dataclass(frozen=True, slots=True)
class StarlarkTask(WorkerTask):
    """A script task in Starlark, for the script runner; its result goes to `result_variable`."""

    source: str = ""
    result_variable: str = ""
