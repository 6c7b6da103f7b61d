"""Trying an expression on sample values: what it comes to, or what is wrong, and where. Pure.

For whoever writes one: the budget is a fifth of a run's, and the answer is cut to what is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.expressions.budget import MAX_STEPS, Run
from engine.expressions.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.expressions.expression import Expression, parse
from engine.expressions.moments import DateTime
from engine.expressions.values import admit, kind_of
from engine.expressions.writing import written

BUDGET: Final = MAX_STEPS // 5
_SHOWN: Final = 2_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an expression; `line` and `column` from 1, 0 where it has no place."""

    sentence: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What an expression came to. `value` is FEEL text, None where a mistake kept it from one.

    `unknown` are the names it reads that the sample lacks, `doubts` what in it can be seen to be
    null beforehand, `warnings` what had no meaning on the way and became null.
    """

    mistake: Mistake | None = None
    value: str | None = None
    kind: str = ""
    unknown: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def attempt(text: str, sample: Mapping[str, Any], now: DateTime | None = None) -> Trial:
    """Return what an expression comes to with these variables; never raises for its text."""
    try:
        expression = parse(text, tuple(sample))
    except FeelSyntaxError as error:
        return Trial(Mistake(str(error), error.line, error.column))
    unknown = tuple(sorted(expression.names - sample.keys()))
    run = Run(now=now, limit=BUDGET)
    try:
        value, kind = _evaluated(expression, run, sample)
    except FeelBudgetExceeded as error:
        return Trial(Mistake(str(error)), unknown=unknown, doubts=expression.doubts)
    return Trial(None, value, kind, unknown, expression.doubts, tuple(run.warnings))


def _evaluated(expression: Expression, run: Run, sample: Mapping[str, Any]) -> tuple[str, str]:
    read = {name: admit(sample[name]) for name in expression.names if name in sample}
    value = expression.value(run, read)
    text = written(run, value)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return shown, kind_of(value)
