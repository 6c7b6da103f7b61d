"""`manage.py diff` tells every difference of two files once, whoever drew them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from random import Random  # noqa: TID251 - nothing but the seed decides
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from tests.support.shared import ROOT, SHARED

OURS = sorted((ROOT / "demo/models").rglob("*.bpmn"))
THEIRS = sorted((SHARED / "miwg").glob("*.bpmn"))
MUTATIONS = 200
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DRAWING = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"

# What the file says twice, or a tool says of itself.
_SAYS_NOTHING = {"incoming", "outgoing"}
_NO_MEANING = {"id", "gatewayDirection", "exporter", "exporterVersion", "formKey"}

Row = dict[str, Any]
Mutation = Callable[[etree._Element, Random], str | None]


def rows(old: Path, new: Path) -> list[Row]:
    out = StringIO()
    call_command("diff", str(old), str(new), "--json", stdout=out)
    found: list[Row] = json.loads(out.getvalue())
    return found


@pytest.fixture
def compared(tmp_path: Path) -> Callable[[Path, etree._Element], list[Row]]:
    def compare(old: Path, root: etree._Element) -> list[Row]:
        new = tmp_path / "new.bpmn"
        new.write_bytes(etree.tostring(root))
        return rows(old, new)

    return compare


def an_attribute(root: etree._Element, chance: Random) -> str | None:
    found = [
        (element, name)
        for element in root.iter(f"{MODEL}*")
        for name in element.attrib
        if name not in _NO_MEANING and not str(name).startswith("{")
    ]
    element, name = chance.choice(found)
    value = element.attrib[name]
    element.attrib[name] = {"true": "false", "false": "true"}.get(value, f"{value}x")
    return None


def a_text(root: etree._Element, chance: Random) -> str | None:
    found = [
        element
        for element in root.iter(f"{MODEL}*")
        if (element.text or "").strip() and etree.QName(element).localname not in _SAYS_NOTHING
    ]
    if found:
        element = chance.choice(found)
        element.text = f"{element.text} x"
    return None if found else "nothing"


def a_setting(root: etree._Element, chance: Random) -> str | None:
    """Change an attribute of another tool's, or of ours."""
    found = [
        (element, name)
        for extension in root.iter(f"{MODEL}extensionElements")
        for element in extension.iterdescendants("*")
        for name in element.attrib
        if name not in _NO_MEANING
    ]
    if found:
        element, name = chance.choice(found)
        element.attrib[name] = f"{element.attrib[name]}x"
    return None if found else "nothing"


def a_flow_that_goes(root: etree._Element, chance: Random) -> str | None:
    flow = chance.choice(list(root.iter(f"{MODEL}sequenceFlow")))
    identity = flow.get("id")
    if any(one.get("default") == identity for one in root.iter("*")):
        return "nothing"
    _drop(flow)
    for edge in list(root.iter(f"{DRAWING}BPMNEdge")):
        if edge.get("bpmnElement") == identity:
            _drop(edge)
    return "removed"


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def a_step_that_comes(root: etree._Element, chance: Random) -> str | None:
    process = chance.choice(list(root.iter(f"{MODEL}process")))
    etree.SubElement(process, f"{MODEL}userTask", id="of_ours", name="Look")
    return "added"


def a_place(root: etree._Element, chance: Random) -> str | None:
    found = [*root.iter(f"{DRAWING}BPMNShape"), *root.iter(f"{DRAWING}BPMNEdge")]
    drawn = chance.choice(found)
    place = next(drawn.iter(BOUNDS, WAYPOINT))
    place.attrib["x"] = str(float(place.attrib["x"]) + 40)
    return "moved"


KINDS: list[Mutation] = [
    *(an_attribute, a_text, a_setting, a_flow_that_goes, a_step_that_comes, a_place),
]


def mutations(models: list[Path]) -> Iterator[tuple[Path, etree._Element, str | None, str]]:
    chance = Random(20261121)  # noqa: S311 - no secret hangs on it
    made = 0
    while made < MUTATIONS:
        old, kind = chance.choice(models), KINDS[made % len(KINDS)]
        root = etree.fromstring(old.read_bytes())
        op = kind(root, chance)
        if op != "nothing":
            made += 1
            yield old, root, op, kind.__name__


def test_every_mutation_is_told_exactly_once(compared: Any) -> None:
    for old, root, op, kind in mutations([*OURS, *THEIRS]):
        told = compared(old, root)

        assert len(told) == 1, (old.name, kind, told)
        assert told[0]["op"] == (op or "changed"), (old.name, kind, told)
        assert (told[0]["class"] == "layout") == (kind == "a_place"), (old.name, kind, told)
        assert set(told[0]) == {"element", "op", "aspect", "old", "new", "class", "sentence"}


@pytest.mark.parametrize("old", [*OURS, *THEIRS], ids=lambda path: path.stem)
def test_a_whole_model_moved_is_layout_only(compared: Any, old: Path) -> None:
    root = etree.fromstring(old.read_bytes())
    for place in root.iter(BOUNDS, WAYPOINT):
        for axis in ("x", "y"):
            place.attrib[axis] = str(float(place.attrib[axis]) + 40)

    told = compared(old, root)

    assert told
    assert {row["class"] for row in told} == {"layout"}
    assert len({row["element"] for row in told}) == len(told)


@pytest.mark.parametrize("old", [*OURS, *THEIRS], ids=lambda path: path.stem)
def test_order_and_space_are_no_change(compared: Any, old: Path) -> None:
    root = etree.fromstring(old.read_bytes())
    for element in root.iter("*"):
        said = sorted(element.items(), reverse=True)
        for name in list(element.attrib):
            del element.attrib[name]
        for name, value in said:
            element.set(name, value)
        if len(element) and not (element.text or "").strip():
            element.text = "\n\t "

    assert compared(old, root) == []


def test_a_message_that_is_called_otherwise_is_told_at_the_message(tmp_path: Path) -> None:
    model = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
        '<message id="m" name="{}"/><process id="p"><receiveTask id="a" messageRef="m"/>'
        '<receiveTask id="b" messageRef="m"/></process></definitions>'
    )
    old, new = tmp_path / "old.bpmn", tmp_path / "new.bpmn"
    old.write_text(model.format("Paid"))
    new.write_text(model.format("Refunded"))

    assert [(row["element"], row["class"], row["sentence"]) for row in rows(old, new)] == [
        ("m", "behaviour", "Paid is now known as “Refunded” instead of “Paid”."),
    ]


def test_in_words_for_people(tmp_path: Path) -> None:
    out = StringIO()
    old = ROOT / "demo/models/production-change.bpmn"
    call_command("diff", str(old), str(old), stdout=out)
    call_command("diff", str(old), str(ROOT / "demo/models/proposed" / old.name), stdout=out)

    assert out.getvalue().startswith("Nothing changed.\nbehaviour: Approve change needs 2 approval")


@pytest.mark.parametrize("content", [None, b"", b"no model", b"<!DOCTYPE a><a/>"])
def test_what_is_no_model_is_refused_in_words(tmp_path: Path, content: bytes | None) -> None:
    wrong = tmp_path / "wrong.bpmn"
    if content is not None:
        wrong.write_bytes(content)

    with pytest.raises(CommandError, match=r"wrong\.bpmn"):
        call_command("diff", str(wrong), str(OURS[0]))
