"""Types: their names, which values belong to them, what is converted, what a text tells of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.expressions import FeelSyntaxError, Function, Value, parse
from engine.expressions.errors import Refusal
from engine.expressions.lattice import (
    NUMBER,
    STRING,
    ContextType,
    ListType,
    Type,
    Unknown,
    type_conforms,
)
from engine.expressions.temporal import parse_date, parse_date_time
from engine.expressions.type_reader import parse_type
from engine.expressions.typed import from_typed, to_typed
from engine.expressions.types import conforms, converted, type_of

ONE = Decimal(1)


@pytest.mark.parametrize(
    "name",
    [
        *("Any", "Null", "number", "date and time", "days and time duration", "list<Any>"),
        "list<list<number>>",
        "range<date>",
        "context<first name: string, b: list<number>>",
        "context<>",
        "function<number, string> -> boolean",
        "function<> -> function<> -> Any",
    ],
)
def test_a_type_is_read_and_written(name: str) -> None:
    assert str(parse_type(name)) == name


@pytest.mark.parametrize("text", ["", "list<", "context<a>", "function<>", "number number <", "1"])
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse_type(text)


def test_a_type_of_the_model_is_known_by_name() -> None:
    types: dict[str, Type] = {"tAge": NUMBER, "loan in EUR": ContextType((("sum", NUMBER),))}
    assert parse_type("list<tAge>", types) == ListType(NUMBER)
    assert parse("x instance of tAge", types=types).evaluate({"x": 1}).value is True
    assert parse("x instance of loan in EUR", types=types).evaluate({"x": {}}).value is False
    assert parse_type("tOther") == Unknown("tOther")
    assert parse("1 instance of tOther").evaluate({}).value is False


@pytest.mark.parametrize(
    ("value", "name", "belongs"),
    [
        (None, "number", True),
        (ONE, "number", True),
        (ONE, "Any", True),
        (True, "number", False),
        ([ONE, "a"], "list<Any>", True),
        ([ONE, "a"], "list<number>", False),
        ([], "list<number>", True),
        ({"a": ONE, "b": ONE}, "context<a: number>", True),
        ({"b": ONE}, "context<a: number>", False),
        (Function(("a",), lambda _run, given: given[0]), "function<number> -> Any", True),
        (Function(("a",), lambda _run, given: given[0]), "function<> -> Any", False),
    ],
)
def test_a_value_belongs_to_a_type_or_not(value: Value, name: str, belongs: bool) -> None:  # noqa: FBT001
    assert conforms(value, parse_type(name)) is belongs


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("Null", "number"),
        ("list<number>", "list<Any>"),
        ("context<a: number, b: string>", "context<a: Any>"),
        ("function<Any> -> number", "function<string> -> Any"),
    ],
)
def test_one_type_is_part_of_another(narrow: str, wide: str) -> None:
    assert type_conforms(parse_type(narrow), parse_type(wide))
    assert not type_conforms(parse_type(wide), parse_type(narrow))


@pytest.mark.parametrize(
    ("value", "name", "result"),
    [
        ([ONE], "number", ONE),
        (ONE, "list<number>", [ONE]),
        (parse_date("2030-01-31"), "date and time", parse_date_time("2030-01-31T00:00:00Z")),
        ([[ONE]], "number", ONE),
        (None, "number", None),
    ],
)
def test_a_value_is_converted_where_the_standard_says_so(
    value: Value, name: str, result: Value
) -> None:
    assert converted(value, parse_type(name)) == result


@pytest.mark.parametrize(
    ("value", "name"), [("1", "number"), ([ONE, ONE], "number"), (ONE, "list<string>")]
)
def test_anything_else_is_not_converted(value: Value, name: str) -> None:
    with pytest.raises(Refusal):
        converted(value, parse_type(name))


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("a > 5", {"a": "number"}),
        ('status = "open" and done', {"status": "string", "done": "boolean"}),
        ("if ready then 1 else x", {"ready": "boolean", "x": "Any"}),
        ("for x in xs return x + 1", {"xs": "list<Any>"}),
        ("order.customer.age > 18", {"order": "context<customer: context<age: number>>"}),
        ('o.a = 1 and o.b = "x"', {"o": "context<a: number, b: string>"}),
        ('due < @"2030-01-31"', {"due": "date"}),
        ("a + 1", {"a": "number"}),
        ('a + "!"', {"a": "string"}),
        ("a * 2", {"a": "Any"}),
        ('a = 1 or a = "1"', {"a": "Any"}),
        ("rate(1)", {"rate": "function<Any> -> Any"}),
        ("xs[1]", {"xs": "list<Any>"}),
    ],
)
def test_a_text_tells_the_types_of_its_variables(text: str, types: dict[str, str]) -> None:
    assert {name: str(of) for name, of in parse(text).types().items()} == types


@pytest.mark.parametrize(
    "json",
    [
        None,
        {"t": "num", "v": "1.50"},
        {"t": "bool", "v": True},
        {"t": "str", "v": "a"},
        {"t": "date", "v": "-2030-01-31"},
        {"t": "time", "v": "10:00:00.5@Europe/Paris"},
        {"t": "dateTime", "v": "2030-01-31T10:00:00Z"},
        {"t": "duration", "v": "P1Y"},
        {"t": "duration", "v": "-PT1.5S"},
        {"t": "list", "v": [None, {"t": "ctx", "v": {"a b": {"t": "num", "v": "1"}}}]},
    ],
)
def test_values_go_to_json_with_their_types_and_back(json: dict[str, Any] | None) -> None:
    value = from_typed(json)
    assert from_typed(to_typed(value)) == value


def test_the_type_of_a_value_is_told() -> None:
    assert str(type_of([ONE, ONE])) == "list<number>"
    assert str(type_of({"a": "x", "b": None})) == "context<a: string, b: Null>"
    assert type_of("a") == STRING
