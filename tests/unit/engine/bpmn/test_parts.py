"""One part of a model: what it is, and what people call it."""

from __future__ import annotations

import pytest

from engine.bpmn.parts import Part, part_of
from engine.xml import UnreadableModel

MODEL = b"""<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI">
  <bpmn:process id="deploy" name="Deploy">
    <bpmn:userTask id="check" name="Check  the
record"/>
    <bpmn:endEvent id="end" name="Done"/><bpmn:endEvent id="nameless"/>
    <bpmn:sequenceFlow id="on" sourceRef="check" targetRef="end"/>
    <bpmn:sequenceFlow id="off" sourceRef="check" targetRef="nameless"/>
    <bpmn:sequenceFlow id="named" name="late" sourceRef="check" targetRef="end"/>
    <bpmn:textAnnotation id="note"><bpmn:text>Ask
first</bpmn:text></bpmn:textAnnotation>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="drawing"/>
</bpmn:definitions>"""


@pytest.mark.parametrize(
    ("identity", "kind", "name"),
    [
        ("deploy", "process", "Deploy"),
        ("check", "userTask", "Check the record"),
        ("nameless", "endEvent", ""),
        ("on", "sequenceFlow", "Check the record → Done"),
        ("off", "sequenceFlow", ""),
        ("named", "sequenceFlow", "late"),
        ("note", "textAnnotation", "Ask first"),
    ],
)
def test_a_part_is_told_by_its_kind_and_name(identity: str, kind: str, name: str) -> None:
    assert part_of(MODEL, identity) == Part(identity, kind, name)


@pytest.mark.parametrize("identity", ["", "gone", "drawing", "None", "\ud800"])
def test_what_is_no_part_is_none(identity: str) -> None:
    assert part_of(MODEL, identity) is None


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(UnreadableModel):
        part_of(b"no model", "check")
