"""Each construct of FEEL, with the values the standard gives it."""

from __future__ import annotations

import pytest

from engine.expressions import parse, parse_unary_tests

# An expression, and another that has the same value.
SAME = [
    # names with spaces and operators
    ("{loan-to-value ratio: 2, x: loan-to-value ratio * 3}.x", "6"),
    ("{a: 5, b: 2, a-b: 100, c: a-b}.c", "100"),
    ("{a: 5, b: 2, c: a-b}.c", "3"),
    ("{Order: {net-price: 3}, x: Order.net-price}.x", "3"),
    ("[{net-price: 3}, {net-price: 5}][net-price > 4].net-price", "[5]"),
    ("for unit price in [1, 2] return unit price * 2", "[2, 4]"),
    ("(function(first-name, age 2) first-name)(first-name: 1, age 2: 2)", "1"),
    ('{"a b c": 1, d: a b c}.d', "1"),
    ("{count: function(x) 7, r: count([1])}.r", "7"),
    # loops
    ("for i in 1..3, j in i..3 return i * j", "[1, 2, 3, 4, 6, 9]"),
    ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
    ("for i in (1..4) return i", "[2, 3]"),
    ('for d in @"2024-02-28"..@"2024-03-01" return d.day', "[28, 29, 1]"),
    ("for i in 1..3 return count(partial)", "[0, 1, 2]"),
    ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
    ("every x in [1, null] satisfies x > 0", "null"),
    ("some x in [null, 1] satisfies x > 0", "true"),
    # functions as values
    ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
    ("{twice: function(f, x) f(f(x)), r: twice(function(x) x * 3, 2)}.r", "18"),
    ("{f: abs, r: f(-2)}.r", "2"),
    ("{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(20)}.r", "2432902008176640000"),
    ("{x: 1, f: function() x, r: (function(x) f())(5)}.r", "1"),
    ("(function(a: number) a)([5])", "5"),
    ("(function(a: list<number>) a)(5)", "[5]"),
    ('(function(a: number) a)("5")', "null"),
    ("(function(a) a)(1, 2)", "null"),
    ('(function() external {java: {class: "a"}})()', "null"),
    # ranges
    ("5 in (> 3)", "true"),
    ("5 in (1..5)", "false"),
    ("5 in ]1..5]", "true"),
    ("5 in [> 3, < 2]", "true"),
    ("(< 5).end included", "false"),
    ("[1..5].start included", "true"),
    ("(<= 10) = (null..10]", "false"),
    ("(1..2] = ]1..2]", "true"),
    ("5 in [1..null]", "null"),
    ('"b" in (["a".."c"], "x")', "true"),
    # paths and filters
    ("[1, 2, 3, 4][item > 2][2]", "4"),
    ("[{a: 1}, {a: 2}].a", "[1, 2]"),
    ("[{item: 1}, {item: 2}][item >= 2]", "[{item: 2}]"),
    ("{a: {b: [1, 2]}}.a.b[-1]", "2"),
    ("100[true]", "[100]"),
    ("null[1]", "null"),
    # truth
    ("null and false", "false"),
    ("1 or true", "true"),
    ("if null then 1 else 2", "2"),
    ("not(1 = 2) and 1 in (1, 2)", "true"),
    ("null = null", "true"),
    ("[] = null", "false"),
    ("1 between 0 and 2 and true", "true"),
    # arithmetic
    ("-3 ** 2", "9"),
    ("3 ** 4 ** 5", "(3 ** 4) ** 5"),
    ("10 - 4 - 3", "3"),
    ("--10", "10"),
    ("1.0 / 0", "null"),
    ("10 + 20 / -5 - 3", "3"),
    # days, moments and durations
    ('string(@"999999999-12-31")', '"999999999-12-31"'),
    ('string(@"-2021-03-01" - @"P1M")', '"-2021-02-01"'),
    ('string(@"0000-03-01" - @"P1D")', '"0000-02-29"'),
    ('@"2021-01-01T24:00:00"', '@"2021-01-02T00:00:00"'),
    ('@"2021-10-31T00:30:00@Europe/Paris" + @"PT3H"', '@"2021-10-31T02:30:00+01:00"'),
    ('@"2002-04-02T12:00:00-01:00" = @"2002-04-02T17:00:00+04:00"', "true"),
    ('@"10:00:00" - @"11:30:00"', '@"-PT1H30M"'),
    ('@"2021-01-02" - @"2021-01-01T00:00:00Z"', '@"P1D"'),
    ('@"2021-01-02" - @"2021-01-01T00:00:00"', "null"),
    ('string(@"10:00:00.123456789")', '"10:00:00.123456789"'),
    ('@"P1DT2H".hours + @"P1Y2M".months', "4"),
    ('@"nothing"', "null"),
    # strings
    (r'"\ud83d\udc0e"', '"🐎"'),
    (r'string length("\U01F40E")', "1"),
    (r'"a\db"', r'"a\\db"'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "same"), SAME, ids=[text for text, _ in SAME])
def test_a_construct_has_its_value(text: str, same: str) -> None:
    assert (
        parse("x = y", names=())
        .evaluate({"x": parse(text).evaluate({}).value, "y": parse(same).evaluate({}).value})
        .value
        is True
    )


@pytest.mark.parametrize(
    ("cell", "value", "verdict"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("1, 2", 2, True),
        ("not(1, 2)", 2, False),
        ("not(1, 2)", 3, True),
        ("not(ready)", False, True),
        ("not(ready) or ? = 3", 3, True),
        ("< 5", 4, True),
        ("[1..5), > 10", 5, False),
        ("? > 3 and ? < limit", 4, True),
        ('starts with(?, "a")', "abc", True),
        ("< 5", "a", None),
        ("null", None, True),
        ("[1, 2, 3]", 2, True),
        ("limit", 9, True),
        ("limit - 1", 8, True),
        ("ready", 5, True),
        ('"a", "b"', "b", True),
        ('date("2030-01-31")', "x", False),
        ("not(null)", None, False),
        ("contract-kind", "x", True),
        ("? instance of number", 5, True),
        ("every x in ? satisfies x > 0", [1, 2], True),
    ],
)
def test_a_cell_holds_or_not(cell: str, value: object, verdict: bool | None) -> None:  # noqa: FBT001
    variables = {"limit": 9, "ready": True, "contract-kind": "x"}
    tests = parse_unary_tests(cell, names=("contract-kind",))
    assert tests.holds(value, variables).value is verdict
    assert "?" not in tests.names


def test_a_moment_that_is_written_out_is_made_once_and_one_that_is_none_warns_each_time() -> None:
    due, wrong = parse('date("2030-01-31")'), parse('date("2030-02-31")')

    assert due.evaluate({}).value is due.evaluate({}).value
    assert [bool(wrong.evaluate({}).warnings) for _ in range(2)] == [True, True]
    assert (
        parse('{date: function(x) x, y: date("2030-01-31")}.y').evaluate({}).value == "2030-01-31"
    )
