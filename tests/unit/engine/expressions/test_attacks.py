"""Expressions written to hurt: each ends soon, within the budget or refused, and touches nothing.

A case passes when it gives a value or a declared error within two seconds of processor time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from decimal import Context, getcontext, setcontext
from pathlib import Path
from typing import Any

import pytest

from engine.expressions import (
    FeelBudgetExceeded,
    FeelSyntaxError,
    Function,
    Run,
    parse,
    parse_unary_tests,
)
from engine.expressions.lattice import ANY, ListType
from engine.expressions.types import conforms, converted
from tests.support.shared import SHARED

VISIBLE = SHARED / "security" / "cases.json"
SOON = 2.0


def soon(act: Callable[[], Any]) -> object:
    """Return what comes of it, or the declared error; fail on any other, or when it takes long."""
    began = time.process_time()
    try:
        return act()
    except (FeelBudgetExceeded, FeelSyntaxError) as error:
        return type(error)
    finally:
        assert time.process_time() - began < SOON


def doubled(times: int) -> str:
    """Return entries of a context of which each holds the one before twice."""
    return "x0: [1], " + ", ".join(f"x{at + 1}: [x{at}, x{at}]" for at in range(times))


STOPPED = {
    "a function that calls itself for ever": "{f: function(n) f(n + 1), r: f(0)}.r",
    "a function that is given itself": "(function(f) f(f))(function(f) f(f))",
    "two functions that call each other": "{f: function(n) g(n), g: function(n) f(n), r: f(0)}.r",
    "a filter that calls itself": "{f: function(n) [n][f(n)], r: f(0)}.r",
    "a comparator that sorts": "{f: function(a, b) sort([b, a], f) = a, r: sort([2, 1], f)}.r",
    "exponent": "10 ** 9999999999999",
    "a range backwards through all days": (
        'for x in (@"2024-02-29"..@"-999999999-01-01") return x'
    ),
    "equality of shared parts": "{" + doubled(40) + ", y: x40 = [x39, [x38, x38]]}.y",
    "equality of shared parts inside of ranges": (
        "{" + doubled(40) + ", " + doubled(40).replace("x", "z") + ", y: (= x40) = (= z40)}.y"
    ),
    "identity of shared parts": (
        "{" + doubled(40) + ", " + doubled(40).replace("x", "z") + ", y: is(x40, z40)}.y"
    ),
    "text of shared parts": "{" + doubled(40) + ", y: string(x40)}.y",
    "a type as deep as the value is wide": (
        "{" + doubled(40) + ", y: x40 instance of " + "list<" * 41 + "number" + ">" * 41 + "}.y"
    ),
    "flattening shared parts": "{" + doubled(40) + ", y: flatten(x40)}.y",
    "a pattern that is as large as its memory": 'matches(long, "(a?){500}(a?){500}b")',
    "patterns each too large": (r'for i in 1..90000 return matches("x", string(i) + "\w{900}")'),
    "patterns each as large as they may be": (
        r'for i in 1..90000 return matches("x", string(i) + "\w{50}")'
    ),
    "more patterns than are kept, in turns": (
        r'for i in 1..90000 return matches("x", string(modulo(i, 70)) + "\w{5}")'
    ),
    "evenness of numbers of thousands of digits": "for i in 1..90000 return odd(1e6144)",
    "matches that each look at all that is left": 'replace(long, "a.*b|a", "x")',
    "splitting into single letters": 'split(long, "")',
    "a replacement that grows": f'replace(long, "a", "{"x" * 1_000}")',
    "a long list looked through in a loop": "for i in 1..50000 return list contains(xs, 0)",
    "places in a long list looked for in a loop": "count(for i in 1..50000 return index of(xs, 0))",
    "a list that holds what came before": "for i in 1..100000 return [partial]",
    "a value that gets deeper with each turn": "for i in 1..5000 return [partial[-1]]",
    "loops within loops": "for a in xs, b in xs, c in xs return 1",
    "loops nested by functions": (
        "{f: function(n) if n = 0 then 1 else sum(for i in 1..10 return f(n - 1)), r: f(9)}.r"
    ),
    "a comparator that never decides": "sort(xs, function(a, b) true)",
    "duplicates of lists": "duplicate values(for x in xs return [x])",
}


@pytest.mark.parametrize("text", STOPPED.values(), ids=STOPPED.keys())
def test_work_without_end_is_stopped(text: str) -> None:
    variables = {"long": "a" * 200_000, "xs": list(range(50_000))}
    assert soon(lambda: parse(text).evaluate(variables)) is FeelBudgetExceeded


NULL = {
    "attribute walk": "x.__class__.__bases__",
    "attribute of a function": "abs.__globals__",
    "attribute of a range": "[1..2].low",
    "attribute of a date": 'date("2030-01-01").number',
    "format string": 'matches("a", "{0.__class__}")',
    "import": '__import__("os").system("id")',
    "a zone that is a path": 'time("10:00:00@../../etc/passwd")',
    "a zone that is the machine's own": 'time("10:00:00@localtime")',
    "a zone that counts leap seconds": 'date and time("2030-01-31T10:00:00@right/UTC")',
    "a class that names a script": 'matches("a", "[[:alpha:]]")',
    "an inline flag": 'matches("a", "(?i)A")',
    "half of a character": 'matches(half, "a")',
    "half of a character in a pattern": 'matches("a", half)',
}


@pytest.mark.parametrize("text", NULL.values(), ids=NULL.keys())
def test_nothing_of_python_is_reached(text: str) -> None:
    evaluation = parse(text).evaluate({"x": 1, "half": "\ud800"})
    assert evaluation.value is None
    assert evaluation.warnings


REFUSED = {
    "filters": "x" + "[x" * 5_000,
    "calls": "f(" * 5_000,
    "functions": "function(a) " * 5_000 + "a",
    "conditions": "if true then " * 5_000 + "1",
    "loops": "for x in y return " * 5_000 + "x",
    "types": "x instance of " + "context<a: " * 5_000,
    "function types": "x instance of " + "function<" * 5_000,
    "ranges": "[1.." * 5_000,
    "minus signs": "-" * 60_000 + "1",
    "tests": "x in (" * 5_000,
    "length": "1 + " * 100_000 + "1",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_nesting_without_end_is_refused(text: str) -> None:
    assert soon(lambda: parse(text)) is FeelSyntaxError
    assert soon(lambda: parse_unary_tests("not(" + text)) is FeelSyntaxError


def many_names() -> str:
    keys = ", ".join(f'"a {"b " * (at % 40)}{at}": 1' for at in range(1_500))
    return "{" + keys + ", r: [" + ", ".join(["a"] * 5_000) + "]}"


@pytest.mark.parametrize(
    "text",
    [
        many_names(),
        "{" + ", ".join(f"k{at}: {{}}" for at in range(6_000)) + "}",
        "a" + "+a" * 30_000,
        "a b " * 10_000,
        "[" + "for x in [] return x, " * 2_500 + "1]",
        '"' + "\\u0041" * 10_000 + '"',
        " or ".join(["x in (1, 2)"] * 4_000),
    ],
    ids=["names", "contexts", "operators", "words", "loops", "escapes", "tests"],
)
def test_a_long_text_is_read_in_time_that_grows_with_it(text: str) -> None:
    soon(lambda: parse(text).evaluate({}))


def test_deep_nesting_is_told_also_where_the_caller_is_deep() -> None:
    def deeper(levels: int) -> object:
        return (
            deeper(levels - 1) if levels else soon(lambda: parse("[" * 90 + "]" * 90).evaluate({}))
        )

    for levels in range(300, 900, 50):
        assert deeper(levels) is not None


def test_a_native_function_gets_the_run_and_may_be_called_by_name() -> None:
    def body(run: Run, arguments: Any) -> Any:
        run.spend(1_000)
        return arguments[0]

    variables = {"rate": Function(("amount",), body, "rate")}
    assert parse("rate(amount: 5)", names=("rate",)).evaluate(variables).value == 5
    assert parse("rate(5, 6)").evaluate(variables).value is None
    looped = parse("for i in 1..1000 return rate(i)")
    assert soon(lambda: looped.evaluate(variables)) is FeelBudgetExceeded


def test_several_expressions_share_one_budget() -> None:
    expression, run = parse("for i in 1..1000 return i"), Run()

    def many() -> None:
        for _ in range(1_000):
            expression.value(run, {})

    assert soon(many) is FeelBudgetExceeded


def test_types_look_at_shared_parts_within_a_budget() -> None:
    value: list[Any] = [1]
    wanted = ListType(ANY)
    for _ in range(40):
        value, wanted = [value, value], ListType(wanted)
    assert soon(lambda: conforms(value, ListType(ListType(wanted)))) in (False, FeelBudgetExceeded)
    assert soon(lambda: converted(value, wanted)) is FeelBudgetExceeded


def test_the_thread_and_its_arithmetic_do_not_matter() -> None:
    text = 'string(1 / 3) + string(sqrt(2)) + string(@"PT1.5S" * 3) + upper case("i")'
    expected = parse(text).evaluate({}).value
    found: list[object] = []

    def another() -> None:
        setcontext(Context(prec=3, Emax=5, Emin=-5))
        assert getcontext().prec == 3
        found.extend(parse(text).evaluate({}).value for _ in range(200))

    threads = [threading.Thread(target=another) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 800


def elsewhere(zone: str, language: str) -> str:
    """Return what a process of another place makes of an expression."""
    text = (
        'string([now(), today(), upper case("i"), @"10:00:00" + @"PT1H", 1.5, '
        'date and time("2021-03-28T02:30:00@Europe/Paris").time offset, sort(["b", "A", "ä"], '
        "function(a, b) a < b)])"
    )
    program = (
        "from engine.expressions import parse; from engine.expressions.temporal import *;"
        "now = parse_date_time('2030-01-31T23:30:00Z');"
        f"print(ascii(parse({text!r}).evaluate({{}}, now).value))"
    )
    place = {"TZ": zone, "LC_ALL": language, "LANG": language, "PATH": os.environ["PATH"]}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        env=place,
        cwd=Path(__file__).parents[4],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_the_place_of_the_process_does_not_matter() -> None:
    assert elsewhere("Asia/Tokyo", "tr_TR.UTF-8") == elsewhere("America/Lima", "C")


def visible() -> list[dict[str, Any]]:
    if not VISIBLE.is_file():
        return []
    cases = json.loads(VISIBLE.read_text())["cases"]
    return [case for case in cases if case["op"] == "expr.eval" and case["input"]["lang"] == "feel"]


@pytest.mark.skipif(not VISIBLE.is_file(), reason=f"there are no cases at {VISIBLE}")
@pytest.mark.parametrize("case", visible(), ids=lambda case: str(case["id"]))
def test_visible_attacks_are_contained(case: dict[str, Any]) -> None:
    given = case["input"]
    got = soon(lambda: parse(given["source"]).evaluate(given["context"]).value)
    if case["expect"] == "value":
        assert got == case["value"]
    else:
        assert got in (None, False, FeelBudgetExceeded, FeelSyntaxError)
