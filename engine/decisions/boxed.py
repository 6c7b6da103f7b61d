"""Boxed expressions, compiled once to closures. DMN 1.5, 10.2 and 10.3.2.

Names are resolved as the file is drawn: an expression reads what its decision requires, what
stands above it in a context, and the parameters and iterators around it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from common.phrases import Phrase
from engine.decisions.elements import (
    BoxedContext,
    BoxedList,
    Conditional,
    ContextEntry,
    DecisionTable,
    Expression,
    Filter,
    For,
    FunctionDefinition,
    InformationItem,
    Invocation,
    LiteralExpression,
    Quantified,
    Relation,
    Text,
    TypeName,
)
from engine.decisions.scope import Logic, Scope, among, nothing, reading
from engine.decisions.tables import TableCompiler
from engine.decisions.texts import Texts
from engine.decisions.types import DeclaredType, Types
from engine.expressions import Function, Run, Value, parse
from engine.expressions.errors import Refusal
from engine.expressions.lattice import ANY, FunctionType

# FEEL's own words for what boxed expressions share with it, so that each has one meaning.
_FOR: Final = parse("for item in source return turn(item, partial)")
_EVERY: Final = parse("every item in source satisfies turn(item)")
_SOME: Final = parse("some item in source satisfies turn(item)")
_PICKED: Final = parse("source[index]")

_CALL_LEVELS: Final = 10
_LEVELS_EACH: Final = 4
"""What a call counts of the nested calls an evaluation may make: so much, and so much for each
level of boxes in its body."""


class Compiler:
    """Compiles the logic of one node."""

    def __init__(self, texts: Texts, types: Types) -> None:
        self._texts = texts
        self._types = types
        self._tables = TableCompiler(texts, self.declared)
        self._compilers: Mapping[type, Callable[..., Logic]] = {
            LiteralExpression: self._literal,
            BoxedContext: self._context,
            BoxedList: self._list,
            Relation: self._relation,
            Invocation: self._invocation,
            FunctionDefinition: self._function,
            Conditional: self._conditional,
            Filter: self._filter,
            For: self._for,
            Quantified: self._quantified,
            DecisionTable: self._tables.compiled,
        }

    def declared(self, name: TypeName | None) -> DeclaredType | None:
        """Return a type of the model; one that is unknown is a problem of the node."""
        return self._types.declared(
            name, lambda unknown: self._texts.tell("type_unknown", type=unknown[:80])
        )

    def logic(self, expression: Expression | None, names: frozenset[str]) -> Logic:
        """Return the expression as one function of a scope; `names` can be read in it."""
        if expression is None:
            return nothing
        made = self._compilers[type(expression)](expression, names)
        if isinstance(expression, FunctionDefinition):
            return made
        return self.fitting(made, expression.type, "an expression")

    def fitting(self, logic: Logic, name: TypeName | None, what: str) -> Logic:
        """Return the logic with its values held to a type."""
        declared = self.declared(name)
        if declared is None:
            return logic
        return _held(logic, declared, f"{what} of {self._texts.node.name or self._texts.node.id}")

    def bound(
        self, expression: Expression | None, item: InformationItem, names: frozenset[str]
    ) -> Logic:
        """Return the logic of what a name is bound to.

        The type beside a function definition is the function's, or, as many tools write it, that
        of its results.
        """
        if isinstance(expression, FunctionDefinition):
            return self.function(expression, names, item)
        return self.fitting(self.logic(expression, names), item.type, f"“{item.name}”")

    # -- the kinds of expression -----------------------------------------------------------

    def _literal(self, expression: LiteralExpression, names: frozenset[str]) -> Logic:
        return reading(
            self._texts.expression(
                Text(expression.id, expression.text), names, Phrase("expression")
            )
        )

    def _context(self, expression: BoxedContext, names: frozenset[str]) -> Logic:
        entries: list[tuple[str | None, Logic]] = []
        for entry in expression.entries:
            entries.append(self._entry(entry, names))
            if entry.variable is not None:
                names = names | {entry.variable.name}

        def evaluate(scope: Scope) -> Value:
            made: dict[str, Value] = {}
            # Functions among the entries look here when they are called, so they find each other.
            visible = dict(scope.names)
            inner = Scope(scope.run, visible, scope.matches)
            scope.run.reserve(len(entries))
            for name, logic in entries:
                value = logic(inner)
                if name is None:
                    return value
                made[name] = visible[name] = value
            return made

        return evaluate

    def _entry(self, entry: ContextEntry, names: frozenset[str]) -> tuple[str | None, Logic]:
        if entry.variable is None:
            return None, self.logic(entry.expression, names)
        if isinstance(entry.expression, FunctionDefinition):
            names = names | {entry.variable.name}
        return entry.variable.name, self.bound(entry.expression, entry.variable, names)

    def _list(self, expression: BoxedList, names: frozenset[str]) -> Logic:
        items = [self.logic(item, names) for item in expression.items]
        return lambda scope: scope.run.items([item(scope) for item in items])

    def _relation(self, expression: Relation, names: frozenset[str]) -> Logic:
        rows = [
            [
                (column.name, self.bound(cell, column, names))
                for column, cell in zip(expression.columns, row, strict=False)
            ]
            for row in expression.rows
        ]

        def evaluate(scope: Scope) -> Value:
            scope.run.reserve(len(rows) * len(expression.columns))
            return [{name: cell(scope) for name, cell in row} for row in rows]

        return evaluate

    def _conditional(self, expression: Conditional, names: frozenset[str]) -> Logic:
        condition = self.logic(expression.condition, names)
        then = self.logic(expression.then, names)
        otherwise = self.logic(expression.otherwise, names)
        return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)

    # -- iterators -------------------------------------------------------------------------

    def _for(self, expression: For, names: frozenset[str]) -> Logic:
        source = self.logic(expression.source, names)
        variable = expression.variable
        result = self.logic(expression.result, names | {variable, "partial"})

        def evaluate(scope: Scope) -> Value:
            def turn(_run: Run, given: Sequence[Value]) -> Value:
                return result(scope.within({variable: given[0], "partial": given[1]}))

            each = Function(("item", "partial"), turn)
            return among(_FOR, scope.run, source=source(scope), turn=each)

        return evaluate

    def _quantified(self, expression: Quantified, names: frozenset[str]) -> Logic:
        source = self.logic(expression.source, names)
        variable = expression.variable
        condition = self.logic(expression.condition, names | {variable})
        quantifier = _EVERY if expression.every else _SOME

        def evaluate(scope: Scope) -> Value:
            def turn(_run: Run, given: Sequence[Value]) -> Value:
                return condition(scope.within({variable: given[0]}))

            each = Function(("item",), turn)
            return among(quantifier, scope.run, source=source(scope), turn=each)

        return evaluate

    def _filter(self, expression: Filter, names: frozenset[str]) -> Logic:
        source = self.logic(expression.source, names)
        match = self.logic(expression.match, names | {"item"})

        def evaluate(scope: Scope) -> Value:
            given = source(scope)
            items: list[Value] = given if isinstance(given, list) else [given]
            kept: list[Value] = []
            for item in items:
                scope.run.spend()
                keys = item if isinstance(item, dict) else {}
                verdict = match(scope.within({"item": item, **keys}))
                if isinstance(verdict, Decimal):
                    return among(_PICKED, scope.run, source=items, index=verdict)
                if verdict is True:
                    kept.append(item)
            return scope.run.items(kept)

        return evaluate

    # -- functions -------------------------------------------------------------------------

    def _function(self, expression: FunctionDefinition, names: frozenset[str]) -> Logic:
        return self.function(expression, names, InformationItem(self._texts.node.name))

    def function(
        self, expression: FunctionDefinition, names: frozenset[str], item: InformationItem
    ) -> Logic:
        """Return the logic that makes a function; `item` is what it is bound to."""
        parameters = tuple(one.name for one in expression.parameters)
        wanted = [self.declared(one.type) for one in expression.parameters]
        body = self.logic(expression.body, names | set(parameters))
        results = self._results(expression, item)
        for declared in results:
            body = _held(body, declared, f"the result of {item.name}")
        own = expression.body.type if expression.body else None
        last = results[-1] if results else self.declared(own)
        shape = FunctionType(
            tuple(one.shape if one else ANY for one in wanted), last.shape if last else ANY
        )
        levels = _CALL_LEVELS + _LEVELS_EACH * height(expression)

        def evaluate(scope: Scope) -> Value:
            def call(run: Run, arguments: Sequence[Value]) -> Value:
                run.spend(1 + len(scope.names) // 10)
                run.enter(levels)
                given = {
                    name: kind.fitted(run, value, f"the argument “{name}”") if kind else value
                    for name, kind, value in zip(parameters, wanted, arguments, strict=True)
                }
                result = body(Scope(run, {**scope.names, **given}, scope.matches))
                run.calls -= levels
                return result

            return Function(parameters, call, item.name, shape)

        return evaluate

    def _results(self, expression: FunctionDefinition, item: InformationItem) -> list[DeclaredType]:
        """Return the types of a function's results, from the type of the function or of these."""
        found = [self.declared(name) for name in (expression.type, item.type)]
        return [one.result or one for one in found if one is not None]

    def _invocation(self, expression: Invocation, names: frozenset[str]) -> Logic:
        called = self.logic(expression.called, names)
        bindings = [
            (one.parameter, self.logic(one.expression, names)) for one in expression.bindings
        ]

        def evaluate(scope: Scope) -> Value:
            function = called(scope)
            given = {name: logic(scope) for name, logic in bindings}
            try:
                return invoked(scope.run, function, given)
            except Refusal as refusal:
                scope.run.warn(f"in an invocation: {refusal}.")
            return None

        return evaluate


def _held(logic: Logic, declared: DeclaredType, what: str) -> Logic:
    return lambda scope: declared.fitted(scope.run, logic(scope), what)


def invoked(run: Run, function: Value, given: Mapping[str, Value]) -> Value:
    """Return what a function gives for named arguments; those that are left out are null.

    Raises:
        Refusal: when it is no function, or has no parameter of such a name.
    """
    if not isinstance(function, Function):
        raise Refusal("what is called is no function")
    if function.misnamed(given):
        given = {**dict.fromkeys(function.parameters), **given}
    if wrong := function.misnamed(given):
        raise Refusal(f"there should be {wrong}")
    return function.call(run, function.ordered(given))


def height(expression: Expression | None) -> int:
    """Return how many boxes stand inside each other."""
    if expression is None:
        return 0
    return 1 + max((height(one) for one in expression.parts), default=0)
