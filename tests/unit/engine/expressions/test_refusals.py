"""Text that is no FEEL is refused with its place; work that is too much is stopped."""

from __future__ import annotations

import time

import pytest

from engine.expressions import FeelBudgetExceeded, FeelSyntaxError, parse


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Line 1, column 1: found the end of the expression, where a value, a name or `(`"),
        ("1 +", "Line 1, column 4: found the end of the expression"),
        ("1 +\n  * 2", "Line 2, column 3: found `*`"),
        ("a = b = c", "Line 1, column 7: found `=`, where an operator of another kind"),
        ("if a then b", "Line 1, column 12: found the end of the expression, where `else`"),
        ('"abc', "Line 1, column 1: found a string that never ends"),
        ("1 # 2", "Line 1, column 3: found `#`"),
        ("{a: 1, a: 2}", "a key that the context does not have yet"),
        ("{a: 1,}", "Line 1, column 7: found `}`, where a key was expected"),
        ("{a: 1 b: 2}", "where `,` or `}` was expected"),
        ("x instance of 1", "where a type was expected"),
        ("__import__('os').system('id')", "Line 1"),
        ("1e999999", "where a number that is not so large"),
    ],
)
def test_a_syntax_error_says_where_and_what_was_expected(text: str, sentence: str) -> None:
    with pytest.raises(FeelSyntaxError) as raised:
        parse(text)
    assert sentence in raised.value.sentence


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("frobnicate(1)", "There is no function named `frobnicate`."),
        ('__import__("os").system("id")', "There is no function named `__import__`."),
        ("count()", "There should be at least 1 argument for `count`, not 0."),
        ("contains(1)", "There should be 2 arguments for `contains`, not 1."),
        (
            "contains(text: 1)",
            "There should be arguments for `contains` named (string, match).",
        ),
        ('@"2030-13-01"', "there is no such day in the calendar."),
    ],
)
def test_what_can_only_be_null_is_told_before_it_runs(text: str, doubt: str) -> None:
    expression = parse(text)
    assert expression.doubts == (doubt,)
    evaluation = expression.evaluate({})
    assert evaluation.value is None
    assert evaluation.warnings


def test_a_function_among_the_names_in_scope_leaves_no_doubt() -> None:
    assert parse("rate(1)", names=("rate",)).doubts == ()
    assert parse("{f: function(a) a, b: f(1)}").doubts == ()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "[" * 5_000,
        "{a:" * 5_000,
        "-" * 5_000 + "1",
        "if " * 5_000,
        "not(" * 5_000,
        "x[" * 5_000,
        "x instance of " + "list<" * 5_000,
    ],
    ids=lambda text: text[:6],
)
def test_deep_nesting_is_refused_and_never_a_recursion_error(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        parse(text)


def test_nesting_up_to_the_limit_is_read_and_evaluated() -> None:
    assert parse("(" * 98 + "1" + ")" * 98).evaluate({}).value == 1
    assert parse("[" * 98 + "]" * 98).evaluate({}).warnings == ()


@pytest.mark.parametrize("operator", [" + ", " and ", " = 1 and ", ".a", "[1]", " * ", " or "])
def test_long_chains_are_flat(operator: str) -> None:
    text = operator.join(["x"] * 3_000) if operator[0] == " " else "x" + operator * 3_000
    parse(text).evaluate({"x": True})


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for a in 1..1000, b in 1..1000 return a",
        "some a in 1..1000000000 satisfies a < 0",
        "count(for i in 1..90000 return string(i))",
        "{a: [1, 1], "
        + ", ".join(
            f"{c}: [{p}, {p}]"
            for p, c in zip("abcdefghijklmnopqrstuvwx", "bcdefghijklmnopqrstuvwxy", strict=True)
        )
        + "}",
        "{a: 1, " + ", ".join(f"x{i + 1}: [x{i}]" for i in range(200)).replace("x0]", "a]") + "}",
        'string join(for i in 1..9000 return "0123456789", "' + "x" * 1_000 + '")',
        '{s: string join(for i in 1..1000 return "0123456789"), t: for i in 1..9000 return s+s}',
        "2 ** 9999999999",
        "union(xs, xs, xs)",
    ],
    ids=range(10),
)
def test_an_expression_that_would_cost_too_much_is_stopped_soon(text: str) -> None:
    began = time.process_time()
    with pytest.raises(FeelBudgetExceeded):
        parse(text).evaluate({"xs": list(range(60_000))})
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", ["__class__", "keys", "items", "real", "append", "__dict__"])
def test_no_attribute_of_python_is_within_reach(name: str) -> None:
    values: list[object] = [{}, 1, "text", True, [1]]
    for value in values:
        result = parse(f"x.{name}").evaluate({"x": value}).value
        assert result in (None, [None])


def test_text_of_a_value_is_never_evaluated() -> None:
    hostile = '1 + 1 || __import__("os") {{ 7 * 7 }} ${x}'
    assert parse("x").evaluate({"x": hostile}).value == hostile


def test_a_foreign_object_among_the_variables_is_null() -> None:
    assert parse("x").evaluate({"x": object()}).value is None


def test_a_pattern_that_would_backtrack_for_ever_does_not() -> None:
    began = time.process_time()
    parse('matches(x, "(a+)+$")').evaluate({"x": "a" * 50_000 + "!"})
    assert time.process_time() - began < 1


def test_a_warning_quotes_nothing_that_a_database_cannot_keep() -> None:
    (warning,) = parse("date(x)").evaluate({"x": "a\x00b"}).warnings
    assert '"a\ufffdb"' in warning
