"""A model without a drawing gets one: left to right, nothing on top of anything else."""

from __future__ import annotations

from itertools import combinations

import pytest
from lxml import etree

from engine.bpmn.layout import drawn
from engine.bpmn.layout.grid import Edge, placed
from engine.bpmn.picture import svg
from engine.bpmn.runbooks import markdown, writing
from tests.support.drawings import drawing, line
from tests.support.shared import SHARED
from tests.unit.engine.bpmn.runbooks.test_markdown import RUNBOOK

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
Bounds = tuple[float, float, float, float]
GIVEN = sorted((SHARED / "conformance" / "visible").glob("*.bpmn"))


def shapes(data: bytes, sheet: int | None = None) -> dict[str, Bounds]:
    """Return the bounds of every shape, by element; of one sheet alone where it is named."""
    found: dict[str, Bounds] = {}
    sheets = list(etree.fromstring(data).iter(f"{DI}BPMNPlane"))
    chosen = sheets if sheet is None else sheets[sheet : sheet + 1]
    for shape in (each for one in chosen for each in one):
        if shape.tag != f"{DI}BPMNShape":
            continue
        bounds = shape[0]
        x, y, width, height = (float(bounds.get(n, "0")) for n in ("x", "y", "width", "height"))
        found[str(shape.get("bpmnElement"))] = (x, y, width, height)
    return found


def overlaps(one: Bounds, other: Bounds) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )


def inside(one: Bounds, other: Bounds) -> bool:
    return (
        other[0] <= one[0]
        and other[1] <= one[1]
        and one[0] + one[2] <= other[0] + other[2]
        and one[1] + one[3] <= other[1] + other[3]
    )


def check(data: bytes) -> None:
    """Hold a drawing against what a drawing is: every node once, none on top of another."""
    root = etree.fromstring(data)
    nodes = {
        str(node.get("id")): node
        for node in root.iter("{*}*")
        if str(node.tag).endswith(
            ("Task", "Event", "Gateway", "task", "subProcess", "callActivity")
        )
        and node.get("id")
    }
    found = shapes(data)
    assert nodes.keys() <= found.keys()
    boundary = {each for each, node in nodes.items() if node.get("attachedToRef")}
    for sheet in range(len(list(root.iter(f"{DI}BPMNPlane")))):
        for (a, one), (b, other) in combinations(shapes(data, sheet).items(), 2):
            if not {a, b} & boundary:
                assert not overlaps(one, other) or inside(one, other) or inside(other, one), (a, b)
    for edge in root.iter(f"{DI}BPMNEdge"):
        assert len(edge.findall("{*}waypoint")) >= 2


def test_a_drawing_that_is_there_is_left_alone() -> None:
    once = drawn(drawing(line('<task id="a"/>')))
    assert drawn(once) is once


def test_a_straight_way_is_drawn_straight() -> None:
    found = shapes(drawn(drawing(line('<task id="a"/>', '<task id="b"/>'))))
    middles = {bounds[1] + bounds[3] / 2 for bounds in found.values()}
    assert len(middles) == 1
    lefts = [found[each][0] for each in ("start", "a", "b", "end")]
    assert lefts == sorted(lefts)


def test_branches_take_rows_of_their_own_and_the_longest_goes_straight_on() -> None:
    edges = [
        Edge("1", "split", "short"),
        Edge("2", "split", "long"),
        Edge("3", "long", "more"),
    ]
    grid = placed(["split", "short", "long", "more"], edges)
    rows = {node: place.row for node, place in grid.places.items()}
    assert rows == {"split": 0, "long": 0, "more": 0, "short": 1}


def test_a_way_that_only_skips_a_step_runs_below_it() -> None:
    edges = [Edge("skip", "a", "c"), Edge("1", "a", "b"), Edge("2", "b", "c")]
    grid = placed(["a", "b", "c"], edges)
    assert {place.row for place in grid.places.values()} == {0}
    assert grid.rows["skip"] == 1


def test_a_loop_leads_back_and_ends() -> None:
    edges = [Edge("1", "a", "b"), Edge("2", "b", "a"), Edge("self", "b", "b")]
    assert placed(["a", "b"], edges).back == {"2", "self"}


def test_a_runbook_is_drawn_without_overlaps() -> None:
    check(writing.model_of(markdown.read(RUNBOOK), "renewal"))


@pytest.mark.skipif(not GIVEN, reason="The given models are not beside this checkout.")
def test_the_given_models_without_a_drawing_are_drawn_without_overlaps() -> None:
    for model in GIVEN:
        check(drawn(model.read_bytes()))


def test_pools_stand_under_each_other() -> None:
    file = drawing(
        line('<task id="a"/>'),
        before='<collaboration id="c"><participant id="one" processRef="change"/>'
        '<participant id="two"/><messageFlow id="m" sourceRef="a" targetRef="two"/>'
        "</collaboration>",
    )
    found = shapes(drawn(file))
    assert inside(found["a"], found["one"])
    assert found["two"][1] > found["one"][1] + found["one"][3]


def test_a_picture_escapes_what_the_file_says_and_names_every_element() -> None:
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    task = f'<userTask id="a" name="{hostile}"/>'
    picture = svg(drawing(line(task)))
    assert "<script" not in picture
    root = etree.fromstring(picture)
    assert {each.get("data-element") for each in root.iter("{*}g")} >= {"start", "a", "end", "to_a"}


@pytest.mark.parametrize("number", ["NaN", "inf", "1e300", "x", "-1e9"])
def test_a_picture_survives_senseless_numbers(number: str) -> None:
    file = drawn(drawing(line('<task id="a"/>'))).replace(b'x="160"', f'x="{number}"'.encode())
    view = str(etree.fromstring(svg(file)).get("viewBox"))
    assert all(abs(float(part)) < 1e7 for part in view.split())
