"""The FEEL of one node, read; what cannot be read becomes a problem of that node."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from common.phrases import Phrase
from engine.decisions.elements import DrgElement, Text
from engine.decisions.problems import DecisionProblem, problem
from engine.expressions import (
    Expression,
    FeelSyntaxError,
    UnaryTests,
    parse,
    parse_unary_tests,
)
from engine.expressions.lattice import Type


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in a decision table: its row and column, counted from 1, and the column's heading."""

    row: int
    column: int
    heading: str


class Texts:
    """Reads FEEL with the names and types of the model.

    `keys` are names that come up in values only (components, entries, columns): FEEL has to know
    those with operators in them.
    """

    def __init__(
        self,
        node: DrgElement,
        keys: Collection[str],
        types: Mapping[str, Type],
        problems: list[DecisionProblem],
    ) -> None:
        self.node = node
        self._keys = frozenset(keys)
        self._types = types
        self._problems = problems

    def tell(self, code: str, element: str | None = None, **fields: Any) -> None:
        """Add a problem of the node."""
        node = self.node
        self._problems.append(problem(code, element or node.id, node.name, node=node.id, **fields))

    def expression(
        self, text: Text | None, names: Collection[str], where: Phrase | Cell
    ) -> Expression | None:
        """Return the expression of a text, None when there is none or it cannot be read."""
        if text is None or text.text in {"", "-"}:
            return None
        try:
            return parse(text.text, self._keys | set(names), self._types)
        except FeelSyntaxError as error:
            self._unreadable(error, text, where)
        return None

    def tests(
        self, text: Text | None, names: Collection[str], where: Phrase | Cell
    ) -> UnaryTests | None:
        """Return the tests of a cell or of a list of values, None when every value passes."""
        if text is None or text.text in {"", "-"}:
            return None
        try:
            return parse_unary_tests(text.text, self._keys | set(names), self._types)
        except FeelSyntaxError as error:
            self._unreadable(error, text, where)
        return None

    def _unreadable(self, error: FeelSyntaxError, text: Text, where: Phrase | Cell) -> None:
        if isinstance(where, Cell):
            place = asdict(where)
            self.tell("cell_unreadable", text.id, sentence=error.sentence, **place)
        else:
            self.tell("feel_unreadable", text.id, what=where, sentence=error.sentence)
