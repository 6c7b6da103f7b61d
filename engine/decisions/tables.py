"""Decision tables: which rules match, and what the hit policy makes of them. DMN 1.5, 8.2 and 8.3.

A table that cannot answer (two rules of a unique table match, an input is not allowed) gives null
and says so. Where no rule matches, the default outputs answer; without them a collecting table
gives an empty list or the count 0, any other one null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from common.phrases import Phrase
from engine.decisions.constants import constant
from engine.decisions.elements import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputClause,
    OutputClause,
    Rule,
    Text,
    TypeName,
)
from engine.decisions.scope import Logic, Match, Scope, among, nothing, reading
from engine.decisions.texts import Cell, Texts
from engine.decisions.types import DeclaredType
from engine.expressions import UnaryTests, Value, parse
from engine.expressions.errors import Refusal

_AGGREGATES: Final = {
    Aggregation.SUM: parse("sum(values)"),
    Aggregation.COUNT: parse("count(values)"),
    Aggregation.MIN: parse("min(values)"),
    Aggregation.MAX: parse("max(values)"),
}

_RANKED: Final = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})

Declared: TypeAlias = Callable[[TypeName | None], DeclaredType | None]


@dataclass(frozen=True, slots=True)
class _Input:
    """A column of conditions, compiled."""

    heading: str
    logic: Logic
    type: DeclaredType | None
    allowed: UnaryTests | None

    def value(self, scope: Scope) -> Value:
        value = self.logic(scope)
        if self.type is not None:
            value = self.type.fitted(scope.run, value, f"the input {self.heading}")
        return value

    def allows(self, scope: Scope, value: Value) -> bool:
        """Return whether a value may come; of a list, each item is asked where the whole is not."""
        if self.allowed is None or _passes(scope, self.allowed, value):
            return True
        return isinstance(value, list) and all(_passes(scope, self.allowed, item) for item in value)


@dataclass(frozen=True, slots=True)
class _Output:
    """A column of results, compiled; `ranking` are the output values, most important first."""

    name: str
    heading: str
    type: DeclaredType | None
    allowed: UnaryTests | None
    ranking: tuple[Value, ...]
    default: Logic | None

    def fitted(self, scope: Scope, value: Value) -> Value:
        if self.type is not None:
            value = self.type.fitted(scope.run, value, f"the output {self.heading}")
        if value is None or self.allowed is None:
            return value
        if _passes(scope, self.allowed, value):
            return value
        scope.run.warn(f"the output {self.heading} became null: it is none of its output values.")
        return None

    def rank(self, value: Value) -> int:
        """Return the place of a value among the output values; others come last."""
        for place, one in enumerate(self.ranking):
            if one == value and type(one) is type(value):
                return place
        return len(self.ranking)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A row, compiled; only the cells that test something are kept."""

    number: int
    tests: tuple[tuple[int, UnaryTests], ...]
    outputs: tuple[Logic, ...]
    annotations: tuple[str, ...]


_Row: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """A decision table, compiled."""

    name: str
    policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[_Input, ...]
    outputs: tuple[_Output, ...]
    rules: tuple[_Rule, ...]

    def evaluate(self, scope: Scope) -> Value:
        """Return what the table answers."""
        values = [column.value(scope) for column in self.inputs]
        for column, value in zip(self.inputs, values, strict=True):
            if not column.allows(scope, value):
                scope.run.warn(f"the input {column.heading} is none of its input values.")
                return None
        matched = self._matched(scope, values)
        if not matched:
            return self._unmatched(scope)
        rows = [self._row(scope, rule) for rule in matched]
        if self.policy.single:
            chosen = self._chosen(scope, matched, rows)
            return None if chosen is None else self._shaped(chosen)
        if self.policy is HitPolicy.OUTPUT_ORDER:
            rows.sort(key=self._rank)
        return self._collected(scope, rows)

    def _matched(self, scope: Scope, values: Sequence[Value]) -> list[_Rule]:
        matched = []
        for rule in self.rules:
            scope.run.spend()
            if all(_passes(scope, tests, values[at]) for at, tests in rule.tests):
                matched.append(rule)
                if self.policy is HitPolicy.FIRST:
                    break
        return matched

    def _row(self, scope: Scope, rule: _Rule) -> _Row:
        row = tuple(
            column.fitted(scope, logic(scope))
            for column, logic in zip(self.outputs, rule.outputs, strict=True)
        )
        scope.matches.append(Match(self.name, rule.number, row, rule.annotations))
        return row

    def _chosen(self, scope: Scope, matched: Sequence[_Rule], rows: Sequence[_Row]) -> _Row | None:
        """Return the one row of a single-hit table, None when the policy forbids to choose."""
        if self.policy is HitPolicy.PRIORITY:
            return min(rows, key=self._rank)
        several = f"rules {' and '.join(str(rule.number) for rule in matched)} match"
        if self.policy is HitPolicy.UNIQUE and len(rows) > 1:
            scope.run.warn(f"{several}, and the table {self.name} is unique.")
            return None
        if self.policy is HitPolicy.ANY and any(row != rows[0] for row in rows):
            scope.run.warn(f"{several} with different outputs in the table {self.name}.")
            return None
        return rows[0]

    def _rank(self, row: _Row) -> tuple[int, ...]:
        return tuple(column.rank(value) for column, value in zip(self.outputs, row, strict=True))

    def _shaped(self, row: _Row) -> Value:
        """Return a row as a value: bare for one output, a context for several."""
        if len(self.outputs) == 1:
            return row[0]
        return {column.name: value for column, value in zip(self.outputs, row, strict=True)}

    def _collected(self, scope: Scope, rows: Sequence[_Row]) -> Value:
        if self.policy is not HitPolicy.COLLECT or self.aggregation is None:
            return scope.run.items([self._shaped(row) for row in rows])
        aggregate = _AGGREGATES[self.aggregation]
        columns = zip(*rows, strict=True)
        return self._shaped(
            tuple(among(aggregate, scope.run, values=list(column)) for column in columns)
        )

    def _unmatched(self, scope: Scope) -> Value:
        """Return the default outputs, or what the hit policy gives for no rule at all."""
        if any(column.default for column in self.outputs):
            row = tuple(
                column.fitted(scope, (column.default or nothing)(scope)) for column in self.outputs
            )
            bare = self.policy.single or self.aggregation is not None
            return self._shaped(row) if bare else [self._shaped(row)]
        if self.policy is not HitPolicy.COLLECT:
            scope.run.warn(f"no rule of the table {self.name} matches.")
            return None
        if self.aggregation is None:
            return []
        return Decimal(0) if self.aggregation is Aggregation.COUNT else None


