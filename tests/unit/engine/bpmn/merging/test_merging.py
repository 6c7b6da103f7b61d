"""Two states of one model become one: both kept, and both named where they meet."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from engine.bpmn import parser
from engine.bpmn.diff import diff
from engine.bpmn.merging import Choice, Merged, merge

_FRAME = (Path(__file__).parent / "begun.bpmn").read_text(encoding="utf-8")

_MORE = '<bpmn:task id="more"/><bpmn:sequenceFlow id="f4" sourceRef="ask" targetRef="more"/>'

_NO_ASK = (
    (_FRAME[_FRAME.index('<bpmn:userTask id="ask"') : _FRAME.index('<bpmn:userTask id="do"')], ""),
    ("<bpmn:incoming>f2</bpmn:incoming>", ""),
    ("<bpmn:outgoing>f1</bpmn:outgoing>", ""),
    ('<bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>', ""),
    ('<bpmn:sequenceFlow id="f2" sourceRef="ask" targetRef="do"/>', ""),
    (
        _FRAME[
            _FRAME.index('<bpmndi:BPMNShape id="ask_di"') : _FRAME.index(
                '<bpmndi:BPMNShape id="do_di"'
            )
        ],
        "",
    ),
    (_FRAME[_FRAME.index('<bpmndi:BPMNEdge id="f1_di"') : _FRAME.index("</bpmndi:BPMNPlane>")], ""),
)
"""How the editor removes a step: with its flows, what lists them, and every drawing."""

_FLOW_F3 = (
    (
        "</bpmn:process>",
        '<bpmn:sequenceFlow id="f3" sourceRef="start" targetRef="ask"/></bpmn:process>',
    ),
    (
        "<bpmn:incoming>f1</bpmn:incoming>",
        "<bpmn:incoming>f1</bpmn:incoming><bpmn:incoming>f3</bpmn:incoming>",
    ),
    (
        "<bpmn:outgoing>f1</bpmn:outgoing>",
        "<bpmn:outgoing>f1</bpmn:outgoing><bpmn:outgoing>f3</bpmn:outgoing>",
    ),
)


def edited(*changes: tuple[str, str]) -> bytes:
    text = _FRAME
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


BASE = edited()


def told(merged: Merged) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(one.key, one.mine, one.theirs) for one in merged.conflicts]


def texts(merged: Merged, xpath: str) -> list[str]:
    root = etree.fromstring(merged.file)
    return [str(one) for one in root.xpath(xpath, namespaces={"b": root.nsmap["bpmn"]})]


def test_edits_of_different_elements_are_both_kept() -> None:
    mine = edited(('name="Ask"', 'name="Ask them"'))
    theirs = edited(('name="Do"', 'name="Do it"'))

    merged = merge(BASE, mine, theirs)

    assert merged.conflicts == ()
    assert texts(merged, "//b:userTask/@name") == ["Ask them", "Do it"]
    (taken,) = merged.taken
    assert "Do it" in taken


def test_edits_of_different_sides_of_one_element_are_both_kept() -> None:
    mine = edited(
        ('key="due" value="1"', 'key="due" value="2"'), ('x="100" y="0"', 'x="100" y="50"')
    )
    theirs = edited(('name="Ask"', 'name="Ask them"'))

    merged = merge(BASE, mine, theirs)

    assert merged.conflicts == ()
    assert {one.sentence for one in diff(mine, merged.file)} == {
        one.sentence for one in diff(BASE, theirs)
    }


def test_two_names_for_one_step_are_both_told_and_the_chosen_one_counts() -> None:
    mine, theirs = edited(('name="Ask"', 'name="M"')), edited(('name="Ask"', 'name="T"'))

    merged = merge(BASE, mine, theirs)

    ((key, my_words, their_words),) = told(merged)
    assert "M" in my_words[0]
    assert "T" in their_words[0]
    assert texts(merged, "//*[@id='ask']/@name") == ["T"]
    assert texts(merge(BASE, mine, theirs, {key: "mine"}), "//*[@id='ask']/@name") == ["M"]


def test_the_same_edit_on_both_sides_is_no_conflict() -> None:
    both = edited(('name="Ask"', 'name="M"'))

    assert merge(BASE, both, both).conflicts == ()


def test_what_either_added_is_there_with_its_flows_listed_at_their_ends() -> None:
    mine = edited(*_FLOW_F3)
    theirs = edited(
        (
            "</bpmn:process>",
            f"{_MORE}</bpmn:process>",
        ),
        (
            "<bpmn:outgoing>f2</bpmn:outgoing>",
            "<bpmn:outgoing>f2</bpmn:outgoing><bpmn:outgoing>f4</bpmn:outgoing>",
        ),
    )

    merged = merge(BASE, mine, theirs)

    assert merged.conflicts == ()
    assert texts(merged, "//*[@id='ask']/b:incoming/text()") == ["f1", "f3"]
    assert texts(merged, "//*[@id='ask']/b:outgoing/text()") == ["f2", "f4"]
    assert texts(merged, "//*[@id='more']/b:incoming/text()") == ["f4"]
    assert parser.read(merged.file)


def test_a_removal_nobody_else_touched_is_done() -> None:
    merged = merge(BASE, edited(*_NO_ASK), edited(('name="Do"', 'name="Do it"')))

    assert merged.conflicts == ()
    assert texts(merged, "//@id[.='ask' or .='f1' or .='f2' or .='f2_di']") == []
    assert texts(merged, "//b:incoming/text()") == []


def test_a_step_that_one_removed_and_one_renamed_is_a_conflict_either_way() -> None:
    removed, renamed = edited(*_NO_ASK), edited(('name="Ask"', 'name="T"'))

    cases: tuple[tuple[bytes, bytes, Choice, Choice], ...] = (
        (removed, renamed, "theirs", "mine"),
        (renamed, removed, "mine", "theirs"),
    )
    for mine, theirs, keeper, other in cases:
        ((key, *_),) = told(merge(BASE, mine, theirs))
        kept = merge(BASE, mine, theirs, {key: keeper})
        assert texts(kept, "//*[@id='ask']/@name") == ["T"]
        assert texts(kept, "//b:sequenceFlow/@id") == ["f1", "f2"]
        assert texts(kept, "//*[@id='do']/b:incoming/text()") == ["f2"]
        gone = merge(BASE, mine, theirs, {key: other})
        assert texts(gone, "//b:sequenceFlow/@id") == []


def test_a_flow_to_a_step_that_the_other_removed_is_a_conflict() -> None:
    mine, theirs = edited(*_NO_ASK), edited(*_FLOW_F3)

    merged = merge(BASE, mine, theirs)

    ((key, my_words, their_words),) = told(merged)
    assert any("Ask" in one for one in my_words)
    assert any("Ask" in one for one in their_words)
    gone = merge(BASE, mine, theirs, {key: "mine"})
    assert texts(gone, "//b:sequenceFlow/@id") == []


def test_a_flow_is_drawn_anew_where_both_its_ends_moved_and_two_places_are_a_conflict() -> None:
    moved_ask = (('x="100" y="0"', 'x="100" y="90"'), ('x="200" y="40"', 'x="200" y="130"'))
    moved_do = (('x="300" y="0"', 'x="300" y="70"'), ('x="300" y="40"', 'x="300" y="110"'))

    merged = merge(BASE, edited(*moved_ask), edited(*moved_do))
    assert merged.conflicts == ()
    assert merged.redrawn == ("f2",)

    also = (('x="100" y="0"', 'x="100" y="30"'),)
    ((key, _, _),) = told(merge(BASE, edited(*moved_ask), edited(*also)))
    assert key == "ask drawn"


def test_one_value_of_a_table_said_differently_is_told_and_a_new_row_is_kept() -> None:
    mine = edited(('value="1"/>', 'value="2"/><zeebe:header key="mine" value="x"/>'))
    theirs = edited(('value="1"/>', 'value="3"/><zeebe:header key="theirs" value="y"/>'))

    merged = merge(BASE, mine, theirs)

    assert [one.key for one in merged.conflicts] == ["ask"]
    assert sorted(texts(merged, "//*[local-name()='header']/@key")) == ["due", "mine", "theirs"]
