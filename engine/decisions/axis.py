"""The values of one column, cut where its cells begin and end, so that cells become sets.

Every cell of the column holds for all values of a piece or for none, so two cells are compared by
comparing sets of pieces. A set is a whole number with one bit per piece.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Final, TypeAlias

from engine.decisions.constants import constant
from engine.expressions import Date, Range, Run, UnaryTests, Value
from engine.expressions.errors import Refusal
from engine.expressions.operators import less
from engine.expressions.values import kind_of
from engine.expressions.writing import written

Pieces: TypeAlias = int
"""A set of pieces of an axis."""


@dataclass(frozen=True, slots=True)
class SimpleTests:
    """The tests of a cell, each a sign and a constant; `negated` when they stand in `not(…)`."""

    tests: tuple[tuple[str, Value], ...]
    negated: bool = False

    def constants(self) -> Iterator[Value]:
        """Yield every constant that is compared with."""
        for _, value in self.tests:
            for one in value if isinstance(value, list) else [value]:
                yield from (one.low, one.high) if isinstance(one, Range) else (one,)

    @property
    def ordering(self) -> bool:
        """Whether a test asks for more than equality."""
        return any(
            sign not in {"in", "=", "!="} or isinstance(one, Range)
            for sign, value in self.tests
            for one in (value if isinstance(value, list) else [value])
        )


def simple(tests: UnaryTests) -> SimpleTests:
    """Return the tests of a cell as signs and constants.

    Raises:
        Refusal: when a test reads a name or `?`, or compares with a context.
    """
    found = tuple((test.operator, constant(test.operand)) for test in tests.tree.tests)
    if any(isinstance(value, dict) for _, value in found):
        raise Refusal("contexts have no order")
    return SimpleTests(found, tests.tree.negated)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A single value (`low` and `high` are the same), or all values between two that are none.

    A missing end of what lies between leaves that side open; `other` are the values of an axis
    without an order that no cell names.
    """

    low: Value
    high: Value
    single: bool
    other: bool = False


