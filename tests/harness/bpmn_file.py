"""A process of the oracle's as a BPMN file, which the product reads as it does anybody's.

What the machine's tests answer by hand is work here: a service task posts to the recording sink,
which gives back the number that the task is to write; a user task writes its own when it is done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr

from engine.bpmn.elements import (
    BoundaryEvent,
    ComplexGateway,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    IoMapping,
    MultiInstance,
    ParallelGateway,
    ScriptTask,
    ServiceTask,
    StandardLoop,
    StartEvent,
    SubProcess,
    SubProcessKind,
    UserTask,
)
from engine.bpmn.events import (
    CancelDefinition,
    CompensationDefinition,
    ErrorDefinition,
    LinkDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process
from tests.support.oracle.blocks import Work

#: So long a minute of a drawn process takes.
MINUTE = 0.05
TEAM = "platform"
RETRY = '<interlock:retry attempts="12" firstDelay="PT0.2S" factor="1.5" cap="PT1S"/>'

_FORM = '<zeebe:formDefinition formKey="camunda-forms:bpmn:given"/>'
_FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:interlock="urn:interlock:bpmn:1"
 id="definitions" targetNamespace="urn:test">{errors}<process id="{id}" name="{id}"
 isExecutable="true">{body}</process></definitions>"""


def written(process: Process, answers: Mapping[str, Work], variables: Mapping[str, int]) -> bytes:
    """Return the file of a process whose start form asks for these variables."""
    pen = _Pen(process, answers)
    form = {"components": [{"type": "number", "key": name} for name in variables]}
    listed = f'<zeebe:userTaskForm id="given">{json.dumps(form)}</zeebe:userTaskForm>'
    body = f"<extensionElements>{listed}</extensionElements>{pen.inside('')}"
    errors = "".join(f'<error id="{code}" errorCode="{code}"/>' for code in sorted(pen.errors))
    return _FRAME.format(errors=errors, id=process.id, body=body).encode()


def calling(process: str, path: str, times: int = 1, waits: int = 0) -> bytes:
    """Return the file of a process that waits so often and then calls this path of the outside.

    It does so `times` times, side by side.
    """
    several = ""
    if times > 1:
        several = (
            '<multiInstanceLoopCharacteristics isSequential="false">'
            f"<loopCardinality>={times}</loopCardinality></multiInstanceLoopCharacteristics>"
        )
    timer = f"<timerEventDefinition><timeDuration>PT{MINUTE}S</timeDuration></timerEventDefinition>"
    waiting = {
        name: f'<intermediateCatchEvent id="{name}">{timer}</intermediateCatchEvent>'
        for name in (f"wait{number}" for number in range(waits))
    }
    return _in_line(process, waiting | {"call": _call(path, several)})


def asking(process: str, path: str) -> bytes:
    """Return the file of a process that waits for a person and for a message, and then calls."""
    form = {"components": [{"type": "textfield", "key": "reference"}]}
    assigned = _extended(f'<zeebe:assignmentDefinition candidateGroups="{TEAM}"/>')
    message = _extended('<zeebe:subscription correlationKey="=reference"/>')
    steps = {
        "work": f'<userTask id="work">{assigned}</userTask>',
        "hear": '<intermediateCatchEvent id="hear"><messageEventDefinition messageRef="go"/>'
        "</intermediateCatchEvent>",
        "call": _call(path),
    }
    before = f'<message id="go" name="go">{message}</message>'
    return _in_line(process, steps, before, json.dumps(form))


def _call(path: str, more: str = "") -> str:
    job = f'<zeebe:taskDefinition type="http:1"/>{RETRY}'
    told = [IoMapping("POST", "method"), IoMapping(f'=connection.itsm + "{path}"', "url")]
    mappings = "".join(_mapping("input", one) for one in told)
    inner = _extended(f"{job}<zeebe:ioMapping>{mappings}</zeebe:ioMapping>")
    return f'<serviceTask id="call">{inner}{more}</serviceTask>'


