"""What the nodes of a process hold to be read as FEEL, and the variables they write.

A text that is read as FEEL only after `=` is left out where it is none; a timer's text, which may
be ISO 8601 or FEEL, has rules of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    IoMapping,
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
    for what, text in _texts(node):
        if text is not None:
            yield what, text


def variables(node: FlowNode) -> Iterator[str]:
    """Yield the variables a node writes by name."""
    for _, mapping in _mappings(node):
        yield mapping.target
    if isinstance(node, ScriptTask | StarlarkTask) and node.result_variable:
        yield node.result_variable
    if isinstance(node, BusinessRuleTask) and node.decision and node.decision.result_variable:
        yield node.decision.result_variable
    loop = node.loop if isinstance(node, Activity) else None
    for repeated in (loop, node):
        if isinstance(repeated, MultiInstance) and repeated.element_variable:
            yield repeated.element_variable
        if isinstance(repeated, MultiInstance | SubProcess) and repeated.output_collection:
            yield repeated.output_collection


def _texts(node: FlowNode) -> Iterator[Text]:
    for direction, mapping in _mappings(node):
        target = mapping.target[:60]
        yield Phrase(f"{direction} mapping to `{{target}}`", target=target), mapping.source
    if isinstance(node, Activity):
        yield from _loop(node)
    if isinstance(node, Event):
        for definition in node.definitions:
            yield from _definition(definition)
    if isinstance(node, ComplexGateway):
        yield Phrase("activation condition"), node.activation_condition
    yield from _work(node)


def _mappings(node: FlowNode) -> Iterator[tuple[str, IoMapping]]:
    if isinstance(node, Activity | ThrowEvent):
        yield from (("input", mapping) for mapping in node.inputs)
    if isinstance(
        node, Activity | ThrowEvent | StartEvent | IntermediateCatchEvent | BoundaryEvent
    ):
        yield from (("output", mapping) for mapping in node.outputs)


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


def _work(node: FlowNode) -> Iterator[Text]:
    match node:
        case UserTask():
            yield Phrase("assignee"), _marked(node.assignee)
            yield Phrase("candidate groups"), _marked(node.candidate_groups)
            yield Phrase("candidate users"), _marked(node.candidate_users)
            yield Phrase("priority"), _marked(node.priority)
            yield Phrase("due date"), _marked(node.due)
        case ScriptTask():
            yield Phrase("script"), node.expression or None
        case CallActivity():
            yield Phrase("called process"), _marked(node.called)
        case SubProcess():
            yield Phrase("completion condition"), node.completion_condition
            yield Phrase("active elements"), node.active_elements
            yield Phrase("output element"), node.output_element
        case ServiceTask() | ReceiveTask() | ThrowEvent():
            yield from _sent(node)
        case _:
            return


def _sent(node: ServiceTask | ReceiveTask | ThrowEvent) -> Iterator[Text]:
    if not isinstance(node, ReceiveTask):
        yield Phrase("connector"), _marked(node.job_type)
    if isinstance(node, SendTask | ReceiveTask) and node.definition is not None:
        yield from _definition(node.definition)
    if isinstance(node, BusinessRuleTask) and node.decision is not None:
        yield Phrase("decision"), _marked(node.decision.decision_id)


def _marked(text: str | None) -> str | None:
    """Return the FEEL of a text that is FEEL only after `=`."""
    return text[1:] if text is not None and text.startswith("=") else None
