"""Variables are seen from inside out, written where they are, and kept as JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.bpmn.elements import IoMapping
from engine.expressions import Range, YearsMonths
from engine.semantics import variables
from engine.semantics.errors import ValueUnusable
from engine.semantics.events import VariablesSet
from engine.semantics.state import InstanceState, Scope

NESTED = InstanceState(
    "root",
    scopes={
        "root": Scope("root", variables={"x": 1, "y": 1}),
        "middle": Scope("middle", "root", variables={"y": 2}),
        "inner": Scope("inner", "middle", variables={"z": 3}),
    },
)


def test_inner_variables_hide_outer_ones() -> None:
    assert dict(variables.view(NESTED, "inner")) == {"x": 1, "y": 2, "z": 3}


def test_each_result_goes_to_the_nearest_scope_that_has_it_else_to_the_root() -> None:
    written = variables.written(NESTED, "inner", {"y": 5, "z": 6, "new": 7, "x": 8})
    assert written == [
        VariablesSet("middle", {"y": 5}),
        VariablesSet("inner", {"z": 6}),
        VariablesSet("root", {"new": 7, "x": 8}),
    ]


def test_mappings_see_those_before_them() -> None:
    mappings = [IoMapping("x + 1", "a"), IoMapping("a + 1", "b")]
    assert variables.mapped(mappings, {"x": 1}) == {"a": 2, "b": 3}


def test_a_dotted_target_keeps_what_else_is_in_the_context() -> None:
    before = {"ticket": {"state": {"open": True}}}
    found = variables.mapped([IoMapping("5", "ticket.state.days")], before)
    assert found == {"ticket": {"state": {"open": True, "days": 5}}}
    assert before == {"ticket": {"state": {"open": True}}}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Decimal("5.00"), 5),
        (Decimal("0.1"), 0.1),
        (Decimal(10) ** 30, 10**30),
        (2.0, 2),
        (True, True),
        (date(2030, 1, 2), "2030-01-02"),
        (datetime(2030, 1, 2, 3, tzinfo=UTC), "2030-01-02T03:00:00Z"),
        (timedelta(minutes=90), "PT1H30M"),
        (YearsMonths(14), "P1Y2M"),
        ({"a": [Decimal(1), None]}, {"a": [1, None]}),
    ],
    ids=repr,
)
def test_values_are_kept_as_json(value: object, kept: object) -> None:
    found = variables.plain(value, "x")
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    "value",
    [object(), Range(None, None), Decimal("Infinity"), Decimal("1e999"), [{"a": "b\x00"}]],
    ids=["an object", "a range", "infinity", "beyond any double", "a text with NUL"],
)
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(ValueUnusable):
        variables.plain(value, "x")


@pytest.mark.parametrize(
    ("written_as", "names"),
    [(None, ()), ("", ()), ("a, b,", ("a", "b")), ("= x", ("c",)), ('= "d,e"', ("d", "e"))],
)
def test_names_are_a_list_or_a_text_with_commas(
    written_as: str | None, names: tuple[str, ...]
) -> None:
    assert variables.names_of(written_as, {"x": ["c"]}) == names


def test_an_expression_tells_the_time_of_the_transaction() -> None:
    now = datetime(2030, 1, 31, 10, tzinfo=UTC)
    assert variables.evaluate("=now()", {}, now) == "2030-01-31T10:00:00Z"
    assert variables.evaluate('today() + @"P1D"', {}, now) == "2030-02-01"
    assert variables.mapped([IoMapping("now()", "at")], {}, now) == {"at": "2030-01-31T10:00:00Z"}


def test_a_name_longer_than_its_column_is_refused() -> None:
    longest = "x" * variables.MAX_NAME
    assert variables.names_of("= who", {"who": [longest]}) == (longest,)
    with pytest.raises(ValueUnusable, match="at most 255 characters"):
        variables.names_of("= who", {"who": ["a", longest + "x"]})
    with pytest.raises(ValueUnusable, match="at most 255 characters"):
        variables.mapped([IoMapping("1", longest + "x")], {})
