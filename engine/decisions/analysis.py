"""What a decision table leaves out, answers twice, or can never answer with.

Exact over numbers, strings, booleans, dates, times and durations where cells are simple unary
tests. A cell that reads a name or `?` cannot be judged beforehand: it is listed, its row counts
neither as covering nor as overlapping, and what it might cover is told as uncertain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias, TypeVar

from engine.decisions.axis import Axis, Pieces, SimpleTests, simple
from engine.decisions.constants import constant
from engine.decisions.elements import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    DrgElement,
    Expression,
    HitPolicy,
    InputClause,
    Model,
    Rule,
    Text,
)
from engine.decisions.tables import heading_of_input
from engine.expressions import FeelSyntaxError, Value, parse, parse_unary_tests
from engine.expressions.errors import Refusal

MAX_WORK: Final = 300_000
"""Steps for the findings of one kind: pairs of rows compared, rows looked at for one piece."""
MAX_COLUMNS: Final = 100
MAX_FINDINGS: Final = 100
"""Findings of a kind that are told."""

_UNJUDGED: Final = SimpleTests(())


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules that match together; `where` has a test for each column.

    `conflict` when the hit policy does not allow it: a unique table, or one for any rule whose
    outputs differ.
    """

    rules: tuple[int, int]
    where: tuple[str, ...]
    conflict: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Inputs for which no rule matches; `certain` unless a cell that was not judged may match."""

    where: tuple[str, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A rule that never counts: `because` other rules always come before it, or it never matches.

    `before` are the rules that come first; empty when the rule's own cells exclude each other.
    """

    rule: int
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A cell that is too complex to judge; rows and columns count from 1, row 0 is the heading."""

    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found about one table.

    `complete` unless the table is too large: then what is told is true, but there may be more.
    """

    node: str
    name: str
    table: str | None
    policy: HitPolicy
    headings: tuple[str, ...]
    defaults: bool
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]
    unreachable: tuple[Unreachable, ...]
    unjudged: tuple[Unjudged, ...]
    complete: bool


def analysed(model: Model) -> tuple[Analysis, ...]:
    """Return what there is to say about every decision table of a model, in its order."""
    return tuple(
        _Table(node, table).analysis()
        for node in model.elements.values()
        for table in _tables(node)
    )


def _tables(node: DrgElement) -> Iterator[DecisionTable]:
    pending: list[Expression | None] = []
    if isinstance(node, Decision):
        pending.append(node.expression)
    if isinstance(node, BusinessKnowledgeModel):
        pending.append(node.function)
    while pending:
        expression = pending.pop()
        if isinstance(expression, DecisionTable):
            yield expression
        elif expression is not None:
            pending.extend(reversed(expression.parts))


_Region: TypeAlias = tuple[Pieces, ...]
_Finding = TypeVar("_Finding")


class _TooLarge(Exception):  # it ends the analysis, and is no fault
    """The table would take more work than one may."""


