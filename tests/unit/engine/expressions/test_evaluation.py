"""FEEL means what DMN says it means; what has no meaning is null and a warning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.expressions import Range, Value, YearsMonths, admit, parse

CHANGE = {
    "risk": 7,
    "title": "Deploy release",
    "approvers": ["Ann", "Ben"],
    "steps": [{"name": "drain", "minutes": 5}, {"name": "deploy", "minutes": 20}],
    "window": {"start": "2030-01-01T22:00:00Z", "length": "PT2H"},
    "started": datetime(2030, 1, 1, tzinfo=UTC),
}


def value_of(text: str) -> Value:
    evaluation = parse(text).evaluate(CHANGE)
    assert evaluation.warnings == ()
    return evaluation.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("0.1 + 0.2", Decimal("0.3")),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("modulo(-12, 5)", 3),
        ("floor(-1.5)", -2),
        ("ceiling(1.5)", 2),
        ("decimal(2.5, 0)", 2),
        ("1234567890123456789012345678901234 + 0", 1234567890123456789012345678901234),
        ("floor(1234567890123456789012345678.5)", 1234567890123456789012345678),
        ("count(for i in 10 ** 30 .. 10 ** 30 + 2 return i)", 3),
        ("abs(-3)", 3),
        ("sum([1, 2, 3])", 6),
        ("sum(1, 2, 3)", 6),
        ("mean([1, 2])", Decimal("1.5")),
        ("min(steps.minutes)", 5),
        ("max(steps.minutes)", 20),
        ("count(approvers)", 2),
        ('number("1,000.5", ",", ".")', Decimal("1000.5")),
    ],
)
def test_numbers_are_decimal(text: str, value: Decimal | int) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("risk > 5 and risk < 9", True),
        ("risk between 1 and 6", False),
        ("risk in [5..7]", True),
        ("risk in [5..7)", False),
        ("risk in ]7..9[", False),
        ("risk in (< 3, 7)", True),
        ("risk in (1, 2)", False),
        ('"Ann" in approvers', True),
        ("true or null", True),
        ("false and null", False),
        ("true and null", None),
        ("false or null", None),
        ("not(risk = 7)", False),
        ("null = null", True),
        ("risk != null", True),
        ("[1, {a: 2}] = [1, {a: 2}]", True),
        ("some step in steps satisfies step.minutes > 10", True),
        ("every step in steps satisfies step.minutes > 10", False),
        ("every step in [] satisfies false", True),
        ("risk instance of number", True),
        ("[1] instance of list<string>", False),
        ("is defined(window.end)", False),
        ("is defined(window.start)", True),
        ("is defined(nothing)", False),
    ],
)
def test_logic_has_three_values(text: str, value: Value) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('title + "!"', "Deploy release!"),
        ('if risk > 5 then "high" else "low"', "high"),
        ("steps[1].name", "drain"),
        ("steps[-1].name", "deploy"),
        ('steps[name = "drain"].minutes', [5]),
        ("steps[item.minutes > risk].name", ["deploy"]),
        ("for step in steps return step.minutes * 2", [10, 40]),
        ("for a in 1..2, b in [a..2] return a * b", [1, 2, 4]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("{a: 1, b: a + 1}.b", 2),
        ("{first name: 1}.first name", 1),
        ('{"a b": 1}', {"a b": 1}),
        ('substring("release", -3)', "ase"),
        ('substring(string: "release", start position: 3, length: 2)', "le"),
        ('substring before("a/b/c", "/")', "a"),
        ('substring after("a/b/c", "/")', "b/c"),
        ('split("a;b", ";")', ["a", "b"]),
        ('string join(["a", null, "b"], "-")', "a-b"),
        ("string length(title)", 14),
        ("upper case(title)", "DEPLOY RELEASE"),
        ('contains(title, "rel")', True),
        ('starts with(title, "rel")', False),
        ('ends with(title, "ase")', True),
        ('matches(title, "^deploy", "i")', True),
        ("string(1.50)", "1.5"),
        ('string([1, "a", null])', '[1, "a", null]'),
        ("list contains(approvers, null)", False),
        ("append(approvers, 1)", ["Ann", "Ben", 1]),
        ("concatenate([1], [2, 3])", [1, 2, 3]),
        ("flatten([1, [2, [3]]])", [1, 2, 3]),
        ("distinct values([1, 2, 1])", [1, 2]),
        ('get value(window, "length")', "PT2H"),
        ('get value({a: {b: 1}}, ["a", "b"])', 1),
        ("get or else(null, 1)", 1),
        (r'"a\tb\u0041"', "a\tbA"),
        ("1 // to the end of the line\n + 1 /* and\n over lines */", 2),
    ],
)
def test_texts_lists_and_contexts(text: str, value: Value) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('date("2030-01-31") + duration("P1M")', date(2030, 2, 28)),
        ('@"2030-03-01" - @"2030-02-01"', timedelta(days=28)),
        ('duration("PT1H") * 1.5', timedelta(minutes=90)),
        ('duration("P1Y") + @"P2M"', YearsMonths(14)),
        ("started + duration(window.length)", datetime(2030, 1, 1, 2, tzinfo=UTC)),
        ("date and time(window.start) > started", True),
        ('date and time("2030-01-01T01:00:00+01:00") = started', True),
        ('@"2030-03-31T00:30:00@Europe/Berlin".time offset', timedelta(hours=1)),
        (
            'string(@"2030-03-31T01:30:00@Europe/Berlin" + @"PT1H")',
            "2030-03-31T03:30:00@Europe/Berlin",
        ),
        ('string(@"23:30:00Z" + @"PT1H")', "00:30:00Z"),
        ('@"P1DT2H".hours', 2),
        ("started.weekday", 2),
        ('string(duration("PT90M"))', "PT1H30M"),
        ('string(@"-P14M")', "-P1Y2M"),
        ("[1..3)", Range(Decimal(1), Decimal(3), high_included=False)),
    ],
)
def test_dates_times_and_durations(text: str, value: Value) -> None:
    assert value_of(text) == admit(value)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ('risk + "1"', "`+` has no meaning for a number and a string."),
        ("risk / 0", "The result is not a number, or too large for one."),
        ("nothing + 1", "There is no variable `nothing`."),
        ("window.end", "A context has no `end`."),
        ('@"999999999-12-31" + @"P1D"', "There is no such day in the calendar."),
        ("approvers[10 ** 30]", "The list of 2 has no item 1000000000000000000000000000000."),
        ("substring(title, 10 ** 30)", "`substring`: needs a smaller number, and got 1"),
        ("approvers[3]", "The list of 2 has no item 3."),
        ('risk < "9"', "A number and a string cannot be put in order."),
        ('risk = "7"', "A number and a string cannot be compared."),
        ("sum([1, null])", "`sum`: needs a number, and got null."),
        ('date("2030-02-30")', "`date`: there is no such day in the calendar."),
        ('matches("a", "(")', "`matches`: the pattern is not a regular expression it can read."),
        ("for x in null return x", "In `for`: there is nothing to go through: the list is null."),
        ("risk and true", "`and` has no meaning for a number."),
        ("9 ** 999999", "The result is not a number, or too large for one."),
    ],
)
def test_what_has_no_meaning_is_null_and_a_warning(text: str, warning: str) -> None:
    evaluation = parse(text).evaluate(CHANGE)
    assert evaluation.value is None
    assert any(told.startswith(warning) for told in evaluation.warnings)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a + b.c", {"a", "b"}),
        ("for a in xs return a + b", {"xs", "b"}),
        ("for a in as1, b in a return b", {"as1"}),
        ("some a in xs satisfies a = y", {"xs", "y"}),
        ("{a: 1, b: a, c: d}", {"d"}),
        ("xs[item > limit]", {"xs", "limit"}),
        ("if a then b else count(c)", {"a", "b", "c"}),
        ("risk in (< low, [high..1])", {"risk", "low", "high"}),
        ("order size + 1", {"order size"}),
    ],
)
def test_an_expression_knows_the_variables_it_reads(text: str, names: set[str]) -> None:
    assert parse(text).names == names


def test_values_from_json_are_taken_as_decimals_at_every_depth() -> None:
    value = parse("x[1].y + z").evaluate({"x": [{"y": 0.1}], "z": 2}).value
    assert value == Decimal("2.1")
    assert isinstance(value, Decimal)


def test_the_variables_given_are_never_changed() -> None:
    variables = {"xs": [1, 2, {"a": 1.5}]}
    parse("append(xs, 3)").evaluate(variables)
    assert variables == {"xs": [1, 2, {"a": 1.5}]}


def test_equality_by_the_second_does_not_depend_on_the_side() -> None:
    early, late = '@"10:00:00.1"', '@"10:00:00.9"'
    assert parse(f"{early} = {late}").evaluate({}).value is True
    assert parse(f"{late} = {early}").evaluate({}).value is True
    assert parse(f'{late} = @"10:00:01.2"').evaluate({}).value is False
