"""Expression: text read once, evaluated often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from engine.expressions.budget import Run, weigh
from engine.expressions.evaluator import Compiled, bound, compiled
from engine.expressions.names import names_read
from engine.expressions.parser import parse_tree
from engine.expressions.values import Value

_CACHED_TEXT = 2_048


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out: a value, and what had no meaning on the way and became null."""

    value: Value
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression. `names` are the variables it reads."""

    text: str
    names: frozenset[str]
    _compiled: Compiled = field(repr=False, compare=False)

    def evaluate(self, variables: Mapping[str, object]) -> Evaluation:
        """Return the value for these variables; the same ones always give the same value.

        Whole numbers and floats in the variables are taken as decimals.

        Raises:
            FeelBudgetExceeded: when the evaluation would cost more than one may.
        """
        run = Run([])
        value = self._compiled(bound(run, variables, self.names))
        weigh(value)
        return Evaluation(value, tuple(run.warnings))


def parse(text: str) -> Expression:
    """Return the expression of a FEEL text.

    Raises:
        FeelSyntaxError: when the text is no FEEL, with the place and what was expected there.
    """
    # Models are small and few, and their conditions are evaluated again and again.
    return _cached(text) if len(text) <= _CACHED_TEXT else _parse(text)


def _parse(text: str) -> Expression:
    tree = parse_tree(text)
    return Expression(text, names_read(tree), compiled(tree))


_cached = lru_cache(maxsize=4_096)(_parse)
