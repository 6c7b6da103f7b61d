"""A model told to people: what it does, who decides, what may go wrong, and how it ends. Pure.

Everything is said with what the model holds; nothing is said that it does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from common.phrases import Phrase, enumerated
from engine.bpmn import parser
from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    EndEvent,
    Event,
    FlowNode,
    Gateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ParallelGateway,
    ReceiveTask,
    ScriptTask,
    SequenceFlow,
    ServiceTask,
    StartEvent,
    SubProcess,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import (
    ConditionalDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    MessageDefinition,
    SignalDefinition,
    TerminateDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process
from engine.bpmn.property_words import human_duration, shortened

_STRAIGHT_ON: Final = 1
#: What calls others is called, by the kind of its job without the version.
_CONNECTORS: Final[Mapping[str, str]] = {
    "http": Phrase("an HTTP request"),
    "openapi": Phrase("an operation of its interface"),
    "email": Phrase("an e-mail"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the model refers to by a code is called: what is not named here is told by its code.

    `people` holds teams and boards by key and persons by e-mail address, `steps` the template
    that an element was made from, by the element's id.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a section: its element, what it is called, sentences, and the author's words."""

    element: str
    name: str
    sentences: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Handbook:
    """A process as a document. `steps` are in the order of the flow."""

    name: str
    purpose: str
    begins: tuple[Entry, ...]
    steps: tuple[Entry, ...]
    decisions: tuple[Entry, ...]
    exceptions: tuple[Entry, ...]
    ends: tuple[Entry, ...]


def handbook(data: bytes, names: Names) -> Handbook | None:
    """Return the document of a file's process that runs, None where it has none.

    Raises:
        UnreadableModel: it is no model that can be read.
    """
    model = parser.read(data)
    process = next(iter(model.executable or model.processes), None)
    if process is None:
        return None
    nodes = list(_in_order(process, ""))
    return Handbook(
        process.name,
        process.documentation,
        tuple(_begin(node) for node in nodes if isinstance(node, StartEvent) and not node.scope),
        tuple(_step(node, names) for node in nodes if _is_step(node)),
        tuple(_decision(node, process, names) for node in nodes if _decides(node)),
        tuple(_exceptions(nodes, process)),
        tuple(_end(node) for node in nodes if isinstance(node, EndEvent) and not node.scope),
    )


def _in_order(process: Process, scope: str) -> Iterator[FlowNode]:
    """Yield the nodes of a scope along its flows, and each sub-process before what is in it."""
    level = process.level(scope)
    seen: set[str] = set()
    waiting = [*(node for node in level if not node.incoming), *level][::-1]
    while waiting:
        node = waiting.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        yield node
        if isinstance(node, SubProcess):
            yield from _in_order(process, node.id)
        following = (process.nodes.get(flow.target) for flow in node.outgoing)
        waiting += [found for found in following if found is not None][::-1]


def _begin(node: StartEvent) -> Entry:
    said = [_waits_for(definition) for definition in node.definitions]
    if not said:
        said = [Phrase("Somebody starts it, or a program does through the API.")]
    if node.form:
        said.append(Phrase("Whoever starts it fills in a form."))
    return Entry(node.id, _name(node), tuple(said), node.documentation)


def _is_step(node: FlowNode) -> bool:
    waits = isinstance(node, IntermediateCatchEvent | IntermediateThrowEvent)
    return waits or (isinstance(node, Activity) and not _is_event_subprocess(node))


def _is_event_subprocess(node: FlowNode) -> bool:
    return isinstance(node, SubProcess) and node.kind is SubProcessKind.EVENT


def _step(node: FlowNode, names: Names) -> Entry:
    said = [sentence for sentence in (_who(node, names), *_how(node)) if sentence]
    return Entry(node.id, _name(node), tuple(said), node.documentation)


def _who(node: FlowNode, names: Names) -> str:
    """Return who does it: people, a system, or the engine by itself."""
    return next((say(node, names) for kind, say in _DOERS if isinstance(node, kind)), "")