class TableCompiler:
    """Compiles the decision tables of one node."""

    def __init__(self, texts: Texts, declared: Declared) -> None:
        self._texts = texts
        self._declared = declared

    def compiled(self, table: DecisionTable, names: frozenset[str]) -> Logic:
        """Return the table as one function of a scope."""
        self._check(table)
        inputs = tuple(
            self._input(clause, column, names) for column, clause in enumerate(table.inputs, 1)
        )
        outputs = tuple(
            self._output(clause, column, names) for column, clause in enumerate(table.outputs, 1)
        )
        headings = [one.heading for one in inputs], [one.heading for one in outputs]
        rules = tuple(
            self._rule(rule, number, headings, names) for number, rule in enumerate(table.rules, 1)
        )
        if table.hit_policy in _RANKED and not any(column.ranking for column in outputs):
            self._texts.tell("priority_missing", table.id)
        name = table.id or self._texts.node.name
        made = _Table(name, table.hit_policy, table.aggregation, inputs, outputs, rules)
        return made.evaluate

    def _check(self, table: DecisionTable) -> None:
        several = len(table.outputs) > 1
        for column, output in enumerate(table.outputs, 1):
            if several and not output.name:
                self._texts.tell("output_unnamed", output.id, column=column)
        if table.aggregation is not None:
            self._check_aggregation(table, table.aggregation)

    def _check_aggregation(self, table: DecisionTable, aggregation: Aggregation) -> None:
        told = {"aggregation": aggregation.value}
        if table.hit_policy is not HitPolicy.COLLECT:
            policy = table.hit_policy.value
            self._texts.tell("aggregation_needless", table.id, policy=policy, **told)
        elif len(table.outputs) > 1:
            self._texts.tell("aggregation_compound", table.id, count=len(table.outputs), **told)

    def _input(self, clause: InputClause, column: int, names: frozenset[str]) -> _Input:
        heading = f"“{heading_of_input(clause, column)}”"
        if clause.expression is None:
            self._texts.tell("input_missing", clause.id, column=column)
        return _Input(
            heading,
            reading(
                self._texts.expression(
                    clause.expression, names, Phrase("input {heading}", heading=heading)
                )
            ),
            self._declared(clause.type),
            self._texts.tests(
                clause.values, names, Phrase("input values of {heading}", heading=heading)
            ),
        )

    def _output(self, clause: OutputClause, column: int, names: frozenset[str]) -> _Output:
        heading = f"“{heading_of_output(clause, column)}”"
        declared = self._declared(clause.type)
        default = self._texts.expression(
            clause.default, names, Phrase("default of {heading}", heading=heading)
        )
        return _Output(
            clause.name,
            heading,
            declared,
            self._texts.tests(
                clause.values, names, Phrase("output values of {heading}", heading=heading)
            ),
            self._ranking(clause.values or (declared.allowed if declared else None), names),
            reading(default) if default else None,
        )

    def _ranking(self, values: Text | None, names: frozenset[str]) -> tuple[Value, ...]:
        """Return the output values in their order; the text is a list without its brackets."""
        if values is None:
            return ()
        listed = self._texts.expression(
            Text(values.id, f"[{values.text}]"), names, Phrase("output values")
        )
        try:
            ranking = constant(listed.tree) if listed else None
        except Refusal:
            return ()
        return tuple(ranking) if isinstance(ranking, list) else ()

    def _rule(
        self,
        rule: Rule,
        number: int,
        headings: tuple[Sequence[str], Sequence[str]],
        names: frozenset[str],
    ) -> _Rule:
        conditions, results = headings
        tests = []
        for at, (cell, heading) in enumerate(zip(rule.inputs, conditions, strict=False)):
            place = Cell(number, at + 1, heading)
            if found := self._texts.tests(cell, names | {"?"}, place):
                tests.append((at, found))
        outputs = []
        for at, (cell, heading) in enumerate(zip(rule.outputs, results, strict=False)):
            place = Cell(number, len(conditions) + at + 1, heading)
            outputs.append(reading(self._texts.expression(cell, names, place)))
        return _Rule(number, tuple(tests), tuple(outputs), rule.annotations)


def _passes(scope: Scope, tests: UnaryTests, value: Value) -> bool:
    return tests.verdict(scope.run, value, scope.names) is True


def heading_of_input(clause: InputClause, column: int) -> str:
    """Return how people call a column of conditions."""
    return clause.label or (clause.expression.text if clause.expression else "") or str(column)


def heading_of_output(clause: OutputClause, column: int) -> str:
    """Return how people call a column of results."""
    return clause.label or clause.name or str(column)
