"""Fuzzes FEEL: whatever text comes, it is an expression or refused as one, in bounded time.

Half of the texts grow from the grammar, half are damaged: expressions that were cut, spliced and
strewn with odd characters. Each is read as an expression and as unary tests, and what can be read
is evaluated. One seed always gives the same texts.
"""

from __future__ import annotations

import random  # noqa: TID251  (seeded: the same texts every time)
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from engine.expressions import FeelBudgetExceeded, FeelSyntaxError, parse, parse_unary_tests
from engine.expressions.functions import FUNCTIONS
from tests.support import feel_cases

LONGEST = 2.0
"""Seconds of processor time that one text may take, reading and evaluating together."""
_HANGS = 30.0
_GROWS = 512 * 1024
"""KiB by which the process may grow in all."""

_ATOMS = (
    *("null", "true", "false", "0", "1", "-1", "2.5", "1e9", "9" * 40, "0.1", ".5", "1E-6000"),
    *('""', '"a"', '"ä😀"', '"\\n"', '"(a+)+b"', '@"2024-02-29"', '@"PT1H"', '@"P1Y2M"'),
    *('@"10:00:00Z"', '@"2024-02-29T10:00:00@Europe/Paris"', '@"-999999999-01-01"', '@"nonsense"'),
    *("x", "y", "z", "item", "partial", "?", "x.a", "y[1]", "z.b.c"),
)
_BINARY = (
    *("+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", ".", ".."),
)
_TYPES = ("number", "string", "list<number>", "context<a: number>", "Any", "range<date>")
_PIECES = (
    *_ATOMS,
    *_BINARY,
    *"()[]{},:?@\"\\'#~^%&;\0\t\n",
    *("if", "then", "else", "for", "return", "some", "every", "satisfies", "between", "not"),
    *("instance of", "function", "//", "/*", "*/", "external", *_TYPES, *FUNCTIONS),
    *("\u202e", "\ud800", "\u2028", "\xa0", "é", "𝒳", "０", "\u0301"),
)
_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**40, 0.5, float("inf"), float("nan"), "", "text", "a" * 5_000),
    *([], [1, None, "a"], [[1, [2]]] * 50, {}, {"a": 1, "b": {"c": [1, 2]}}, object(), b"bytes"),
)


@dataclass
class Tally:
    """What a run of the fuzzer came to."""

    texts: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_text: str = ""
    grown: int = 0

    def note(self, seconds: float, text: str) -> None:
        self.texts += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_text = seconds, text


def fuzz(seconds: float, seed: int) -> Tally:
    """Try texts for so long.

    Raises:
        AssertionError: one of them raised something undeclared, or took too long; it is named.
    """
    writer = _writer(seed)
    tally = Tally()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        text = writer.text()
        began = time.process_time()
        _try(text, writer.variables(), tally)
        spent = time.process_time() - began
        assert spent < LONGEST, f"{spent:.1f} s for {text!r}"
        tally.note(spent, text)
    tally.grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert tally.grown < _GROWS, f"grown by {tally.grown} KiB"
    return tally


def some_texts(count: int, seed: int) -> list[str]:
    """Return the first texts of a seed."""
    writer = _writer(seed)
    return [writer.text() for _ in range(count)]


def _try(text: str, variables: dict[str, Any], tally: Tally) -> None:
    with _named(text, variables), _hangs_not():
        try:
            expression = parse(text)
        except FeelSyntaxError:
            tally.ends["refused"] += 1
        else:
            tally.ends[_end(lambda: expression.evaluate(variables))] += 1
        with suppress(FeelSyntaxError):
            tests = parse_unary_tests(text)
            tally.ends[f"tests {_end(lambda: tests.holds(variables['x'], variables))}"] += 1


def _end(evaluate: Callable[[], Any]) -> str:
    try:
        found = evaluate()
    except FeelBudgetExceeded:
        return "over budget"
    return "null" if found.value is None else "value"


@contextmanager
def _named(text: str, variables: dict[str, Any]) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} for {text!r} with {variables!r}") from error


