"""The form files of a model: found by id, and told with everything that is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.problem_texts import TEXTS as BPMN_TEXTS
from engine.decisions.problems import TEXTS as DMN_TEXTS
from engine.forms.formbook import Formbook
from engine.forms.problems import TEXTS
from tests.unit.engine.forms.test_form import field

ROOT = Path(__file__).parents[4]


def file(identity: str = "ask", *components: dict[str, Any]) -> bytes:
    return json.dumps({"id": identity, "components": list(components)}).encode()


CASES = {
    "form_file_unreadable": {"a.form": file("ask", field("number"), {"type": "filepicker"})},
    "form_id_missing": {"a.form": file("")},
    "form_id_twice": {"a.form": file(), "b.form": file()},
    "form_part_not_shown": {"a.form": file("ask", {"type": "iframe"})},
}


@pytest.mark.parametrize("code", CASES)
def test_what_is_wrong_is_told_with_the_file(code: str) -> None:
    [problem] = Formbook(CASES[code]).problems
    assert (problem.code, problem.severity) == (code, TEXTS[code].severity)
    assert problem.name in CASES[code]


def test_the_place_in_the_form_is_told() -> None:
    [problem] = Formbook(CASES["form_file_unreadable"]).problems
    assert "(component 2): The component type `filepicker` is not offered." in problem.message


@pytest.mark.parametrize("content", [b"\xff", b"{", b"[]", b"{}", b'{"components": 1}'])
def test_what_is_no_form_spoils_no_other(content: bytes) -> None:
    book = Formbook({"a.form": content, "b.form": file("b")})
    assert [(one.code, one.name) for one in book.problems] == [("form_file_unreadable", "a.form")]
    assert set(book.texts) == {"b"}


def test_of_two_with_one_id_the_first_is_meant() -> None:
    book = Formbook({"a.form": file(), "b.form": file("ask", field("number"))})
    assert book.texts == {"ask": file().decode()}


def test_every_problem_has_a_case_and_a_section_in_the_documentation() -> None:
    assert set(CASES) == set(TEXTS)
    assert not set(TEXTS) & {*BPMN_TEXTS, *DMN_TEXTS}
    page = (ROOT / "docs" / "problems.md").read_text()
    assert {f"## {code}" for code in TEXTS} <= set(page.splitlines())
