"""FEEL texts of a model that are read once and evaluated as often as a token comes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.expressions import Expression, Run, parse
from engine.semantics.variables import asks_time, plain


@dataclass(frozen=True, slots=True)
class Formula:
    """A text as `variables.evaluate` takes it, compiled; `asks_time` says that it reads the time.

    It gives no warnings: whoever needs one evaluates the text the ordinary way.
    """

    text: str
    expression: Expression
    asks_time: bool

    @classmethod
    def of(cls, text: str) -> Formula:
        """Read a text; a leading `=` is optional.

        Raises:
            FeelSyntaxError: The text is no FEEL.
        """
        return cls(text, parse(text.removeprefix("=")), asks_time(text))

    @property
    def reads_nothing(self) -> bool:
        """Return whether it gives the same value every time."""
        return not self.expression.names and not self.asks_time

    def value(self, run: Run, seen: Mapping[str, Any]) -> Any:
        """Return the value as JSON can say it; `run` is begun anew, with its own whole budget.

        Raises:
            FeelBudgetExceeded: It would cost more than one evaluation may.
            ValueUnusable: It has no form that can be kept.
        """
        return plain(self.expression.answer(run, seen), self.text)

    def holds(self, run: Run, seen: Mapping[str, Any]) -> bool | None:
        """Return whether a condition holds; None where it is neither true nor false.

        Raises:
            FeelBudgetExceeded: It would cost more than one evaluation may.
        """
        answer = self.expression.answer(run, seen)
        return answer if isinstance(answer, bool) else None