class _Table:
    """One table under analysis."""

    def __init__(self, node: DrgElement, table: DecisionTable) -> None:
        self._node = node
        self._table = table
        self._work = 0
        self._complete = True
        self._unjudged: list[Unjudged] = []
        self._axes: list[Axis] = []
        self._domain: list[Pieces] = []
        # By rule: a set of pieces for each column, None for a cell that was not judged.
        self._rows: list[list[Pieces | None]] = [[] for _ in table.rules]
        for column, clause in enumerate(table.inputs):
            self._read_column(column, clause)

    def analysis(self) -> Analysis:
        """Return what is found."""
        unreachable = self._told(self._unreachable)
        overlaps = self._told(self._overlaps)
        gaps = self._told(self._gaps)
        table = self._table
        return Analysis(
            self._node.id,
            self._node.name,
            table.id,
            table.hit_policy,
            tuple(heading_of_input(one, at) for at, one in enumerate(table.inputs, 1)),
            any(output.default for output in table.outputs),
            overlaps,
            gaps,
            unreachable,
            tuple(self._unjudged),
            self._complete,
        )

    def _told(self, find: Callable[[], Iterator[_Finding]]) -> tuple[_Finding, ...]:
        """Return what is found, up to the limits on work and on findings."""
        self._work = 0
        found: list[_Finding] = []
        try:
            found.extend(islice(find(), MAX_FINDINGS + 1))
        except _TooLarge:
            self._complete = False
        self._complete = self._complete and len(found) <= MAX_FINDINGS
        return tuple(found[:MAX_FINDINGS])

    # -- cells as sets -----------------------------------------------------------------------

    def _read_column(self, column: int, clause: InputClause) -> None:
        allowed = self._tests(clause.values, 0, column)
        cells = [
            self._tests(rule.inputs[column] if column < len(rule.inputs) else None, row, column)
            for row, rule in enumerate(self._table.rules, 1)
        ]
        try:
            axis = Axis(one for one in (*cells, allowed) if one is not None)
        except Refusal:
            axis = Axis(())
        self._axes.append(axis)
        self._domain.append(self._pieces(axis, allowed, clause.values, 0, column) or axis.whole)
        for row, (cell, rule) in enumerate(zip(cells, self._table.rules, strict=True), 1):
            text = rule.inputs[column] if column < len(rule.inputs) else None
            pieces = self._pieces(axis, cell, text, row, column)
            self._rows[row - 1].append(None if pieces is None else pieces & self._domain[column])

    def _tests(self, text: Text | None, row: int, column: int) -> SimpleTests | None:
        """Return a cell's tests, None when they cannot be judged."""
        if text is None or text.text in {"", "-"}:
            return SimpleTests(())
        try:
            return simple(parse_unary_tests(text.text, ("?",)))
        except (FeelSyntaxError, Refusal):
            self._tell_unjudged(text, row, column)
        return None

    def _pieces(
        self, axis: Axis, cell: SimpleTests | None, text: Text | None, row: int, column: int
    ) -> Pieces | None:
        if cell is None:
            return None
        try:
            return axis.pieces(cell)
        except Refusal:
            self._tell_unjudged(text, row, column)
        return None

    def _tell_unjudged(self, text: Text | None, row: int, column: int) -> None:
        self._unjudged.append(Unjudged(row, column + 1, text.text if text else ""))

    # -- findings ----------------------------------------------------------------------------

    def _judged(self) -> Iterator[tuple[int, _Region]]:
        """Yield the number and the region of every rule whose cells could all be judged."""
        for number, row in enumerate(self._rows, 1):
            region = tuple(one for one in row if one is not None)
            if len(region) == len(row):
                yield number, region

    def _overlaps(self) -> Iterator[Overlap]:
        judged = [(number, region) for number, region in self._judged() if all(region)]
        for at, (first, one) in enumerate(judged):
            self._spend(len(judged) - at)
            for second, other in judged[at + 1 :]:
                shared = tuple(a & b for a, b in zip(one, other, strict=True))
                if all(shared):
                    yield Overlap(
                        (first, second), self._shown(shared), self._conflict(first, second)
                    )

    def _conflict(self, first: int, second: int) -> bool:
        policy = self._table.hit_policy
        if policy is HitPolicy.ANY:
            one, other = (self._table.rules[number - 1].outputs for number in (first, second))
            return [cell.text for cell in one] != [cell.text for cell in other]
        return policy is HitPolicy.UNIQUE

    def _gaps(self) -> Iterator[Gap]:
        domain = tuple(self._domain)
        covering = [region for _, region in self._judged()]
        perhaps = [
            tuple(all_of if one is None else one for one, all_of in zip(row, domain, strict=True))
            for row in self._rows
            if None in row
        ]
        certain = self._merged(self._uncovered(domain, [*covering, *perhaps]))
        yield from (Gap(self._shown(region), certain=True) for region in certain)
        if perhaps:
            open_ones = self._uncovered(domain, covering)
            parts = (part for one in open_ones for part in self._uncovered(one, certain))
            yield from (Gap(self._shown(part), certain=False) for part in self._merged(parts))

    def _unreachable(self) -> Iterator[Unreachable]:
        judged = list(self._judged())
        ranks = self._ranks()
        for number, region in judged:
            if not all(region):
                yield Unreachable(number, ())
                continue
            before = [
                (one, other)
                for one, other in (judged if number in ranks else ())
                if one in ranks and ranks[one] < ranks[number]
            ]
            self._spend(len(before))
            if before and not any(self._uncovered(region, [other for _, other in before])):
                touching = (one for one, other in before if _meet(region, other))
                yield Unreachable(number, tuple(touching))

    def _ranks(self) -> Mapping[int, tuple[int, ...]]:
        """Return when each rule counts: before all others that match and have a higher rank."""
        rules = self._table.rules
        if self._table.hit_policy is HitPolicy.FIRST:
            return {number: (number,) for number in range(1, len(rules) + 1)}
        if self._table.hit_policy is not HitPolicy.PRIORITY:
            return {}
        listed = [_listed(output.values) for output in self._table.outputs]
        found = ((number, _rank(rule, listed)) for number, rule in enumerate(rules, 1))
        return {number: rank for number, rank in found if rank is not None}

    # -- regions -----------------------------------------------------------------------------

    def _uncovered(
        self, region: _Region, covering: Sequence[_Region], column: int = 0
    ) -> Iterator[_Region]:
        """Yield the parts of a region that none of the others covers, column by column."""
        if not covering:
            yield region[column:]
            return
        if column == len(region):
            return
        if column >= MAX_COLUMNS:
            raise _TooLarge
        by_rows: dict[tuple[int, ...], Pieces] = defaultdict(int)
        for piece in self._axes[column].split(region[column]):
            self._spend(len(covering))
            rows = tuple(at for at, other in enumerate(covering) if other[column] & piece)
            by_rows[rows] |= piece
        for rows, pieces in by_rows.items():
            for rest in self._uncovered(region, [covering[at] for at in rows], column + 1):
                yield (pieces, *rest)

    def _merged(self, regions: Iterable[_Region]) -> list[_Region]:
        """Return the regions with those joined that differ in one column only."""
        found = list(regions)
        for column in reversed(range(len(self._axes))):
            joined: dict[tuple[_Region, _Region], Pieces] = defaultdict(int)
            for region in found:
                joined[region[:column], region[column + 1 :]] |= region[column]
            found = [(*before, pieces, *after) for (before, after), pieces in joined.items()]
        return found

    def _shown(self, region: _Region) -> tuple[str, ...]:
        return tuple(axis.shown(pieces) for axis, pieces in zip(self._axes, region, strict=True))

    def _spend(self, work: int) -> None:
        self._work += work
        if self._work > MAX_WORK:
            raise _TooLarge


def _meet(one: _Region, other: _Region) -> bool:
    return all(a & b for a, b in zip(one, other, strict=True))


def _listed(values: Text | None) -> Sequence[Value]:
    listed = _constant(f"[{values.text}]") if values else None
    return listed if isinstance(listed, list) else []


def _rank(rule: Rule, listed: Sequence[Sequence[Value]]) -> tuple[int, ...] | None:
    """Return the priority of a rule's outputs, None where it is not known beforehand."""
    ranks = []
    for values, cell in zip(listed, rule.outputs, strict=False):
        value = _constant(cell.text)
        if values and value not in values:
            return None
        ranks.append(values.index(value) if values else 0)
    return tuple(ranks)


def _constant(text: str) -> Value:
    """Return the value of a cell that is written out, null for any other."""
    try:
        return constant(parse(text).tree)
    except (FeelSyntaxError, Refusal):
        return None
