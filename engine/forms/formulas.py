"""What a form computes: expressions in FEEL, texts with expressions in them, and what they read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.expressions import DateTime, Expression, Run, Value, admit, parse
from engine.expressions.writing import written

_HOLE: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


class Scope:
    """What the expressions of one form read, within one budget for all of them.

    `data` are the run's variables under what was filled in so far. In a row of a list, `this` is
    the row, `parent` what is around it, and `i` the numbers of the rows, from 1.
    """

    def __init__(self, data: dict[str, Any], now: DateTime | None = None) -> None:
        self.data = data
        self._run = Run(now=now)
        self._here: Mapping[str, Any] = {"this": data, "parent": None, "i": []}

    def row(self, values: Mapping[str, Any], number: int) -> Scope:
        """Return the scope inside a row of a list; it spends from the same budget."""
        inner = Scope.__new__(Scope)
        inner.data, inner._run = self.data, self._run
        inner._here = {
            "this": values,
            "parent": self._here["this"],
            "i": [*self._here["i"], number],
        }
        return inner

    def value(self, expression: Expression) -> Value:
        """Return what an expression gives here.

        Raises:
            FeelBudgetExceeded: the form's expressions would cost more than they may together.
        """
        seen = {**self._here, **self.data}
        read = {name: admit(seen[name]) for name in expression.names if name in seen}
        return expression.value(self._run, read)


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression that stands where a form may have a fixed value."""

    expression: Expression

    @classmethod
    def read(cls, text: str) -> Formula:
        """Return the formula of a text, which may begin with `=`.

        Raises:
            FeelSyntaxError: it is no FEEL.
        """
        return cls(parse(text.strip().removeprefix("=")))

    @property
    def names(self) -> frozenset[str]:
        """Return the variables it reads."""
        return self.expression.names

    def value(self, scope: Scope) -> Value:
        """Return what it gives."""
        return scope.value(self.expression)

    def holds(self, scope: Scope) -> bool:
        """Tell whether it gives true."""
        return scope.value(self.expression) is True


@dataclass(frozen=True, slots=True)
class Prose:
    """A text for people, with what is computed in between: `Hello {{name}}`, or `= expression`."""

    pieces: tuple[str | Formula, ...] = ()

    @classmethod
    def read(cls, text: str) -> Prose:
        """Return the prose of a text.

        Raises:
            FeelSyntaxError: what is to be computed is no FEEL.
        """
        text = text.strip()
        if text.startswith("="):
            return cls((Formula.read(text),))
        return cls(tuple(_pieces(text)))

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Return what is computed in it."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Formula))

    @property
    def written(self) -> str:
        """Return the text as it stands in the file, for a reader without values."""
        return "".join(
            piece if isinstance(piece, str) else f"{{{{{piece.expression.text}}}}}"
            for piece in self.pieces
        )

    def text(self, scope: Scope) -> str:
        """Return the text; what has no value is left out."""
        return "".join(
            piece if isinstance(piece, str) else as_text(piece.value(scope))
            for piece in self.pieces
        )


def _pieces(text: str) -> Iterator[str | Formula]:
    # Every second part is what stands in braces.
    for index, part in enumerate(_HOLE.split(text)):
        if index % 2:
            yield Formula.read(part)
        elif part:
            yield part


def as_text(value: object) -> str:
    """Return a value as one line: as an HTML form sends it, and as a text shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | tuple):
        return ", ".join(map(as_text, value))
    return value if isinstance(value, str) else written(Run(), admit(value))
