"""A model made of a runbook: BPMN with the details that run, and a drawing.

People's steps are user tasks of the group that the text names. A choice follows the answer of
somebody: a box to tick on the form of the step before it, so that the draft can be tried as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from engine.bpmn import vocabulary
from engine.bpmn.layout import drawn
from engine.bpmn.runbooks.runbook import Flow, Kind, Runbook, Step, key_of
from engine.bpmn.vocabulary import interlock, model, zeebe

_TAGS: Final[Mapping[Kind, str]] = {
    "start": "startEvent",
    "end": "endEvent",
    "person": "userTask",
    "system": "serviceTask",
    "approval": "userTask",
    "wait": "intermediateCatchEvent",
    "message": "receiveTask",
    "choice": "exclusiveGateway",
    "merge": "exclusiveGateway",
    "parallel": "parallelGateway",
    "join": "parallelGateway",
}
_NAMESPACES: Final[Mapping[str | None, str]] = {
    "bpmn": vocabulary.MODEL,
    "zeebe": vocabulary.ZEEBE,
    "interlock": vocabulary.INTERLOCK,
    "xsi": vocabulary.XSI,
}


def model_of(runbook: Runbook, key: str) -> bytes:
    """Return the model of a runbook, drawn; `key` becomes part of the process's id."""
    root = etree.Element(
        model("definitions"),
        {"id": "Definitions_1", "targetNamespace": "urn:interlock:processes"},
        dict(_NAMESPACES),
    )
    process = etree.SubElement(
        root,
        model("process"),
        {"id": f"Process_{_clean(key)}", "name": runbook.name, "isExecutable": "true"},
    )
    _documented(process, runbook.note)
    _forms(process, runbook)
    for step in runbook.steps.values():
        _node(process, step, runbook)
    for number, flow in enumerate(runbook.flows, start=1):
        _flow(process, f"flow_{number}", flow)
    for message in [step for step in runbook.steps.values() if step.kind == "message"]:
        _message(root, message)
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return drawn(written)


def variable(step: str) -> str:
    """Return the variable that holds the answer somebody gives at a step."""
    return f"{step}_holds"


def _documented(element: etree._Element, note: str) -> None:
    if note:
        etree.SubElement(element, model("documentation")).text = _clean(note)


def _forms(process: etree._Element, runbook: Runbook) -> None:
    asking = [step for step in runbook.steps.values() if step.asks]
    if not asking:
        return
    extensions = etree.SubElement(process, model("extensionElements"))
    for step in asking:
        form = {
            "type": "default",
            "id": step.id,
            "schemaVersion": 16,
            "components": [_field(step)],
        }
        written = etree.SubElement(extensions, zeebe("userTaskForm"), {"id": f"form_{step.id}"})
        written.text = json.dumps(form, ensure_ascii=False)


def _field(step: Step) -> dict[str, Any]:
    """Return what is asked: one of several answers, or a box to tick."""
    field: dict[str, Any] = {
        "id": variable(step.id),
        "key": variable(step.id),
        "label": _clean(step.asks),
    }
    if not step.options:
        return {"type": "checkbox", **field}
    values = [{"label": _clean(option), "value": _clean(option)} for option in step.options]
    return {"type": "select", **field, "values": values, "validate": {"required": True}}


def _node(process: etree._Element, step: Step, runbook: Runbook) -> None:
    tag = _TAGS[step.kind]
    node = etree.SubElement(process, model(tag), {"id": step.id})
    if step.name:
        node.set("name", _clean(step.name))
    _documented(node, step.note)
    if tag == "userTask":
        _work(node, step)
    elif step.kind == "wait":
        timer = etree.SubElement(node, model("timerEventDefinition"), {"id": f"{step.id}_timer"})
        span = etree.SubElement(timer, model("timeDuration"))
        span.set(f"{{{vocabulary.XSI}}}type", "bpmn:tFormalExpression")
        span.text = step.wait
    elif step.kind == "message":
        node.set("messageRef", f"message_{step.id}")
    otherwise = [place for place, flow in enumerate(runbook.flows, start=1) if flow.otherwise]
    for place in otherwise:
        if runbook.flows[place - 1].source == step.id:
            node.set("default", f"flow_{place}")


def _work(node: etree._Element, step: Step) -> None:
    """Say who does it, what is asked, and that an approval is a gate."""
    extensions = etree.Element(model("extensionElements"))
    if step.asks:
        form = {"formKey": f"camunda-forms:bpmn:form_{step.id}"}
        etree.SubElement(extensions, zeebe("formDefinition"), form)
    if step.owner:
        groups = {"candidateGroups": key_of(step.owner)}
        etree.SubElement(extensions, zeebe("assignmentDefinition"), groups)
    if step.kind == "approval":
        etree.SubElement(extensions, interlock("gate"), {"quorum": "1"})
        mapping = etree.SubElement(extensions, zeebe("ioMapping"))
        output = {"source": "=decision", "target": f"{step.id}_decision"}
        etree.SubElement(mapping, zeebe("output"), output)
    if len(extensions):
        node.append(extensions)


def _flow(process: etree._Element, identity: str, flow: Flow) -> None:
    ends = {"id": identity, "sourceRef": flow.source, "targetRef": flow.target}
    line = etree.SubElement(process, model("sequenceFlow"), ends)
    if flow.name:
        line.set("name", _clean(flow.name))
    if flow.condition:
        condition = etree.SubElement(line, model("conditionExpression"))
        condition.set(f"{{{vocabulary.XSI}}}type", "bpmn:tFormalExpression")
        condition.text = f"={flow.condition}"


def _message(root: etree._Element, step: Step) -> None:
    message = etree.Element(
        model("message"), {"id": f"message_{step.id}", "name": _clean(step.name) or step.id}
    )
    root.insert(0, message)


def _clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(char for char in text if char in "\n\t" or char.isprintable())