class Axis:
    """The pieces of a column whose cells are these.

    Raises:
        Refusal: when the values that the cells name have no order.
    """

    def __init__(self, cells: Iterable[SimpleTests]) -> None:
        cells = list(cells)
        constants = [one for cell in cells for one in cell.constants()]
        known = [one for one in constants if one is not None]
        self.kind = kind_of(known[0]) if known else ""
        if self.kind == "boolean":
            known = [False, True]
        self._points = _sorted(one for one in known if kind_of(one) == self.kind)
        # Strings have an order, but who names some of them means the others as a whole.
        named = self.kind == "string" and not any(cell.ordering for cell in cells)
        self._ordered = self.kind != "boolean" and not named
        self._pieces = list(self._cut())
        self._place = [at for at, piece in enumerate(self._pieces) if piece.single]
        self._nulls = any(value is None for cell in cells for _, value in cell.tests)
        if self._nulls:
            self._pieces.append(_Piece(None, None, single=True))
        self.whole: Pieces = (1 << len(self._pieces)) - 1

    def _cut(self) -> Iterator[_Piece]:
        points = self._points
        if not self._ordered:
            yield from (_Piece(point, point, single=True) for point in points)
            if self.kind != "boolean":
                yield _Piece(None, None, single=False, other=True)
            return
        before: Value = None
        for point in points:
            if not _adjacent(before, point):
                yield _Piece(before, point, single=False)
            yield _Piece(point, point, single=True)
            before = point
        yield _Piece(before, None, single=False)

    # -- cells as sets -----------------------------------------------------------------------

    def pieces(self, cell: SimpleTests) -> Pieces:
        """Return the pieces for whose values a cell holds.

        Raises:
            Refusal: when a test has no meaning for the values of this column.
        """
        if not cell.tests:
            return self.whole
        found = 0
        for sign, value in cell.tests:
            found |= self._of_test(sign, value)
        return self.whole & ~found if cell.negated else found

    def _of_test(self, sign: str, value: Value) -> Pieces:
        if sign in {"in", "="}:
            members = value if isinstance(value, list) else [value]
            found = 0
            for one in members:
                found |= self._of_range(one) if isinstance(one, Range) else self._of_value(one)
            return found
        if sign == "!=":
            return self.whole & ~self._of_value(value)
        included = sign.endswith("=")
        if sign.startswith("<"):
            return self._between(None, value, low_included=False, high_included=included)
        return self._between(value, None, low_included=included, high_included=False)

    def _of_value(self, value: Value) -> Pieces:
        if value is None:
            return 1 << (len(self._pieces) - 1)
        return 1 << self._at(value)

    def _of_range(self, span: Range) -> Pieces:
        if span.sign in {"=", "!="}:
            return self._of_test(span.sign, span.low)
        return self._between(
            span.low,
            span.high,
            low_included=span.low_included,
            high_included=span.high_included,
        )

    def _between(
        self, low: Value, high: Value, *, low_included: bool, high_included: bool
    ) -> Pieces:
        last = len(self._pieces) - 1 - self._nulls
        start = 0 if low is None else self._at(low) + (not low_included)
        end = last if high is None else self._at(high) - (not high_included)
        return ((1 << (end + 1)) - 1) & ~((1 << start) - 1) if end >= start else 0

    def _at(self, value: Value) -> int:
        if kind_of(value) != self.kind:
            raise Refusal("it is of another kind than the other cells of the column")
        return self._place[bisect_left(self._points, _KEY(value), key=_KEY)]

    def split(self, pieces: Pieces) -> Iterator[Pieces]:
        """Yield every piece of a set on its own."""
        for at in range(len(self._pieces)):
            if pieces >> at & 1:
                yield 1 << at

    # -- sets in words -----------------------------------------------------------------------

    def shown(self, pieces: Pieces) -> str:
        """Return a set as unary tests, such as `< 5, [7..9]`; `-` for all values."""
        if pieces == self.whole:
            return "-"
        return ", ".join(self._run_shown(first, last) for first, last in self._runs(pieces))

    def _runs(self, pieces: Pieces) -> Iterator[tuple[int, int]]:
        """Yield the first and the last of adjacent pieces; only an order makes them adjacent."""
        start: int | None = None
        for at in range(len(self._pieces) + 1):
            inside = bool(pieces >> at & 1)
            joined = start is not None and inside and self._joins(at)
            if start is not None and not joined:
                yield start, at - 1
                start = None
            if inside and start is None:
                start = at

    def _joins(self, at: int) -> bool:
        return self._ordered and not (self._nulls and at == len(self._pieces) - 1)

    def _run_shown(self, first: int, last: int) -> str:
        low, high = self._pieces[first], self._pieces[last]
        if low.other:
            return "any other"
        if first == last and low.single:
            return written(Run(), low.low)
        opening = "[" if low.single else "("
        closing = "]" if high.single else ")"
        if low.low is None:
            return f"{'<=' if high.single else '<'} {written(Run(), high.high)}"
        if high.high is None:
            return f"{'>=' if low.single else '>'} {written(Run(), low.low)}"
        ends = f"{written(Run(), low.low)}..{written(Run(), high.high)}"
        return f"{opening}{ends}{closing}"


def _sorted(values: Iterable[Value]) -> list[Value]:
    """Return the different values in order.

    Raises:
        Refusal: when they have none.
    """
    ordered = sorted(values, key=_KEY)
    return [
        value for at, value in enumerate(ordered) if at == 0 or _order(ordered[at - 1], value) < 0
    ]


def _order(left: Value, right: Value) -> int:
    if isinstance(left, bool) and isinstance(right, bool):
        return left - right
    if less(left, right):
        return -1
    return 1 if less(right, left) else 0


_KEY: Final = cmp_to_key(_order)


def _adjacent(before: Value, point: Value) -> bool:
    """Return whether nothing lies between two values: only days follow one another."""
    if isinstance(before, Date) and isinstance(point, Date):
        return point.number == before.number + 1
    return False
