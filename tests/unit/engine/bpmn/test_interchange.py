"""Files of other tools are made fit for the editor, and what it cannot hold is put back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.bpmn import diff, interchange
from engine.bpmn.facts import facts
from engine.bpmn.interchange import keeping
from engine.bpmn.interchange.prefixes import FIXED
from engine.bpmn.layout import drawn
from tests.support import foreign
from tests.support.drawings import drawing, line

ROOT = Path(__file__).resolve().parents[4]
PLAIN = drawn(drawing(line('<userTask id="u" name="Check"/>')))


def declared(data: bytes) -> dict[str, set[str]]:
    """Return every address that each prefix is bound to, anywhere in a file."""
    found: dict[str, set[str]] = {}
    walked: Any = etree.iterwalk(etree.fromstring(data), events=("start-ns",))
    for _event, (prefix, uri) in walked:
        found.setdefault(prefix, set()).add(uri)
    return found


def lossy(data: bytes) -> bytes:
    """Return a file as the library would write it: without what it cannot hold."""
    root: Any = etree.fromstring(data)
    for tag in ("relationship", "outMessageRef", "beside"):
        for gone in list(root.iter(f"{{*}}{tag}")):
            gone.getparent().remove(gone)
    for note in root.iter("{*}note"):
        note.text = None
    for shape in list(root.iter("{*}BPMNShape", "{*}BPMNEdge")):
        if shape.get("id") in {"apart_di", "nothing_di"}:
            shape.getparent().remove(shape)
        if shape.get("bpmnElement") == "choice":
            shape.set("isMarkerVisible", "true")
    di = etree.QName(root[-1]).namespace
    sheet = etree.SubElement(root, f"{{{di}}}BPMNDiagram", id="new")
    etree.SubElement(sheet, f"{{{di}}}BPMNPlane", id="new_plane", bpmnElement="inside")
    return etree.tostring(root)


def test_a_file_without_traps_is_opened_byte_for_byte() -> None:
    assert interchange.opened(PLAIN) is PLAIN
    assert keeping.kept(PLAIN, PLAIN) == keeping.Kept(PLAIN)


def test_every_prefix_is_bound_once_and_ours_to_ours() -> None:
    opened = interchange.opened(foreign.MODEL)
    bound = declared(opened)
    assert all(len(uris) == 1 for uris in bound.values())
    assert all(bound.get(prefix, {uri}) == {uri} for prefix, uri in FIXED.items())
    assert [change.sentence for change in diff.diff(foreign.OPENED, opened)] == []
    assert facts(opened).places == facts(foreign.OPENED).places


def test_a_prefix_inside_a_value_is_renamed_with_its_declaration() -> None:
    file = drawing(
        line('<userTask id="u"/>'),
        before='<itemDefinition id="i" structureRef="di:Order"/>',
    ).replace(b"http://www.omg.org/spec/DD/20100524/DI", b"http://types.example")
    opened = etree.fromstring(interchange.opened(file))
    item = opened.find("{*}itemDefinition")
    assert item is not None
    prefix, name = item.get("structureRef", "").split(":")
    assert (opened.nsmap[prefix], name) == ("http://types.example", "Order")
    assert prefix != "di"


@pytest.mark.parametrize("strange", ["Größe", "日本", "a b", "1st", "x:ü"])
def test_an_id_that_the_editor_cannot_read_is_written_plainly_everywhere(strange: str) -> None:
    file = PLAIN.replace(b'"u"', f'"{strange}"'.encode())
    root = etree.fromstring(interchange.opened(file))
    task = root.find(".//{*}userTask")
    assert task is not None
    assert re.fullmatch(r"[A-Za-z_][\w.-]*", task.get("id", ""), re.ASCII)
    ends = {flow.get("sourceRef") for flow in root.iter("{*}sequenceFlow")}
    assert ends == {"start", task.get("id")}


def test_two_strange_ids_never_become_one() -> None:
    file = drawing('<task id="ä"/><task id="ö"/><task id="_"/>')
    ids = [task.get("id") for task in etree.fromstring(interchange.opened(file)).iter("{*}task")]
    assert len(set(ids)) == 3


def test_what_the_library_cannot_hold_is_put_back() -> None:
    opened = interchange.opened(foreign.MODEL)
    kept = keeping.kept(opened, lossy(opened))
    assert kept.lost == ()
    assert [change.sentence for change in diff.diff(opened, kept.file)] == []
    assert facts(kept.file).places == facts(opened).places
    assert len(list(etree.fromstring(kept.file).iter("{*}relationship"))) == 1
    # And nothing twice, when it is saved again.
    assert keeping.kept(kept.file, kept.file).file == kept.file


def test_an_element_that_was_deleted_stays_deleted() -> None:
    opened = interchange.opened(foreign.MODEL)
    root: Any = etree.fromstring(opened)
    for gone in [
        *root.xpath("//*[@id='pr_fen' or @bpmnElement='pr_fen']"),
        *root.xpath("//*[@id='to_check' or @bpmnElement='to_check']"),
    ]:
        gone.getparent().remove(gone)
    kept = keeping.kept(opened, etree.tostring(root))
    assert b"pr_fen" not in kept.file
    assert b"to_check" not in kept.file
    assert kept.lost == ()


def test_a_setting_of_another_tool_that_went_is_named_and_not_put_back() -> None:
    before = PLAIN.replace(b'name="Check"', b'name="Check" camunda:class="Bean"').replace(
        b"<definitions", b'<definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    )
    after = before.replace(b' camunda:class="Bean"', b"")
    kept = keeping.kept(before, after)
    assert kept.file == after
    assert kept.lost == ("Check no longer has camunda:class, a setting of another tool.",)


def test_our_own_settings_are_nobody_elses() -> None:
    before = PLAIN.replace(b'name="Check"', b'name="Check" zeebe:modelerTemplate="a"')
    assert keeping.kept(before, PLAIN) == keeping.Kept(PLAIN)


def test_the_prefixes_are_those_that_the_editor_registers() -> None:
    source = (ROOT / "frontend/src/editor/modeler.ts").read_text(encoding="utf-8")
    registered = re.search(r"moddleExtensions: \{ ([a-zA-Z, ]+) \}", source)
    assert registered is not None
    ours = json.loads(
        (ROOT / "frontend/src/bpmn/moddle/interlock.json").read_text(encoding="utf-8")
    )
    assert {name.strip() for name in registered.group(1).split(",")} <= set(FIXED)
    assert FIXED[ours["prefix"]] == ours["uri"]
