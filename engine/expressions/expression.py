"""Expressions and unary tests: text read once, evaluated often."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.expressions import tree
from engine.expressions.budget import Run
from engine.expressions.compilation import Compiled, Names, compiled
from engine.expressions.doubts import doubts
from engine.expressions.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.expressions.functions import FUNCTIONS
from engine.expressions.inference import types_read
from engine.expressions.lattice import Type
from engine.expressions.moments import DateTime
from engine.expressions.names import names_read
from engine.expressions.parser import Known, parse_tests_tree, parse_tree
from engine.expressions.shortcuts import Shortcut, shortcut
from engine.expressions.unary_tests import INPUT
from engine.expressions.values import Range, Value, admit, weigh
from engine.expressions.vocabulary import BuiltIns

_BUILT_INS = BuiltIns(FUNCTIONS)
_CACHED_TEXT = 2_048
_WEIGHED = frozenset({list, dict, Range})
_SCOPED = frozenset({tree.ContextOf, tree.For, tree.Quantified, tree.FunctionOf, tree.Chain})
"""What copies the scope or keeps it: the fewer names in it, the better."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came out: a value, and what had no meaning on the way and became null."""

    value: Value
    warnings: tuple[str, ...] = ()


_TRUE, _FALSE = Evaluation(value=True), Evaluation(value=False)


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression.

    `names` are the variables it reads, `doubts` what in it can be seen to be null beforehand.
    """

    text: str
    names: frozenset[str]
    doubts: tuple[str, ...]
    tree: tree.Node = field(repr=False, compare=False)
    _compiled: Compiled = field(repr=False, compare=False)
    _shortcut: Shortcut | None = field(repr=False, compare=False)
    _cost: int = field(repr=False, compare=False)
    _keeps_scope: bool = field(repr=False, compare=False)

    def evaluate(self, variables: Mapping[str, Any], now: DateTime | None = None) -> Evaluation:
        """Return the value for these variables; the same ones always give the same value.

        Whole numbers and floats in the variables are taken as decimals. `now` is what `now()`
        and `today()` tell.

        Raises:
            FeelBudgetExceeded: when the evaluation would cost more than one may.
        """
        if self._shortcut is not None:
            verdict = self._shortcut(variables)
            if verdict is not None:
                return _TRUE if verdict else _FALSE
        run = Run(now=now)
        value = self._weighed(run, variables)
        return Evaluation(value, tuple(run.warnings))

    def answer(self, run: Run, variables: Mapping[str, Any]) -> Value:
        """Return the value that `evaluate` gives, alone; `run` begins anew, and keeps its time.

        For whoever evaluates many texts one after another, and asks none of them for warnings.

        Raises:
            FeelBudgetExceeded: when the evaluation would cost more than one may.
        """
        if self._shortcut is not None:
            verdict = self._shortcut(variables)
            if verdict is not None:
                return verdict
        run.renew()
        return self._weighed(run, variables)

    def _weighed(self, run: Run, variables: Mapping[str, Any]) -> Value:
        value = self.value(run, _admitted(variables, self.names))
        if type(value) in _WEIGHED:
            weigh(value)
        return value

    def types(self) -> Mapping[str, Type]:
        """Return the type each of the names must have, `Any` where the text does not tell."""
        return types_read(self.tree, self.names)

    def value(self, run: Run, variables: Mapping[str, Value]) -> Value:
        """Return the value within a budget shared with others; warnings are left in the run.

        The variables are FEEL's own values, as `admit` makes them.

        Raises:
            FeelBudgetExceeded: when the run would cost more than it may.
        """
        run.spend(self._cost)
        # A scope is never written to, so that a plain dict serves as it is; a function value that
        # outlives this call, though, must not see what is written to it afterwards.
        if type(variables) is dict and not self._keeps_scope:
            scope = variables
        else:
            scope = {name: variables[name] for name in self.names if name in variables}
        return _run(self._compiled, run, scope)


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests of a cell: `-`, or tests of an input with commas between, or these in `not(…)`."""

    text: str
    names: frozenset[str]
    tree: tree.UnaryTests = field(repr=False, compare=False)
    _compiled: Compiled = field(repr=False, compare=False)
    _cost: int = field(repr=False, compare=False)

    def holds(
        self, value: object, variables: Mapping[str, Any], now: DateTime | None = None
    ) -> Evaluation:
        """Return whether the input passes: true, false, or null where that has no meaning.

        Raises:
            FeelBudgetExceeded: when the evaluation would cost more than one may.
        """
        run = Run(now=now)
        verdict = self.verdict(run, admit(value), _admitted(variables, self.names))
        return Evaluation(verdict, tuple(run.warnings))

    def verdict(self, run: Run, value: Value, variables: Mapping[str, Value]) -> bool | None:
        """Return whether the input passes, within a budget shared with others.

        Raises:
            FeelBudgetExceeded: when the run would cost more than it may.
        """
        run.spend(self._cost)
        scope = {name: variables[name] for name in self.names if name in variables}
        scope[INPUT] = value
        found = _run(self._compiled, run, scope)
        return found if isinstance(found, bool) else None


def parse(
    text: str, names: Collection[str] = (), types: Mapping[str, Type] | None = None
) -> Expression:
    """Return the expression of a FEEL text.

    `names` are those in scope that hold spaces, operators or keywords, keys of contexts included;
    `types` are the types of the model that `instance of` may name.

    Raises:
        FeelSyntaxError: when the text is no FEEL, with the place and what was expected there.
    """
    # Models are small and few, and their conditions are evaluated again and again.
    if len(text) <= _CACHED_TEXT and not types:
        return _cached(text, tuple(names))
    return _parse(text, tuple(names), types)


def parse_unary_tests(
    text: str, names: Collection[str] = (), types: Mapping[str, Type] | None = None
) -> UnaryTests:
    """Return the unary tests of a text; `names` and `types` are as for `parse`.

    Raises:
        FeelSyntaxError: when the text is neither tests nor an expression.
    """
    try:
        node = parse_tests_tree(text, Known(names, types or {}, _BUILT_INS))
    except RecursionError:
        raise _too_deep() from None
    read = names_read(node, frozenset({INPUT}))
    return UnaryTests(text, read, node, compiled(node), tree.weight(node))


def _parse(
    text: str, names: tuple[str, ...], types: Mapping[str, Type] | None = None
) -> Expression:
    try:
        node = parse_tree(text, Known(names, types or {}, _BUILT_INS))
    except RecursionError:
        raise _too_deep() from None
    nodes = tree.walk(node)
    return Expression(
        text,
        names_read(node),
        doubts(nodes, frozenset(names)),
        node,
        compiled(node),
        shortcut(node),
        len(nodes),
        _keeps_scope=not _SCOPED.isdisjoint(map(type, nodes)),
    )


def _too_deep() -> FeelSyntaxError:
    """Return the error for nesting within the limit that the caller left no room for."""
    return FeelSyntaxError(
        line=1, column=1, found="deeply nested brackets", expected="fewer of them"
    )


_cached = lru_cache(maxsize=4_096)(_parse)


def _run(body: Compiled, run: Run, scope: Names) -> Value:
    try:
        return body(run, scope)
    except RecursionError:
        # The budget counts calls; this is for a caller that left them no room.
        raise FeelBudgetExceeded(what="levels of nested calls", limit=run.calls) from None


def _admitted(variables: Mapping[str, Any], names: frozenset[str]) -> dict[str, Value]:
    return {name: admit(variables[name]) for name in names if name in variables}
