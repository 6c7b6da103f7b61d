"""Every built-in function does what the standard or, for its own, Camunda says it does."""

from __future__ import annotations

import pytest

from engine.expressions import parse
from engine.expressions.functions import FUNCTIONS
from engine.expressions.temporal import parse_date_time

NOW = parse_date_time("2030-01-31T10:00:00Z")

# An expression, and another that has the same value.
CASES: dict[str, list[tuple[str, str]]] = {
    "abs": [("abs(-1.5)", "1.5"), ('abs(@"-P1D")', '@"P1D"'), ('abs(@"-P1Y")', '@"P1Y"')],
    "after": [
        ("after(2, 1)", "true"),
        ("after([5..8], [1..5))", "true"),
        ("after(5, [1..5])", "false"),
    ],
    "all": [("all([true, false])", "false"), ("all(true, null)", "null"), ("all([])", "true")],
    "any": [("any([true, null])", "true"), ("any(false, null)", "null"), ("any([])", "false")],
    "append": [("append([1], 2, 3)", "[1, 2, 3]"), ("append(1, 2)", "[1, 2]")],
    "assert": [("assert(1, true)", "1"), ('assert(1, false, "no")', "null")],
    "before": [
        ("before(1, 2)", "true"),
        ("before([1..5), 5)", "true"),
        ("before([1..5], [5..8])", "false"),
    ],
    "ceiling": [("ceiling(-1.5)", "-1"), ("ceiling(1.234, 2)", "1.24")],
    "coincides": [
        ("coincides([1..5], [1..5])", "true"),
        ("coincides([1..5], [1..5))", "false"),
        ("coincides(5, 5)", "true"),
    ],
    "concatenate": [("concatenate([1], [2, [3]])", "[1, 2, [3]]")],
    "contains": [
        ('contains("abc", "bc")', "true"),
        ('contains(match: "d", string: "abc")', "false"),
    ],
    "context": [
        ('context([{key: "a", value: 1}]).a', "1"),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
    ],
    "context merge": [("context merge([{a: 1, b: 1}, {a: 2}])", "{a: 2, b: 1}")],
    "context put": [
        ('context put({a: 1}, "b", 2)', "{a: 1, b: 2}"),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', "{a: {b: 2}}"),
        ('context put(context: {a: {b: 1}}, keys: ["a", "b"], value: 2)', "{a: {b: 2}}"),
        ('context put(context: {a: {b: 1}}, key: ["a", "b"], value: 2)', "null"),
        ('context put({a: 1}, ["a", "b"], 2)', "null"),
    ],
    "count": [("count([1, null])", "2"), ("count([])", "0")],
    "date": [
        ('date("2030-01-31")', '@"2030-01-31"'),
        ("date(2030, 1, 31).day", "31"),
        ('date(@"2030-01-31T10:00:00Z")', '@"2030-01-31"'),
        ('date("2030-02-30")', "null"),
    ],
    "date and time": [
        ('date and time("2030-01-31")', '@"2030-01-31T00:00:00"'),
        ('date and time(@"2030-01-31", @"10:00:00Z")', '@"2030-01-31T10:00:00Z"'),
        (
            'string(date and time(@"2030-01-31T10:00:00Z", "Europe/Paris"))',
            '"2030-01-31T11:00:00@Europe/Paris"',
        ),
    ],
    "day of week": [('day of week(@"2030-01-31")', '"Thursday"')],
    "day of year": [('day of year(@"2020-12-31")', "366")],
    "decimal": [
        ("decimal(2.5, 0)", "2"),
        ("decimal(1/3, 2)", "0.33"),
        ("decimal(1/3, 2.9)", "0.33"),
    ],
    "distinct values": [
        ("distinct values([1, 2, 1, [1], [1]])", "[1, 2, [1]]"),
        ('distinct values([@"10:00:00Z", @"11:00:00+01:00"])', '[@"10:00:00Z"]'),
        (
            'distinct values([@"2030-01-31T10:00:00Z", @"2030-01-31T11:00:00@Europe/Paris"])',
            '[@"2030-01-31T10:00:00Z"]',
        ),
        ('distinct values([@"10:00:00", @"10:00:00Z"])', '[@"10:00:00", @"10:00:00Z"]'),
    ],
    "duplicate values": [("duplicate values([1, 2, 1, 2, 3])", "[1, 2]")],
    "duration": [
        ('duration("PT90M")', '@"PT1H30M"'),
        ('duration("P1Y2M")', '@"P14M"'),
        ('duration("P1Y1D")', "null"),
        ('duration("P00000000000000000001D")', '@"P1D"'),
        ('duration("PT10000000000000000S") / duration("PT1S")', "10000000000000000"),
        ('duration("PT99999999999999999999S")', "null"),
    ],
    "during": [
        ("during(2, [1..3])", "true"),
        ("during([1..3), [1..3])", "true"),
        ("during([1..3], [1..3))", "false"),
    ],
    "ends with": [('ends with("abc", "bc")', "true")],
    "even": [("even(-2)", "true"), ("even(1)", "false"), ("even(1.5)", "null")],
    "exp": [("decimal(exp(1), 10)", "2.7182818285")],
    "extract": [('extract("a1b22", "[0-9]+")', '["1", "22"]')],
    "finished by": [("finished by([1..3], 3)", "true"), ("finished by([1..3], [2..3])", "true")],
    "finishes": [
        ("finishes(3, [1..3])", "true"),
        ("finishes(3, [1..3))", "false"),
        ("finishes([2..3], [1..3])", "true"),
    ],
    "flatten": [("flatten([1, [2, [3]]])", "[1, 2, 3]")],
    "floor": [("floor(-1.5)", "-2"), ("floor(1.239, 2)", "1.23")],
    "get entries": [("get entries({a: 1})", '[{key: "a", value: 1}]')],
    "get or else": [("get or else(null, 1)", "1"), ("get or else(2, 1)", "2")],
    "get value": [
        ('get value({a: 1}, "a")', "1"),
        ('get value({a: {b: 1}}, ["a", "b"])', "1"),
        ('get value({}, "a")', "null"),
    ],
    "includes": [
        ("includes([1..3], 3)", "true"),
        ("includes([1..3), [1..3])", "false"),
        ("includes([1..5], [2..3])", "true"),
    ],
    "index of": [("index of([1, 2, 1], 1)", "[1, 3]"), ("index of([null], null)", "[1]")],
    "insert before": [
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
        ("insert before([1], 3, 2)", "null"),
    ],
    "is": [
        ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
        ('is(@"10:00:00Z", @"11:00:00+01:00")', "false"),
        ('is(1, "1")', "false"),
        ("is(value1: 1)", "false"),
    ],
    "is blank": [('is blank("  ")', "true"), ('is blank("a")', "false")],
    "is defined": [
        ("is defined(nothing)", "false"),
        ("is defined({a: null}.a)", "true"),
        ("is defined({a: 1}.b)", "false"),
    ],
    "is empty": [("is empty([])", "true"), ("is empty([null])", "false")],
    "last day of month": [('last day of month(@"2024-02-03")', '@"2024-02-29"')],
    "list contains": [
        ("list contains([1, null], null)", "true"),
        ("list contains([1], 2)", "false"),
    ],
    "list replace": [
        ("list replace([1, 2], 2, 3)", "[1, 3]"),
        ("list replace([1, 5], function(item, new) item > 2, 3)", "[1, 3]"),
        ("list replace([1], function(item) true, 3)", "null"),
    ],
    "log": [("decimal(log(10), 10)", "2.3025850930"), ("log(0)", "null")],
    "lower case": [('lower case("ÀB")', '"àb"')],
    "matches": [
        ('matches("abc", "^a.c$")', "true"),
        ('matches("ABC", "b", "i")', "true"),
        ('matches("a b", "a  b", "x")', "false"),
        ('matches("a+b", "a+b", "q")', "true"),
        ('matches("m", "\\p{Lu}", "i")', "false"),
        ('matches("m", "[^\\p{Lu}]", "i")', "true"),
        ('matches("m", "[K-M\\p{Nd}]", "i")', "true"),
        ('matches("B", "[A-Z-[B]]")', "false"),
        ('matches("a", "\\b")', "null"),
        ('matches("é", "^\\w$")', "true"),
    ],
    "max": [("max(1, 3, 2)", "3"), ('max(["a", "b"])', '"b"'), ("max([])", "null")],
    "mean": [("mean([1, 2])", "1.5"), ("mean([])", "null")],
    "median": [("median(8, 2, 5, 3, 4)", "4"), ("median([6, 1, 2, 3])", "2.5")],
    "meets": [("meets([1..3], [3..5])", "true"), ("meets([1..3), [3..5])", "false")],
    "met by": [("met by([3..5], [1..3])", "true")],
    "min": [("min([1, 3, 2])", "1"), ('min(@"P1D", @"PT1H")', '@"PT1H"')],
    "mode": [("mode([3, 6, 1, 6, 3])", "[3, 6]"), ("mode([])", "[]")],
    "modulo": [("modulo(-12, 5)", "3"), ("modulo(12, -5)", "-3"), ("modulo(1, 0)", "null")],
    "month of year": [('month of year(@"2030-01-31")', '"January"')],
    "not": [("not(true)", "false"), ("not(null)", "null"), ("not(1)", "null")],
    "now": [("now()", '@"2030-01-31T10:00:00Z"')],
    "number": [
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("1,0", ",", ",")', "null"),
        ('number("x")', "null"),
    ],
    "odd": [("odd(-1)", "true"), ("odd(2)", "false"), ("odd(1e6144)", "false")],
    "overlaps": [("overlaps([1..3], [3..5])", "true"), ("overlaps([1..3), [3..5])", "false")],
    "overlaps after": [
        ("overlaps after([3..5], [1..4])", "true"),
        ("overlaps after([1..4], [3..5])", "false"),
    ],
    "overlaps before": [
        ("overlaps before([1..4], [3..5])", "true"),
        ("overlaps before([1..3), [3..5])", "false"),
    ],
    "partition": [("partition([1, 2, 3], 2)", "[[1, 2], [3]]")],
    "product": [("product([2, 3, 4])", "24"), ("product([])", "null")],
    "range": [
        ('range("[1..3)")', "[1..3)"),
        ('range("[3..1]")', "null"),
        ('range("[a..b]")', "null"),
        ('range("[date(\\"2030-01-01\\")..@\\"2030-01-02\\"]").end', '@"2030-01-02"'),
    ],
    "remove": [("remove([1, 2, 3], 2)", "[1, 3]"), ("remove([1], 2)", "null")],
    "replace": [
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
        ('replace("a.b", ".", "$0", "q")', '"a$0b"'),
        ('replace("a", "a", "\\\\$1")', '"$1"'),
        ('replace("a", "b*", "c")', "null"),
        ('replace("a", "a", "$")', "null"),
    ],
    "reverse": [("reverse([1, 2])", "[2, 1]")],
    "round down": [("round down(-1.126, 2)", "-1.12"), ("round down(5.5, null)", "null")],
    "round half down": [("round half down(5.5, 0)", "5"), ("round half down(5.51, 0)", "6")],
    "round half up": [("round half up(5.5, 0)", "6"), ("round half up(-5.5, 0)", "-6")],
    "round up": [("round up(1.121, 2)", "1.13"), ("round up(-5.1, 0)", "-6")],
    "sort": [
        ("sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]"),
        ("sort(precedes: function(x, y) x > y, list: [1, 2])", "[2, 1]"),
    ],
    "split": [
        ('split("a;b;;", ";")', '["a", "b", "", ""]'),
        ('split("John Doe", "\\s")', '["John", "Doe"]'),
    ],
    "sqrt": [("sqrt(4)", "2"), ("sqrt(-1)", "null")],
    "started by": [("started by([1..3], 1)", "true"), ("started by([1..3], [1..2])", "true")],
    "starts": [
        ("starts(1, [1..3])", "true"),
        ("starts(1, (1..3])", "false"),
        ("starts([1..2], [1..3])", "true"),
    ],
    "starts with": [('starts with("abc", "ab")', "true")],
    "stddev": [("decimal(stddev(2, 4, 7, 5), 6)", "2.081666"), ("stddev([1])", "null")],
    "string": [
        ("string(1.50)", '"1.5"'),
        ("string(null)", "null"),
        ('string([1, "a", {b: @"P1D"}])', '"[1, \\"a\\", {b: P1D}]"'),
    ],
    "string join": [
        ('string join(["a", null, "b"], "-")', '"a-b"'),
        ('string join(["a", 1])', "null"),
    ],
    "string length": [('string length("🐎")', "1")],
    "sublist": [
        ("sublist([1, 2, 3], 2)", "[2, 3]"),
        ("sublist([1, 2, 3], -2, 1)", "[2]"),
        ("sublist([1], 2)", "null"),
    ],
    "substring": [
        ('substring("release", -3)', '"ase"'),
        ('substring("foobar", 3, 3.8)', '"oba"'),
        ('substring("a", 0)', "null"),
    ],
    "substring after": [('substring after("a/b/c", "/")', '"b/c"')],
    "substring before": [('substring before("a/b/c", "/")', '"a"')],
    "sum": [("sum([1, 2])", "3"), ("sum([])", "null")],
    "time": [
        ('time("10:00:00Z").hour', "10"),
        ('time(10, 0, 1.5, @"PT1H")', '@"10:00:01.5+01:00"'),
        ("time(24, 0, 0)", "null"),
    ],
    "to base64": [('to base64("FEEL")', '"RkVFTA=="')],
    "today": [("today()", '@"2030-01-31"')],
    "trim": [('trim("  a ")', '"a"')],
    "union": [("union([1, 2], [2, 3])", "[1, 2, 3]")],
    "upper case": [('upper case("aé")', '"AÉ"')],
    "week of year": [('week of year(@"2003-12-29")', "1"), ('week of year(@"2010-01-01")', "53")],
    "years and months duration": [
        ('years and months duration(@"2016-01-21", @"2015-01-21")', '@"-P1Y"')
    ],
}


def test_every_built_in_is_tried() -> None:
    assert CASES.keys() == FUNCTIONS.keys()


@pytest.mark.parametrize(
    ("text", "same"), [pair for pairs in CASES.values() for pair in pairs], ids=str
)
def test_a_built_in_gives_its_value(text: str, same: str) -> None:
    evaluation = parse(text).evaluate({}, NOW)
    assert evaluation.value == parse(same).evaluate({}, NOW).value
    assert same != "null" or evaluation.warnings or text in SILENT


SILENT = {
    "all(true, null)",
    "any(false, null)",
    'get value({}, "a")',
    "not(null)",
    "string(null)",
}
"""Null is a value of these, not what is left of a mistake."""


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_an_argument_that_nobody_asked_for_is_null_and_a_warning(name: str) -> None:
    evaluation = parse(f"{name}(what is this: 1)").evaluate({}, NOW)
    assert evaluation.value is None
    assert evaluation.warnings
