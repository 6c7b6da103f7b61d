"""Every difference of two forms is told once, by field, in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.forms.differences import differences

BASE: list[dict[str, Any]] = [
    {"type": "text", "id": "w", "text": "Look"},
    {"type": "textfield", "id": "a", "key": "why", "label": "Why"},
    {"type": "select", "id": "b", "key": "risk", "label": "Risk", "values": [{"value": "low"}]},
    {"type": "group", "id": "g", "label": "More", "components": [{"type": "number", "key": "n"}]},
]


def written(components: list[dict[str, Any]], **more: Any) -> str:
    return json.dumps({"id": "ask", "components": components, **more})


def told(edit: Callable[[list[dict[str, Any]]], Any]) -> list[str]:
    parts = json.loads(json.dumps(BASE))
    edit(parts)
    return [
        f"{one.op} {one.group}: {one.sentence}"
        for one in differences(written(BASE), written(parts))
    ]


def add(parts: Any) -> None:
    parts.append({"type": "checkbox", "key": "ok", "label": "Fine"})


EDITS: list[tuple[Callable[[Any], Any], str]] = [
    (add, "added behaviour: Asks for “Fine” now."),
    (lambda p: p.pop(1), "removed behaviour: Does not ask for “Why” any more."),
    (
        lambda p: p[1].update(label="Reason"),
        "changed text: “Reason”: the label, from “Why” to “Reason”.",
    ),
    (
        lambda p: p[1].update(validate={"required": True}),
        "changed behaviour: “Why”: whether an answer is needed, now “yes”.",
    ),
    (
        lambda p: p[2]["values"].append({"label": "High", "value": "hi"}),
        "changed data: “Risk”: the choices, from “low” to “low, High = hi”.",
    ),
    (
        lambda p: p[3]["components"][0].update(readonly=True),
        "changed behaviour: “n”: when it is only shown, now “yes”.",
    ),
    (lambda p: p[1].update(strange=1), "changed behaviour: “Why”: “strange”, now “1”."),
    (lambda p: p.append(p.pop(1)), "moved layout: “Why” stands elsewhere."),
]


@pytest.mark.parametrize(("edit", "sentence"), EDITS, ids=range(len(EDITS)))
def test_an_edit_is_told_once(edit: Callable[[Any], Any], sentence: str) -> None:
    assert told(edit) == [sentence]


def test_a_part_that_goes_into_a_group_is_told() -> None:
    assert told(lambda p: p[3]["components"].append(p.pop(0)))


def test_a_form_that_comes_or_goes_is_told_as_a_whole() -> None:
    assert [one.sentence for one in differences(None, written(BASE))] == ["It is a new form."]
    assert [one.sentence for one in differences(written(BASE), None)] == ["The form is removed."]


def test_white_space_and_order_of_names_are_no_change() -> None:
    turned = json.dumps({"components": BASE, "id": "ask"}, indent=3)
    assert differences(written(BASE), turned) == []


@pytest.mark.parametrize("other", [written(BASE, exporter="x"), "{", written([1])])  # type: ignore[list-item]
def test_what_no_sentence_foresaw_is_told_all_the_same(other: str) -> None:
    assert differences(written(BASE), other)
