"""The demo's models are drawn whole: everything that runs is seen, and nothing lies on another."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.validation import problems
from engine.expressions import parse

MODELS = Path(__file__).parents[3] / "demo" / "models"
SOUND = sorted([*MODELS.glob("*.bpmn"), MODELS / "proposed" / "production-change.bpmn"])

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
}

Box = tuple[float, float, float, float]


@pytest.fixture(params=SOUND, ids=lambda path: path.stem)
def model(request: pytest.FixtureRequest) -> etree._Element:
    return etree.parse(str(request.param)).getroot()


def find(model: etree._Element, path: str) -> list[etree._Element]:
    return list(model.iterfind(path, NAMES))


def box_of(shape: etree._Element) -> Box:
    bounds = find(shape, "dc:Bounds")[0]
    x, y, width, height = (float(bounds.get(name, "0")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def meet(one: Box, other: Box) -> bool:
    apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    return not apart


def test_every_element_is_drawn_and_nothing_else(model: etree._Element) -> None:
    process = find(model, "bpmn:process")[0]
    ids = {child.get("id") for child in process if child.get("id")}
    drawn = {
        *(shape.get("bpmnElement") for shape in find(model, ".//di:BPMNShape")),
        *(edge.get("bpmnElement") for edge in find(model, ".//di:BPMNEdge")),
    }

    assert drawn == ids


def test_nothing_lies_on_another(model: etree._Element) -> None:
    edges_of = {
        (event.get("id"), event.get("attachedToRef"))
        for event in find(model, ".//bpmn:boundaryEvent")
    }
    boxes = {shape.get("bpmnElement"): box_of(shape) for shape in find(model, ".//di:BPMNShape")}

    for one, other in combinations(boxes, 2):
        attached = (one, other) in edges_of or (other, one) in edges_of
        assert attached or not meet(boxes[one], boxes[other]), f"{one} lies on {other}"


def test_everything_but_a_plain_fork_has_a_name(model: etree._Element) -> None:
    process = find(model, "bpmn:process")[0]
    silent = {"sequenceFlow", "parallelGateway", "documentation", "extensionElements"}

    for child in process:
        kind = etree.QName(child).localname
        assert kind in silent or child.get("name"), child.get("id")


def test_every_expression_can_be_read(model: etree._Element) -> None:
    texts = [value for node in model.iter() for value in node.attrib.values()]
    texts += [node.text or "" for node in model.iter() if len(node) == 0]

    for text in texts:
        if str(text).startswith("="):
            parse(str(text)[1:])


def test_every_model_could_run() -> None:
    found = {path.stem: problems(path.read_bytes()) for path in SOUND}

    assert not any(found.values()), found


def test_the_unfinished_model_says_what_is_missing() -> None:
    unfinished = (MODELS / "proposed" / "dns-record-change.bpmn").read_bytes()

    assert {found.code for found in problems(unfinished)} == {
        "conditions_missing",
        "expression_unreadable",
    }


def test_the_key_of_a_model_is_its_files_name(model: etree._Element) -> None:
    assert find(model, "bpmn:process")[0].get("id") in {path.stem for path in SOUND}