def _decider(node: BusinessRuleTask, names: Names) -> str:
    if node.decision is None:
        return _system(node, names)
    return Phrase("The decision table {name} decides it.", name=node.decision.decision_id)


def _system(node: ServiceTask, names: Names) -> str:
    if node.id in names.steps:
        step = names.steps[node.id]
        return Phrase("A system does it, through the step “{name}”.", name=step)
    kind = (node.job_type or "").partition(":")[0]
    connector = _CONNECTORS.get(kind) or shortened(kind) or Phrase("a connector")
    return Phrase("A system does it, through {connector}.", connector=connector)


def _receiver(node: ReceiveTask, _: Names) -> str:
    name = node.definition.name if node.definition else ""
    return Phrase("It waits for the message {name}.", name=shortened(name))


def _people(node: UserTask, names: Names) -> str:
    if node.assignee:
        return Phrase("{who} does it.", who=_called(node.assignee, names))
    groups, users = node.candidate_groups, node.candidate_users
    if groups and users:
        who = {"groups": _called(groups, names), "users": _called(users, names)}
        return Phrase("Somebody of {groups}, or one of {users}, does it.", **who)
    if groups:
        return Phrase("Somebody of {groups} does it.", groups=_called(groups, names))
    if users:
        return Phrase("One of {users} does it.", users=_called(users, names))
    return Phrase("The owners of the process do it.")


# The more special kind first.
_DOERS: Final[tuple[tuple[type[FlowNode], Callable[[Any, Names], str]], ...]] = (
    (UserTask, _people),
    (BusinessRuleTask, _decider),
    (ServiceTask, _system),
    (ReceiveTask, _receiver),
    (ScriptTask, lambda *_: Phrase("A script works it out.")),
    (CallActivity, lambda *_: Phrase("Another process does it.")),
    (SubProcess, lambda *_: Phrase("It holds steps of its own, which follow.")),
)


def _called(text: str, names: Names) -> str:
    """Return who a list of keys or addresses names; an expression names whom it finds."""
    if text.startswith("="):
        return Phrase("whoever “{expression}” names", expression=shortened(text))
    keys = [key for key in (each.strip() for each in text.split(",")) if key]
    return enumerated([names.people.get(key, shortened(key)) for key in keys])


def _how(node: FlowNode) -> Iterator[str]:
    if isinstance(node, UserTask) and node.due:
        yield Phrase("It is due after {span}.", span=human_duration(node.due))
    if isinstance(node, ServiceTask) and node.job_type:
        attempts = node.retry.attempts
        one, several = "It is tried once.", "It is tried {count} times before a person is asked."
        yield Phrase(one, several, count=attempts)
    if isinstance(node, Activity) and node.loop is not None:
        yield Phrase("It is done several times.")
    if isinstance(node, IntermediateCatchEvent):
        for definition in node.definitions:
            yield _waits_for(definition)
    if isinstance(node, IntermediateThrowEvent) and node.definitions:
        yield Phrase("It tells others, and the run goes on.")


def _waits_for(definition: EventDefinition) -> str:
    say = _CAUSES.get(type(definition))
    return say(definition) if say else Phrase("An event of the process brings it about.")


def _timer(timer: TimerDefinition) -> str:
    if timer.duration is not None:
        return Phrase("It goes on after {span}.", span=human_duration(timer.duration))
    if timer.date is not None:
        return Phrase("It goes on at {date}.", date=shortened(timer.date))
    return Phrase("It happens again and again: {cycle}.", cycle=shortened(timer.cycle or ""))


def _error(error: ErrorDefinition) -> str:
    return Phrase("The error {code}.", code=error.code) if error.code else Phrase("Any error.")


def _escalation(definition: EscalationDefinition) -> str:
    code = definition.code
    return Phrase("The escalation {code}.", code=code) if code else Phrase("Any escalation.")


