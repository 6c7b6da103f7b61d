"""What the nodes of a process hold to be read as FEEL, and the variables they write.

A text that is read as FEEL only after `=` is left out where it is none; a timer's text, which may
be ISO 8601 or FEEL, has rules of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from common.phrases import Phrase
from engine.bpmn.elements import (
    Activity,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    ComplexGateway,
    Event,
    FlowNode,
    IntermediateCatchEvent,
    MultiInstance,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    StandardLoop,
    StarlarkTask,
    StartEvent,
    SubProcess,
    ThrowEvent,
    UserTask,
)
from engine.bpmn.events import (
    ConditionalDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    MessageDefinition,
    SignalDefinition,
)

Text = tuple[str, str | None]
"""What a text is called, and the FEEL itself."""


def of(node: FlowNode) -> Iterator[tuple[str, str]]:
    """Yield every FEEL text of a node with its name."""
    for read in _readers_of(type(node)):
        for what, text in read(node):
            if text is not None:
                yield what, text


def variables(node: FlowNode) -> Iterator[str]:
    """Yield the variables a node writes by name."""
    if isinstance(node, _READS):
        for mapping in node.inputs:
            yield mapping.target
    if isinstance(node, _WRITES):
        for mapping in node.outputs:
            yield mapping.target
    for name in _results(node):
        if name:
            yield name


def _results(node: FlowNode) -> Iterator[str]:
    """Yield the names that a node has for what it makes; they may be empty."""
    if isinstance(node, _SCRIPTS):
        yield node.result_variable
    elif isinstance(node, BusinessRuleTask) and node.decision:
        yield node.decision.result_variable
    elif isinstance(node, SubProcess):
        yield node.output_collection
    if isinstance(node, Activity) and isinstance(node.loop, MultiInstance):
        yield node.loop.element_variable
        yield node.loop.output_collection


def _inputs(node: Activity | ThrowEvent) -> Iterator[Text]:
    for mapping in node.inputs:
        yield Phrase("input mapping to `{target}`", target=mapping.target[:60]), mapping.source


def _outputs(
    node: Activity | ThrowEvent | StartEvent | IntermediateCatchEvent | BoundaryEvent,
) -> Iterator[Text]:
    for mapping in node.outputs:
        yield Phrase("output mapping to `{target}`", target=mapping.target[:60]), mapping.source


def _loop(node: Activity) -> Iterator[Text]:
    loop = node.loop
    if isinstance(loop, MultiInstance):
        yield Phrase("number of instances"), loop.cardinality
        yield Phrase("collection"), loop.collection
        yield Phrase("output element"), loop.output_element
        yield Phrase("completion condition"), loop.completion_condition
    if isinstance(loop, StandardLoop):
        yield Phrase("loop condition"), loop.condition
        yield Phrase("maximum"), loop.maximum if isinstance(loop.maximum, str) else None


def _event(node: Event) -> Iterator[Text]:
    for definition in node.definitions:
        yield from _definition(definition)


def _definition(definition: EventDefinition) -> Iterator[Text]:
    match definition:
        case MessageDefinition():
            yield Phrase("message name"), _marked(definition.name)
            yield Phrase("correlation key"), definition.correlation_key
        case SignalDefinition():
            yield Phrase("signal name"), _marked(definition.name)
        case ErrorDefinition() | EscalationDefinition():
            yield Phrase("code"), _marked(definition.code)
        case ConditionalDefinition():
            yield Phrase("condition"), definition.condition
        case _:
            return


def _complex_gateway(node: ComplexGateway) -> Iterator[Text]:
    yield Phrase("activation condition"), node.activation_condition


def _user_task(node: UserTask) -> Iterator[Text]:
    yield Phrase("assignee"), _marked(node.assignee)
    yield Phrase("candidate groups"), _marked(node.candidate_groups)
    yield Phrase("candidate users"), _marked(node.candidate_users)
    yield Phrase("priority"), _marked(node.priority)
    yield Phrase("due date"), _marked(node.due)


def _script_task(node: ScriptTask) -> Iterator[Text]:
    yield _SCRIPT, node.expression or None


def _call_activity(node: CallActivity) -> Iterator[Text]:
    yield Phrase("called process"), _marked(node.called)


def _sub_process(node: SubProcess) -> Iterator[Text]:
    yield Phrase("completion condition"), node.completion_condition
    yield Phrase("active elements"), node.active_elements
    yield Phrase("output element"), node.output_element


def _connector(node: ServiceTask | ThrowEvent) -> Iterator[Text]:
    yield Phrase("connector"), _marked(node.job_type)


def _message(node: SendTask | ReceiveTask) -> Iterator[Text]:
    if node.definition is not None:
        yield from _definition(node.definition)


def _decision(node: BusinessRuleTask) -> Iterator[Text]:
    if node.decision is not None:
        yield Phrase("decision"), _marked(node.decision.decision_id)


def _marked(text: str | None) -> str | None:
    """Return the FEEL of a text that is FEEL only after `=`."""
    return text[1:] if text is not None and text.startswith("=") else None


_SCRIPT: Final = Phrase("script")
_READS: Final = (Activity, ThrowEvent)
_WRITES: Final = (*_READS, StartEvent, IntermediateCatchEvent, BoundaryEvent)
_SCRIPTS: Final = (ScriptTask, StarlarkTask)

# The first is the type of the second's argument; a tuple cannot say so.
_Read = Callable[[Any], Iterator[Text]]
_READERS: Final[tuple[tuple[type[FlowNode] | tuple[type[FlowNode], ...], _Read], ...]] = (
    (_READS, _inputs),
    (_WRITES, _outputs),
    (Activity, _loop),
    (Event, _event),
    (ComplexGateway, _complex_gateway),
    (UserTask, _user_task),
    (ScriptTask, _script_task),
    (CallActivity, _call_activity),
    (SubProcess, _sub_process),
    ((ServiceTask, ThrowEvent), _connector),
    ((SendTask, ReceiveTask), _message),
    (BusinessRuleTask, _decision),
)


_READERS_OF: Final[dict[type[FlowNode], tuple[_Read, ...]]] = {}


def _readers_of(kind: type[FlowNode]) -> tuple[_Read, ...]:
    """Return the readers of a kind of node, which are found once."""
    if kind not in _READERS_OF:
        found = tuple(read for read_by, read in _READERS if issubclass(kind, read_by))
        _READERS_OF[kind] = found
    return _READERS_OF[kind]