def _in_line(process: str, steps: Mapping[str, str], before: str = "", form: str = "") -> bytes:
    """Return the file of a process of these steps, one after another."""
    flows = (
        f'<sequenceFlow id="to_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in pairwise(["start", *steps, "end"])
    )
    listed = f'<zeebe:userTaskForm id="given">{form}</zeebe:userTaskForm>'
    start = f'<startEvent id="start">{_extended(_FORM) if form else ""}</startEvent>'
    nodes = f'{start}{"".join(steps.values())}<endEvent id="end"/>'
    body = (_extended(listed) if form else "") + nodes + "".join(flows)
    return _FRAME.format(errors=before, id=process, body=body).encode()


class _Pen:
    """Writes the elements of one process, scope by scope."""

    def __init__(self, process: Process, answers: Mapping[str, Work]) -> None:
        self.process = process
        self.answers = answers
        self.errors: set[str] = set()
        self.flows = {flow: f"flow{number}" for number, flow in enumerate(process.flows)}

    def inside(self, scope: str) -> str:
        """Return the nodes of a scope and the flows between them."""
        nodes = [node for node in self.process.nodes.values() if node.scope == scope]
        return "".join(map(self.node, nodes)) + "".join(map(self.leaving, nodes))

    def node(self, node: FlowNode) -> str:
        """Return an element with all that stands in it."""
        attributes, content = _WRITTEN[type(node)](self, node)
        default = getattr(node, "default", None)
        if default is not None:
            attributes += f' default="{self.flows[default.id]}"'
        if getattr(node, "for_compensation", False):
            attributes += ' isForCompensation="true"'
        tag = _tag(node)
        return f'<{tag} id="{node.id}"{attributes}>{content}{_loop(node)}</{tag}>'

    def leaving(self, node: FlowNode) -> str:
        """Return the sequence flows out of a node."""
        written = ""
        for flow in node.outgoing:
            text = flow.condition
            inner = "" if text is None else f"<conditionExpression>={_text(text)}"
            inner += "" if text is None else "</conditionExpression>"
            ends = f'sourceRef="{flow.source}" targetRef="{flow.target}"'
            written += f'<sequenceFlow id="{self.flows[flow.id]}" {ends}>{inner}</sequenceFlow>'
        return written


def _tag(node: FlowNode) -> str:
    if isinstance(node, SubProcess):
        return "transaction" if node.kind is SubProcessKind.TRANSACTION else "subProcess"
    name = type(node).__name__
    return name[0].lower() + name[1:]


def _plain(_pen: _Pen, _node: FlowNode) -> tuple[str, str]:
    return "", ""


def _start(pen: _Pen, node: StartEvent) -> tuple[str, str]:
    if node.scope:
        return "", _definitions(pen, node)
    return "", _extended(_FORM)


def _event(pen: _Pen, node: Any) -> tuple[str, str]:
    return "", _definitions(pen, node)


def _boundary(pen: _Pen, node: BoundaryEvent) -> tuple[str, str]:
    attributes = f' attachedToRef="{node.attached_to}"'
    if not node.interrupting:
        attributes += ' cancelActivity="false"'
    return attributes, _definitions(pen, node)


def _complex(_pen: _Pen, node: ComplexGateway) -> tuple[str, str]:
    condition = node.activation_condition
    return "", f"<activationCondition>={_text(condition or '')}</activationCondition>"


def _script(_pen: _Pen, node: ScriptTask) -> tuple[str, str]:
    script = f"={node.expression}"
    written = f'resultVariable="{node.result_variable}"'
    return "", _extended(f"<zeebe:script expression={quoteattr(script)} {written}/>")


def _service(pen: _Pen, node: ServiceTask) -> tuple[str, str]:
    work = pen.answers[node.id]
    body = f'={{element: "{node.id}", value: {work.value}}}'
    told = [
        IoMapping("POST", "method"),
        IoMapping('=connection.itsm + "/effects"', "url"),
        IoMapping(body, "body"),
    ]
    mappings = "".join(_mapping("input", one) for one in told)
    if work.target:
        mappings += _mapping("output", IoMapping("=response.body.value", work.target))
    else:
        # Without a mapping everything of the answer would become a variable.
        mappings += '<zeebe:output source="=null" target="nothing"/>'
    job = '<zeebe:taskDefinition type="http:1"/>' + RETRY
    return "", _extended(f"{job}<zeebe:ioMapping>{mappings}</zeebe:ioMapping>")


