"""The parser: text to an expression tree, by recursive descent with binding powers.

DMN 1.5, 10.3.1.2. Only brackets, prefixes and branches recurse, each at most `MAX_NESTING` deep;
operators of one precedence are read in a loop into one flat node.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from engine.expressions import tree
from engine.expressions.cursor import is_one
from engine.expressions.errors import FeelSyntaxError
from engine.expressions.lattice import Type
from engine.expressions.operands import COMPARISONS, Operands
from engine.expressions.tokens import Kind, tokens
from engine.expressions.vocabulary import BuiltIns, Vocabulary

OR, AND, COMPARISON, SUM, PRODUCT, POWER, INSTANCE = range(1, 8)
"""How strongly operators bind, the weakest first."""
_BINDING: Mapping[str, int] = {
    "or": OR,
    "and": AND,
    **dict.fromkeys((*COMPARISONS, "between", "in"), COMPARISON),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/", PRODUCT),
    "**": POWER,
    "instance": INSTANCE,
}
_OPERATORS = (Kind.SYMBOL, Kind.KEYWORD)
_ALONE = frozenset({COMPARISON, INSTANCE})
"""Operators that do not chain: `a < b < c` says nothing."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a text may mention: names of several words or with operators, types, functions."""

    names: Collection[str] = ()
    types: Mapping[str, Type] = field(default_factory=dict)
    built_ins: BuiltIns = field(default_factory=BuiltIns)


def parse_tree(text: str, known: Known) -> tree.Node:
    """Return the expression tree of the text.

    Raises:
        FeelSyntaxError: when the text is no FEEL, with the place and what was expected there.
    """
    parser = _parser(text, known)
    node = parser.expression()
    parser.end()
    return node


def parse_tests_tree(text: str, known: Known) -> tree.UnaryTests:
    """Return the tree of unary tests, such as stand in a cell of a decision table.

    Raises:
        FeelSyntaxError: when the text is neither tests nor an expression.
    """
    parser = _parser(text, known)
    node = parser.unary_tests()
    parser.end()
    return node


def _parser(text: str, known: Known) -> _Parser:
    vocabulary = Vocabulary([*known.names, *known.types], known.built_ins)
    return _Parser(tokens(text), text, vocabulary, known.types)


class _Parser(Operands):
    """The part of the parser that knows operators."""

    @property
    def _infixes(self) -> Mapping[str, Callable[[tree.Node], tree.Node]]:
        return {"between": self._between, "in": self._in, "instance": self._instance_of}

    def expression(self, least: int = OR) -> tree.Node:
        """Read an expression whose operators bind at least this strongly."""
        self.enter("an expression")
        try:
            node = self.operand()
            while (power := self._power()) >= least:
                node = self._infix(node, power)
                if power in _ALONE and self._power() == power:
                    raise self.wrong("an operator of another kind, or brackets")
            return node
        finally:
            self.leave()

    def bound(self) -> tree.Node:
        """Read an expression without comparisons, `and` and `or`."""
        return self.expression(SUM)

    def negated(self) -> tree.Node:
        """Read what a minus sign applies to."""
        return self.expression(INSTANCE)

    def unary_tests(self) -> tree.UnaryTests:
        """Read `-`, tests with commas between them, or those in `not(…)`."""
        if self.sees("-") and self.peek(1).kind is Kind.END:
            self.take()
            return tree.UnaryTests(())
        if self.sees("not") and is_one(self.peek(1), "("):
            negated = self._negated_tests()
            if negated is not None:
                return negated
        tests = [self._cell_test()]
        while self.skip(","):
            tests.append(self._cell_test())
        return tree.UnaryTests(tuple(tests))

    def _negated_tests(self) -> tree.UnaryTests | None:
        """Read `not(1, < 5)`, or nothing where `not` is the function, as in `not(a) and b`."""
        start = self.at
        try:
            with self.vocabulary.within(()):
                self.take()
                self.expect("(")
                tests = self.separated(self._cell_test, ")")
                self.end()
        except FeelSyntaxError:
            self.at = start
            return None
        return tree.UnaryTests(tests, negated=True)

    def _cell_test(self) -> tree.Test:
        if self.sees(*COMPARISONS):
            return tree.Test(self.take().value, self.bound())
        return tree.Test("in", self.expression())

    def _power(self) -> int:
        token = self.tokens[self.at]
        return _BINDING.get(token.value, 0) if token.kind in _OPERATORS else 0

    def _infix(self, left: tree.Node, power: int) -> tree.Node:
        if self.next.value in self._infixes:
            return self._infixes[self.next.value](left)
        if power in {OR, AND}:
            return self._logic(left, power)
        if power == COMPARISON:
            operator = self.take().value
            return tree.Comparison(operator, left, self.expression(COMPARISON + 1))
        rest = []
        while self._power() == power:
            operator = self.take().value
            rest.append((operator, self.expression(power + 1)))
        return tree.Arithmetic(left, tuple(rest))

    def _logic(self, left: tree.Node, power: int) -> tree.Node:
        operator, operands = self.next.value, [left]
        while self.skip(operator):
            operands.append(self.expression(power + 1))
        return tree.Logic(operator, tuple(operands))

    def _between(self, left: tree.Node) -> tree.Node:
        self.expect("between")
        low = self.bound()
        self.expect("and")
        return tree.Between(left, low, self.bound())

    def _in(self, left: tree.Node) -> tree.Node:
        self.expect("in")
        if self.sees("(") and self._is_test_list():
            self.expect("(")
            return tree.In(left, self.separated(self._test, ")"))
        return tree.In(left, (self._test(),))

    def _is_test_list(self) -> bool:
        """Tell `(1, 2)` and `(< 5)` from `(1..2)`, an open range, by the first top-level sign."""
        depth = 0
        for token in self.tokens[self.at :]:
            if is_one(token, "(", "[", "{"):
                depth += 1
            elif is_one(token, ")", "]", "}"):
                depth -= 1
            if depth == 0 or (depth == 1 and is_one(token, "..")):
                return not is_one(token, "..")
        return True

    def _test(self) -> tree.Test:
        if self.sees(*COMPARISONS):
            return tree.Test(self.take().value, self.bound())
        return tree.Test("in", self.bound())

    def _instance_of(self, left: tree.Node) -> tree.Node:
        self.expect("instance")
        self.expect("of")
        return tree.InstanceOf(left, self.type())