@contextmanager
def _hangs_not() -> Iterator[None]:
    """Interrupt what never comes back, so that it can be named."""

    def interrupt(_number: int, _frame: Any) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, _HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _Writer:
    """Writes texts: the same ones for the same chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._seeds = feel_cases.texts()

    def variables(self) -> dict[str, Any]:
        return {name: self._chance.choice(_VALUES) for name in ("x", "y", "z")}

    def text(self) -> str:
        kind = self._chance.random()
        if kind < 0.5:
            return self._grown(self._chance.randint(0, 6))
        if kind < 0.9:
            seed = self._chance.choice(self._seeds)
            return self._damaged(seed if self._chance.random() < 0.7 else self._grown(4))
        if kind < 0.97:
            pieces = self._chance.choices(_PIECES, k=self._chance.randint(0, 40))
            return self._chance.choice(("", " ")).join(pieces)
        noise = self._chance.randbytes(self._chance.randint(0, 200))
        return noise.decode(self._chance.choice(("latin-1", "utf-8", "utf-16-le")), "replace")

    def _grown(self, depth: int) -> str:
        """Return an expression of the grammar, at most so deep."""
        if depth <= 0:
            return self._chance.choice(_ATOMS)
        return self._chance.choice(_RULES)(self, depth - 1)

    def _several(self, depth: int) -> str:
        return ", ".join(self._grown(depth) for _ in range(self._chance.randint(0, 3)))

    def _call(self, depth: int) -> str:
        return f"{self._chance.choice(tuple(FUNCTIONS))}({self._several(depth)})"

    def _joined(self, depth: int) -> str:
        sign = self._chance.choice(_BINARY)
        return f"{self._grown(depth)} {sign} {self._grown(depth)}"

    def _loop(self, depth: int) -> str:
        start = self._chance.choice(("for x in {}, y in {} return {}", "some x in {} satisfies {}"))
        return start.format(*(self._grown(depth) for _ in range(3)))

    def _range(self, depth: int) -> str:
        opened, closed = self._chance.choice("[(]"), self._chance.choice("])[")
        return f"{opened}{self._grown(depth)}..{self._grown(depth)}{closed}"

    def _typed(self, depth: int) -> str:
        return f"{self._grown(depth)} instance of {self._chance.choice(_TYPES)}"

    def _fixed(self, depth: int) -> str:
        """Return one of the forms that only have holes."""
        form = self._chance.choice(_FORMS)
        return form.format(*(self._grown(depth) for _ in range(form.count("{}"))))

    def _listed(self, depth: int) -> str:
        return f"[{self._several(depth)}]"

    def _damaged(self, text: str) -> str:
        for _ in range(self._chance.randint(1, 5)):
            at = self._chance.randint(0, len(text))
            to = min(len(text), at + self._chance.randint(0, 8))
            filling = self._chance.choice(
                ("", text[at:to] * self._chance.randint(1, 50), self._chance.choice(_PIECES))
            )
            text = text[:at] + filling + text[to:]
        return text[:5_000]


def _writer(seed: int) -> _Writer:
    return _Writer(random.Random(seed))  # noqa: S311  (nothing here is a secret)


_FORMS = (
    *("({})", "-({})", "not({})", "{{a: {}, b: a}}.b", "({})[{}]", "[{}][item > {}]", "{}.a"),
    *("if {} then {} else {}", "{} between {} and {}", "every x in {} satisfies {}", "< {}"),
    *("function(x, y) {}", "(function(x) {})({})", "for i in 1..{} return partial", "{{{}: 1}}"),
    *("{} in ({}, < {}, [{}..{}])", "sort({}, function(a, b) {})", "- , {}", "not({}, > {})"),
)
_RULES: tuple[Callable[[_Writer, int], str], ...] = (
    _Writer._call,
    _Writer._joined,
    _Writer._loop,
    _Writer._range,
    _Writer._typed,
    _Writer._fixed,
    _Writer._fixed,
    _Writer._listed,
)