_CAUSES: Final[Mapping[type[object], Callable[[Any], str]]] = {
    TimerDefinition: _timer,
    ErrorDefinition: _error,
    EscalationDefinition: _escalation,
    MessageDefinition: lambda one: Phrase(
        "The message {name} brings it about.", name=shortened(one.name)
    ),
    SignalDefinition: lambda one: Phrase(
        "The signal {name} brings it about.", name=shortened(one.name)
    ),
    ConditionalDefinition: lambda one: Phrase(
        "It happens when {condition}.", condition=shortened(one.condition)
    ),
}


def _decides(node: FlowNode) -> bool:
    if isinstance(node, UserTask):
        return node.gate is not None
    several = len(node.outgoing) > _STRAIGHT_ON
    return isinstance(node, Gateway) and several and not isinstance(node, ParallelGateway)


def _decision(node: FlowNode, process: Process, names: Names) -> Entry:
    if isinstance(node, UserTask) and node.gate:
        one = "One approval is enough."
        several = "{count} people must approve."
        said = [_people(node, names), Phrase(one, several, count=node.gate.quorum)]
        said.append(Phrase("Nobody approves what they started or asked for."))
        return Entry(node.id, _name(node), tuple(said), node.documentation)
    default = node.default if isinstance(node, Gateway) else None
    ways = tuple(_way(flow, process, default) for flow in node.outgoing)
    return Entry(node.id, _name(node), ways, node.documentation)


def _way(flow: SequenceFlow, process: Process, default: SequenceFlow | None) -> str:
    target = process.nodes.get(flow.target)
    leads = _name(target) if target else shortened(flow.target)
    if default is not None and flow.id == default.id:
        return Phrase("Otherwise: {leads}.", leads=leads)
    if flow.condition and flow.name:
        fields = {"name": flow.name, "condition": shortened(flow.condition), "leads": leads}
        return Phrase("{name}, when {condition}: {leads}.", **fields)
    if flow.condition:
        return Phrase(
            "When {condition}: {leads}.", condition=shortened(flow.condition), leads=leads
        )
    return Phrase("{leads}, whatever happens first.", leads=leads)


def _exceptions(nodes: list[FlowNode], process: Process) -> Iterator[Entry]:
    for node in nodes:
        if isinstance(node, BoundaryEvent):
            yield _interruption(node, process)
        elif _is_event_subprocess(node):
            starts = (one for one in process.level(node.id) if isinstance(one, StartEvent))
            said = [_waits_for(each) for start in starts for each in start.definitions]
            yield Entry(node.id, _name(node), tuple(said), node.documentation)


def _interruption(node: BoundaryEvent, process: Process) -> Entry:
    host = process.nodes.get(node.attached_to)
    during = {"name": _name(host) if host else ""}
    ends = Phrase("It ends “{name}”.", **during)
    beside = Phrase("“{name}” goes on beside it.", **during)
    said = [_waits_for(each) for each in node.definitions]
    said.append(ends if node.interrupting else beside)
    targets = [process.nodes.get(flow.target) for flow in node.outgoing]
    said += [Phrase("Then: {leads}.", leads=_name(target)) for target in targets if target]
    return Entry(node.id, _name(node), tuple(said), node.documentation)


def _end(node: EndEvent) -> Entry:
    said = tuple(_ending(definition) for definition in node.definitions)
    plain = (Phrase("The run ends here when nothing else is under way."),)
    return Entry(node.id, _name(node), said or plain, node.documentation)


def _ending(definition: EventDefinition) -> str:
    if isinstance(definition, TerminateDefinition):
        return Phrase("The whole run ends here, whatever else is under way.")
    if isinstance(definition, ErrorDefinition):
        return Phrase("It ends with an error.")
    return Phrase("It tells others, and this way ends.")


def _name(node: FlowNode) -> str:
    if node.name:
        return node.name
    if isinstance(node, Event):
        return Phrase("Event without a name")
    return Phrase("Step without a name")
