"""Names that lead out of a model, held against what is known around it."""

from __future__ import annotations

import pytest

from engine.bpmn.surroundings import Surroundings
from engine.bpmn.validation import problems
from tests.support.decisions import asks
from tests.support.drawings import drawing, extended, line


def found(node: str, around: Surroundings) -> list[tuple[str, str]]:
    return [(one.code, one.severity) for one in problems(drawing(line(node)), around)]


def calls(called: str, more: str = "") -> str:
    return extended("callActivity", f'<zeebe:calledElement processId="{called}" {more}/>')


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        (None, []),
        ({"route": ("a.dmn",)}, []),
        ({}, [("called_decision_unknown", "error")]),
        ({"Route": ("a.dmn",)}, [("called_decision_unknown", "error")]),
        ({"route": ("a.dmn", "b.dmn")}, [("called_decision_twice", "error")]),
    ],
)
def test_a_called_decision_is_in_one_of_the_files(
    decisions: dict[str, tuple[str, ...]] | None, expected: list[tuple[str, str]]
) -> None:
    assert found(asks(), Surroundings(decisions=decisions)) == expected


def test_a_decision_that_is_worked_out_is_known_at_run_time_only() -> None:
    assert found(asks("=name"), Surroundings(decisions={})) == []


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (calls("inner"), []),
        (calls("inner-key"), []),
        (calls("change"), [("call_circular", "warning")]),
        (calls("=which"), []),
        (calls("other"), [("call_unpublished", "warning")]),
        (calls("other", 'bindingType="deployment"'), [("call_pinned_unpublished", "error")]),
        (calls("inner", 'bindingType="deployment"'), []),
        (calls("inner", 'bindingType="versionTag" versionTag="v1"'), []),
        (
            calls("inner", 'bindingType="versionTag" versionTag="v2"'),
            [("call_tag_unpublished", "warning")],
        ),
    ],
)
def test_a_called_process_is_published(call: str, expected: list[tuple[str, str]]) -> None:
    published = {"inner": {"", "v1"}, "inner-key": {"", "v1"}}
    assert found(call, Surroundings(processes=published)) == expected


def test_where_nobody_knows_what_is_published_the_file_is_all_there_is() -> None:
    assert found(calls("other"), Surroundings()) == [("call_unknown", "warning")]
