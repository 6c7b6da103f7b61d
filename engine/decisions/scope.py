"""What the logic of a decision sees while it runs, and what it leaves behind for the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.expressions import Expression, Run, Value


@dataclass(frozen=True, slots=True)
class Match:
    """A rule of a decision table that matched, and what its cells gave.

    `rule` counts from 1; `outputs` and `annotations` are in the order of the columns. `table` is
    the id of the table, or the name of what it stands in.
    """

    table: str
    rule: int
    outputs: tuple[Value, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that can be read at one place, and the evaluation they are read in."""

    run: Run
    names: Mapping[str, Value]
    matches: list[Match] = field(default_factory=list)

    def within(self, names: Mapping[str, Value]) -> Scope:
        """Return a scope with more names inside this one."""
        return Scope(self.run, {**self.names, **names}, self.matches)


Logic: TypeAlias = Callable[[Scope], Value]
"""An expression, compiled once."""


def nothing(_scope: Scope) -> Value:
    """Return null: what an expression that was left out evaluates to."""
    return None


def reading(expression: Expression | None) -> Logic:
    """Return the logic of a FEEL expression; null for one that could not be read."""
    if expression is None:
        return nothing
    return lambda scope: expression.value(scope.run, scope.names)


def among(expression: Expression, run: Run, **names: Value) -> Value:
    """Return the value of an expression of ours over these names."""
    return expression.value(run, names)
