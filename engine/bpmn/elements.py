"""Flow nodes and sequence flows as frozen values.

BPMN 2.0.2, chapters 8.4.13 (sequence flow), 10.3 (activities), 10.5 (events) and 10.6 (gateways).
What is shown here is what the engine acts on; the drawing and foreign extensions stay in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.bpmn.events import EventDefinition, MessageDefinition


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

    `documentation` is the text the author left for the people who meet the element. `scope` is the
    id of the sub-process around the node, "" at the top level of the process.
    """

    id: str
    name: str = ""
    incoming: tuple[SequenceFlow, ...] = ()
    outgoing: tuple[SequenceFlow, ...] = ()
    documentation: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Unsupported(FlowNode):
    """A node of the drawing that does not run; `kind` is its element's name. Never executed."""

    kind: str = ""


# What several kinds of nodes carry


@dataclass(frozen=True, slots=True)
class IoMapping:
    """One input or output mapping: FEEL `source` read, its value written to `target`."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Retry:
    """How a failing job is tried again. Durations are ISO 8601 texts.

    The n-th wait is `first_delay * factor ** (n - 1)`, at most `cap`, spread by full jitter. After
    `deadline`, counted from when the work was offered, no attempt begins; empty is none.
    `is_usual`: the model says nothing of it, so what is usual in the unit or installation holds.
    """

    attempts: int = 3
    first_delay: str = "PT5S"
    factor: float = 2.0
    cap: str = "PT5M"
    deadline: str = ""
    is_usual: bool = field(default=False, compare=False)


ENVIRONMENTAL = Retry(attempts=8, first_delay="PT15S", cap="PT10M")
"""How a job is tried again when our own surroundings were the cause: more often, and later."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A job at a turn of an element's life: `event` is start or end, or what befell a user task.

    Those of a user task are creating, assigning, updating, completing and cancelling.
    """

    event: str
    job_type: str
    retry: Retry = field(default_factory=Retry)


# Gateways


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
class InclusiveGateway(Gateway):
    """Waits for every token that can still come, then takes every outgoing flow that holds."""


@dataclass(frozen=True, slots=True)
class ComplexGateway(Gateway):
    """Fires once its FEEL `activation_condition` holds, then waits for the rest and resets.

    The condition reads `activationCount` and `waitingForStart`, as do those of the flows out of it.
    """

    activation_condition: str | None = None


@dataclass(frozen=True, slots=True)
class EventBasedGateway(Gateway):
    """Takes the flow whose event occurs first.

    One that instantiates begins the process with that event, or with all of them where `parallel`.
    """

    instantiate: bool = False
    parallel: bool = False


# Events


@dataclass(frozen=True, slots=True)
class Event(FlowNode):
    """Something that happens. No definition: nothing triggers it. Several: a multiple event."""

    definitions: tuple[EventDefinition, ...] = ()
    start_listeners: tuple[Listener, ...] = ()
    end_listeners: tuple[Listener, ...] = ()

    @property
    def definition(self) -> EventDefinition | None:
        """Return the only definition, None where there is none or there are several."""
        return self.definitions[0] if len(self.definitions) == 1 else None


@dataclass(frozen=True, slots=True)
class StartEvent(Event):
    """Where an instance or a sub-process begins.

    `interrupting` is read in an event sub-process only: whether it ends the scope it stands in.
    """

    form: str | None = None
    interrupting: bool = True
    parallel_multiple: bool = False
    outputs: tuple[IoMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class ThrowEvent(Event):
    """An event that is brought about. With a `job_type`, its message is sent by a connector."""

    job_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    retry: Retry = field(default_factory=Retry)
    environment_retry: Retry = ENVIRONMENTAL
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class EndEvent(ThrowEvent):
    """Where a path ends; a terminate definition ends the whole scope."""


@dataclass(frozen=True, slots=True)
class IntermediateThrowEvent(ThrowEvent):
    """Throws on the way."""


@dataclass(frozen=True, slots=True)
class IntermediateCatchEvent(Event):
    """Where a token waits: for any of the definitions, or for all where `parallel_multiple`."""

    parallel_multiple: bool = False
    outputs: tuple[IoMapping, ...] = ()


@dataclass(frozen=True, slots=True)
class BoundaryEvent(Event):
    """An event at the edge of an activity.

    `handler` is the activity that a compensation event's association names.
    """

    attached_to: str = ""
    interrupting: bool = True
    parallel_multiple: bool = False
    outputs: tuple[IoMapping, ...] = ()
    handler: str = ""


# Activities


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """Repeats while the FEEL `condition` holds, judged after each round, or before it too.

    `maximum` is how often at most: a number, FEEL that gives one, or None without a limit.
    """

    condition: str | None = None
    test_before: bool = False
    maximum: int | str | None = None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """Does the activity once per item: so many times (`cardinality`) or for each of `collection`.

    All texts are FEEL but the two names of variables, `element_variable` and `output_collection`.
    """

    sequential: bool = False
    cardinality: str | None = None
    collection: str | None = None
    element_variable: str = ""
    output_collection: str = ""
    output_element: str | None = None
    completion_condition: str | None = None


@dataclass(frozen=True, slots=True)
class Activity(FlowNode):
    """Work. `default` is the flow taken when no conditional outgoing flow holds.

    One that is `for_compensation` stands outside the flow and runs to undo another activity.
    """

    default: SequenceFlow | None = None
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    loop: StandardLoop | MultiInstance | None = None
    for_compensation: bool = False
    start_listeners: tuple[Listener, ...] = ()
    end_listeners: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class Task(Activity):
    """A task that says nothing of how it is done: it is passed at once."""


@dataclass(frozen=True, slots=True)
class ManualTask(Activity):
    """Work done outside of any system; a person says when it is done."""


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
    task_listeners: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkerTask(Activity):
    """Work that a worker does outside of the run's transactions, and tries again as told.

    `environment_retry` is for failures that are not the called system's.
    """

    retry: Retry = field(default_factory=Retry)
    environment_retry: Retry = ENVIRONMENTAL


@dataclass(frozen=True, slots=True)
class ServiceTask(WorkerTask):
    """Work for a connector. `job_type` names the connector and its contract, such as `http:1`.

    Where `throw_after` is given, a job that its circuit has held for so long ends with the error
    CIRCUIT_OPEN.
    """

    job_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    throw_after: str = ""


@dataclass(frozen=True, slots=True)
class SendTask(ServiceTask):
    """Sends a message: through a connector, or to whoever waits for it where there is none."""

    definition: MessageDefinition | None = None


@dataclass(frozen=True, slots=True)
class CalledDecision:
    """The decision that a business rule task asks for, and where its answer goes.

    `decision_id` is FEEL where it begins with `=`. `binding` is pinned, latest or tag.
    """

    decision_id: str
    result_variable: str = ""
    binding: str = "latest"
    version_tag: str = ""


@dataclass(frozen=True, slots=True)
class BusinessRuleTask(ServiceTask):
    """Asks a decision, or a connector where none is named."""

    decision: CalledDecision | None = None


@dataclass(frozen=True, slots=True)
class ReceiveTask(Activity):
    """Waits for a message; one that instantiates begins the process with it."""

    definition: MessageDefinition | None = None
    instantiate: bool = False


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


@dataclass(frozen=True, slots=True)
class CallActivity(Activity):
    """Runs another process. `called` is its key, FEEL where it begins with `=`.

    `binding` is pinned, latest or tag (then `version_tag` says which).
    """

    called: str = ""
    binding: str = "latest"
    version_tag: str = ""
    propagate_all_in: bool = True
    propagate_all_out: bool = True


class SubProcessKind(StrEnum):
    """What a sub-process is besides a process within a process."""

    EMBEDDED = "embedded"
    EVENT = "event"
    TRANSACTION = "transaction"
    ADHOC = "adhoc"


@dataclass(frozen=True, slots=True)
class SubProcess(Activity):
    """A process within the process; the nodes whose `scope` is its id are inside.

    What follows `kind` is read for an ad-hoc sub-process only. `active_elements` is FEEL that gives
    the ids to begin with; None begins with every node that no flow leads to.
    """

    kind: SubProcessKind = SubProcessKind.EMBEDDED
    completion_condition: str | None = None
    cancel_remaining: bool = True
    sequential: bool = False
    active_elements: str | None = None
    output_collection: str = ""
    output_element: str | None = None
