"""A step made from a template keeps to it, or is told what differs, on its element."""

from __future__ import annotations

from typing import Any

import pytest

from designer.steps import fitting, reader
from designer.steps.fitting import Found
from designer.steps.texts import TEXTS
from tests.support.templates import a_model, a_step, a_template, an_input

WHEN_SENT = {"property": "method", "equals": "POST"}
METHODS = [{"name": "Read", "value": "GET"}, {"name": "Send", "value": "POST"}]
NEEDED = {"notEmpty": True}
SECURE = {"value": "^https://", "message": "Begin with https."}
FIELDS = (
    an_input("method", id="method", type="Dropdown", choices=METHODS, value="GET"),
    an_input("url", label="Address", constraints={**NEEDED, "pattern": SECURE}),
    an_input("body", label="Body", feel="required", condition=WHEN_SENT, constraints=NEEDED),
    an_input("times", type="Number", feel="static"),
    an_input("loud", type="Boolean", feel="static"),
    an_input("note", constraints={"minLength": 2, "maxLength": 4}),
)
RIGHT = {"method": "GET", "url": "https://a.example"}


def told(inputs: dict[str, str], *fields: dict[str, Any], **more: Any) -> list[str]:
    template = reader.read(a_template(*(fields or FIELDS), **more))
    found = fitting.problems(a_model(a_step(inputs)), lambda _key, _version: Found(template))
    assert {problem.element for problem in found} <= {"step"}
    return [f"{problem.code}: {problem.message}" for problem in found]


def test_a_step_that_keeps_to_its_template_is_right() -> None:
    assert told(RIGHT) == []
    assert told({**RIGHT, "times": "=3", "loud": "=true", "note": "abc"}) == []


def test_a_field_that_is_needed_must_be_filled_in() -> None:
    [problem] = told({"method": "GET"})
    assert "template_value_missing" in problem
    assert "“Address”" in problem
    assert "“The step”" in problem


def test_a_field_is_judged_only_where_its_condition_holds() -> None:
    [missing] = told({**RIGHT, "method": "POST"})
    assert "“Body”" in missing
    assert told({**RIGHT, "method": "POST", "body": "={a: 1}"}) == []


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"url": "http://a.example"}, "Begin with https."),
        ({"method": "DELETE"}, "none of the choices"),
        ({"times": "=many"}, "It is a number."),
        ({"times": "=Infinity"}, "It is a number."),
        ({"loud": "=maybe"}, "true or false"),
        ({"note": "a"}, "fewer than 2"),
        ({"note": "abcde"}, "more than 4"),
        ({"method": "POST", "body": "plain"}, "begins with ="),
    ],
)
def test_a_value_that_does_not_fit_is_told(inputs: dict[str, str], words: str) -> None:
    [problem] = told({**RIGHT, **inputs})
    assert "template_value_unfit" in problem
    assert words in problem


def test_what_the_template_decides_may_not_be_changed_by_hand() -> None:
    fixed = an_input("url", type="Hidden", value="https://a.example")

    assert told({"url": "https://a.example"}, fixed) == []
    [problem] = told({"url": "https://evil.example"}, fixed)
    assert "template_changed" in problem
    assert told({}, fixed) == [problem]


def test_what_is_generated_once_is_the_steps_own() -> None:
    made = an_input("uuid", type="Hidden", generatedValue={"type": "uuid"})
    assert told({"uuid": "0b1c"}, made) == []


def test_a_test_on_whether_a_field_is_shown() -> None:
    active = {"property": "body", "isActive": True}
    shown = an_input("why", label="Why", condition=active, constraints=NEEDED)
    body = an_input("body", id="body", condition=WHEN_SENT)
    fields = (FIELDS[0], body, shown)

    assert told({"method": "GET"}, *fields) == []
    assert len(told({"method": "POST"}, *fields)) == 1


def test_fields_that_wait_for_each_other_are_not_shown() -> None:
    def waits_for(name: str, other: str) -> dict[str, Any]:
        active = {"property": other, "isActive": True}
        return an_input(name, id=name, condition=active, constraints=NEEDED)

    assert told({}, waits_for("a", "b"), waits_for("b", "a")) == []


def test_a_step_of_another_kind_than_its_template() -> None:
    [problem] = told(RIGHT, elementType={"value": "bpmn:UserTask"}, properties=[])
    assert "template_misplaced" in problem


@pytest.mark.parametrize(
    ("found", "code"),
    [(Found(), "template_unknown"), (Found(None, "It was unsafe."), "template_retired")],
)
def test_a_template_that_is_not_to_be_had(found: Found, code: str) -> None:
    [problem] = fitting.problems(a_model(a_step()), lambda _key, _version: found)
    assert problem.code == code
    assert problem.severity == TEXTS[code].severity


def test_the_steps_of_a_model_say_what_they_were_made_from() -> None:
    [use] = fitting.uses(a_model(a_step(key="acme.stop", version=12)))
    assert (use.element, use.name, use.template, use.version) == (
        "step",
        "The step",
        "acme.stop",
        12,
    )
