"""Test cases in the form of the TCK file: run, and compared with what they expect.

A case names its `dir` and `id`, the expression `expr`, the inputs `inp` by name and the expected
value `exp`, both as `typed` has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.expressions.errors import FeelBudgetExceeded, FeelSyntaxError, Refusal
from engine.expressions.expression import Evaluation, parse
from engine.expressions.moments import DateTime
from engine.expressions.typed import from_typed, to_typed
from engine.expressions.values import CONTEXT, Value

_CLOSE = Decimal("1e-8")
"""The TCK gives roots and logarithms with some eight digits behind the point."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one case; `raised` tells that no value at all came out."""

    case: Mapping[str, Any]
    evaluation: Evaluation
    passed: bool
    raised: bool = False

    @property
    def expects_null(self) -> bool:
        """Return whether the case wants null."""
        return self.case["exp"] is None

    def as_json(self) -> dict[str, Any]:
        """Return the row of the case in a report."""
        row = {
            "dir": self.case["dir"],
            "id": self.case["id"],
            "passed": self.passed,
            "got": to_typed(self.evaluation.value),
        }
        if self.evaluation.value is None:
            row["warning"] = " ".join(self.evaluation.warnings)
        return row


def is_case(found: object) -> bool:
    """Return whether something read from JSON has all that a case has."""
    return (
        isinstance(found, dict)
        and {"dir", "id", "exp"} <= found.keys()
        and isinstance(found.get("expr"), str)
        and isinstance(found.get("inp"), dict)
    )


def judge(case: Mapping[str, Any], now: DateTime) -> Verdict:
    """Run one case and compare; one whose values cannot be read passes in no case."""
    try:
        inputs = {name: from_typed(value) for name, value in case["inp"].items()}
        expected = from_typed(case["exp"])
    except Refusal as error:
        return Verdict(case, Evaluation(None, (str(error),)), passed=False, raised=True)
    try:
        evaluation = parse(case["expr"], tuple(inputs)).evaluate(inputs, now)
    except (FeelSyntaxError, FeelBudgetExceeded) as error:
        # Text that is no FEEL has no value, which is what the standard calls null.
        failed = Evaluation(None, (str(error),))
        return Verdict(case, failed, passed=case["exp"] is None, raised=case["exp"] is not None)
    return Verdict(case, evaluation, passed=agree(evaluation.value, expected))


def judge_all(cases: Iterable[Mapping[str, Any]], now: DateTime) -> list[Verdict]:
    """Run every case, in order."""
    return [judge(case, now) for case in cases]


def agree(got: Value, expected: Value) -> bool:
    """Return whether two values are one to the TCK: numbers to some eight digits."""
    if isinstance(got, Decimal) and isinstance(expected, Decimal):
        allowed = CONTEXT.multiply(_CLOSE, max(Decimal(1), expected.copy_abs()))
        return CONTEXT.abs(CONTEXT.subtract(got, expected)) <= allowed
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(agree, got, expected))
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(agree(got[key], expected[key]) for key in got)
    return type(got) is type(expected) and got == expected
