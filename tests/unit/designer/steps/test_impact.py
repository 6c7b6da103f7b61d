"""What a newer version means for a step is told before it is applied, losses first."""

from __future__ import annotations

from typing import Any

from designer.steps import impact, reader
from designer.steps.elements import Binding
from tests.support.templates import a_template, an_input

NEEDED = {"notEmpty": True}
METHODS = [{"name": "Read", "value": "GET"}, {"name": "Send", "value": "POST"}]


def told(
    before: list[dict[str, Any]], after: list[dict[str, Any]], said: dict[str, str] | None = None,
    **more: Any,
) -> list[str]:  # fmt: skip
    first, second = reader.read(a_template(*before)), reader.read(a_template(*after, **more))
    known = {Binding("zeebe:input", name): value for name, value in (said or {}).items()}
    return [f"{one.op}: {one.sentence}" for one in impact.between(first, second, known)]


def test_equal_versions_change_nothing() -> None:
    assert told([an_input("a")], [an_input("a")], {"a": "x"}) == []


def test_what_comes_and_what_goes() -> None:
    before, after = [an_input("a", label="Old")], [an_input("b", label="New")]

    assert told(before, after) == ["removed: “Old” is gone.", "added: “New” can be filled in."]
    assert told(before, after, {"a": "kept"})[0] == "lost: “Old” is gone; “kept” is lost."


def test_a_new_field_that_is_needed_is_asked_for() -> None:
    assert told([], [an_input("b", label="Team", constraints=NEEDED)]) == [
        "asked: It asks for “Team”, which is empty."
    ]
    begun = an_input("b", label="Team", constraints=NEEDED, value="desk")
    assert told([], [begun]) == ["added: “Team” can be filled in."]


def test_a_value_that_does_not_fit_any_more_is_asked_for() -> None:
    before = [an_input("m", label="Method", type="Dropdown", choices=METHODS)]
    after = [an_input("m", label="Method", type="Dropdown", choices=METHODS[:1])]

    [lost] = told(before, after, {"m": "POST"})
    assert lost.startswith("asked: “Method” says “POST”, which does not fit any more.")
    assert told(before, after, {"m": "GET"}) == ["changed: What “Method” may be has changed."]


def test_what_the_template_takes_over_is_lost() -> None:
    before = [an_input("url", label="Address")]
    after = [an_input("url", label="Address", type="Hidden", value="https://b.example")]

    assert told(before, after, {"url": "https://a.example"}) == [
        "lost: “Address” is “https://b.example” now; “https://a.example” is lost."
    ]


def test_a_fixed_value_that_changes_is_told_with_both() -> None:
    before = [an_input("url", label="Address", type="Hidden", value="https://a.example")]
    after = [an_input("url", label="Address", type="Hidden", value="https://b.example")]

    assert told(before, after, {"url": "https://a.example"}) == [
        "changed: Address changes from “https://a.example” to “https://b.example”."
    ]


def test_another_kind_of_step_and_other_names_are_told() -> None:
    found = told(
        [an_input("a", label="Old")], [an_input("a", label="New")], {"a": "x"},
        elementType={"value": "bpmn:SendTask"},
    )  # fmt: skip

    assert found == [
        "changed: The step becomes a send task.",
        "changed: “Old” is called “New” now.",
    ]


def test_losses_come_first() -> None:
    before = [an_input("a", label="A"), an_input("b", label="B")]
    after = [an_input("c", label="C"), an_input("b", label="B", constraints=NEEDED)]

    assert [row.partition(":")[0] for row in told(before, after, {"a": "x"})] == [
        "lost",
        "asked",
        "added",
    ]