def _user(pen: _Pen, node: UserTask) -> tuple[str, str]:
    work = pen.answers[node.id]
    people = f'<zeebe:assignmentDefinition candidateGroups="{TEAM}"/>'
    if work.target:
        mapping = _mapping("output", IoMapping(f"={work.value}", work.target))
        people += f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>"
    return "", _extended(people)


def _sub_process(pen: _Pen, node: SubProcess) -> tuple[str, str]:
    attributes = ' triggeredByEvent="true"' if node.kind is SubProcessKind.EVENT else ""
    # The oracle's own mappings are FEEL; a file says so.
    inputs = "".join(
        _mapping("input", IoMapping(f"={one.source}", one.target)) for one in node.inputs
    )
    mapped = _extended(f"<zeebe:ioMapping>{inputs}</zeebe:ioMapping>") if inputs else ""
    undone = "".join(
        f'<association id="{one.id}.to" sourceRef="{one.id}" targetRef="{one.handler}"/>'
        for one in pen.process.nodes.values()
        if isinstance(one, BoundaryEvent) and one.handler and one.scope == node.id
    )
    return attributes, mapped + pen.inside(node.id) + undone


def _loop(node: FlowNode) -> str:
    loop = getattr(node, "loop", None)
    if isinstance(loop, StandardLoop):
        before = "true" if loop.test_before else "false"
        return (
            f'<standardLoopCharacteristics testBefore="{before}" loopMaximum="{loop.maximum}">'
            f"<loopCondition>={_text(loop.condition or 'true')}</loopCondition>"
            "</standardLoopCharacteristics>"
        )
    return _several(loop) if isinstance(loop, MultiInstance) else ""


def _several(loop: MultiInstance) -> str:
    details = f'inputCollection="={loop.collection}" inputElement="{loop.element_variable}"'
    if loop.output_collection:
        details += f' outputCollection="{loop.output_collection}"'
        details += f' outputElement="={loop.output_element}"'
    sequential = "true" if loop.sequential else "false"
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><extensionElements>'
        f"<zeebe:loopCharacteristics {details}/></extensionElements>"
        "</multiInstanceLoopCharacteristics>"
    )


def _definitions(pen: _Pen, node: Any) -> str:
    return "".join(_DEFINED[type(one)](pen, one) for one in node.definitions)


def _timer(_pen: _Pen, definition: TimerDefinition) -> str:
    minutes = int((definition.duration or "").removeprefix("PT").removesuffix("M"))
    duration = f"<timeDuration>PT{minutes * MINUTE:.2f}S</timeDuration>"
    return f"<timerEventDefinition>{duration}</timerEventDefinition>"


def _error(pen: _Pen, definition: ErrorDefinition) -> str:
    pen.errors.add(definition.code or "")
    return f'<errorEventDefinition errorRef="{definition.code}"/>'


def _link(_pen: _Pen, definition: LinkDefinition) -> str:
    return f'<linkEventDefinition name="{definition.name}"/>'


def _extended(content: str) -> str:
    return f"<extensionElements>{content}</extensionElements>"


def _mapping(kind: str, mapping: IoMapping) -> str:
    return f'<zeebe:{kind} source={quoteattr(mapping.source)} target="{mapping.target}"/>'


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


_WRITTEN: Mapping[type[Any], Callable[[_Pen, Any], tuple[str, str]]] = {
    StartEvent: _start,
    EndEvent: _event,
    IntermediateCatchEvent: _event,
    IntermediateThrowEvent: _event,
    BoundaryEvent: _boundary,
    ExclusiveGateway: _plain,
    ParallelGateway: _plain,
    InclusiveGateway: _plain,
    EventBasedGateway: _plain,
    ComplexGateway: _complex,
    ScriptTask: _script,
    ServiceTask: _service,
    UserTask: _user,
    SubProcess: _sub_process,
}
_DEFINED: Mapping[type[Any], Callable[[_Pen, Any], str]] = {
    TimerDefinition: _timer,
    ErrorDefinition: _error,
    LinkDefinition: _link,
    CancelDefinition: lambda _pen, _one: "<cancelEventDefinition/>",
    CompensationDefinition: lambda _pen, _one: "<compensateEventDefinition/>",
}
