"""Reading what stands between operators: literals, names, brackets, calls, branches, loops."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.expressions import tree
from engine.expressions.cursor import is_one
from engine.expressions.lattice import ANY, Type
from engine.expressions.tokens import Kind, Token
from engine.expressions.type_reader import TypeReader
from engine.expressions.values import CONTEXT
from engine.expressions.vocabulary import Vocabulary, is_part, key_length

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_STARTS = frozenset({*"([{@-", "if", "for", "some", "every", "function", "true", "false", "null"})


class Operands(TypeReader):
    """The part of the parser below operators."""

    def __init__(
        self, read: Sequence[Token], text: str, vocabulary: Vocabulary, types: Mapping[str, Type]
    ) -> None:
        super().__init__(read, text, vocabulary, types)
        self._in_range = False

    @abstractmethod
    def expression(self) -> tree.Node:
        """Read an expression."""

    @abstractmethod
    def bound(self) -> tree.Node:
        """Read an expression without comparisons, `and` and `or`."""

    @abstractmethod
    def negated(self) -> tree.Node:
        """Read what a minus sign applies to."""

    def operand(self) -> tree.Node:
        """Read a value and the paths, filters and calls behind it."""
        node = self._primary()
        steps: list[tree.Step] = []
        while self.sees(".", "[", "("):
            if self.skip("."):
                steps.append(tree.Get(self._key_after_point()))
            elif self.sees("("):
                steps.append(self._arguments())
            elif self._closes_turned_range():
                break
            else:
                steps.append(self._filter())
        return tree.Chain(node, tuple(steps)) if steps else node

    def _key_after_point(self) -> str:
        name, count = self.vocabulary.longest(self.tokens, self.at, anywhere=True)
        if count:
            self.at += count
            return name
        if self.next.kind is Kind.KEYWORD:
            return self.take().value
        return self.words("a name after the point")

    def _filter(self) -> tree.Where:
        self.expect("[")
        # Keys that came up anywhere may be keys of the item.
        self.vocabulary.widen(1)
        with self._fresh():
            condition = self.expression()
        self.vocabulary.widen(-1)
        self.expect("]")
        return tree.Where(condition)

    def _arguments(self) -> tree.Invoke:
        self.expect("(")
        with self._fresh():
            if self.skip(")"):
                return tree.Invoke()
            if key_length(self.tokens, self.at):
                return tree.Invoke(named=self.separated(self._argument, ")"))
            return tree.Invoke(self.separated(self.expression, ")"))

    def _argument(self) -> tuple[str, tree.Node]:
        count = key_length(self.tokens, self.at)
        if not count:
            raise self.wrong("the name of a parameter and `:`")
        name = self.spelled(count)
        self.expect(":")
        return name, self.expression()

    def _closes_turned_range(self) -> bool:
        """Tell the `[` that closes `]1..2[` from the one that opens a filter."""
        return self._in_range and not self._starts_operand(self.peek(1))

    @staticmethod
    def _starts_operand(token: Token) -> bool:
        if token.kind in (Kind.NUMBER, Kind.STRING, Kind.NAME):
            return True
        return is_one(token, *_STARTS)

    def _primary(self) -> tree.Node:
        token = self.next
        if token.kind is Kind.NUMBER:
            return tree.Literal(self._number())
        if token.kind is Kind.STRING:
            return tree.Literal(self.take().value)
        name = self._name_in_scope()
        if name:
            is_call = self.sees("(") and self.vocabulary.calls_built_in(name)
            return tree.BuiltIn(name) if is_call else tree.Name(name)
        if is_one(token, "true", "false", "null"):
            return tree.Literal({"true": True, "false": False}.get(self.take().value))
        if token.kind is Kind.END or token.value not in _PREFIXES:
            raise self.wrong("a value, a name or `(`")
        return _PREFIXES[token.value](self)

    def _name_in_scope(self) -> str:
        if self.next.kind is not Kind.NAME and self.next.kind is not Kind.KEYWORD:
            return ""
        name, count = self.vocabulary.longest(self.tokens, self.at)
        if not count:
            name, count = self.vocabulary.compound(self.tokens, self.at)
        if count:
            self.at += count
            return name
        return self.words("a name") if self.next.kind is Kind.NAME else ""

    def _number(self) -> Decimal:
        number = CONTEXT.create_decimal(self.next.value)
        if not number.is_finite():
            raise self.wrong("a number that is not so large")
        self.take()
        return number

    def _temporal(self) -> tree.Node:
        self.expect("@")
        if self.next.kind is not Kind.STRING:
            raise self.wrong('a date, time or duration in quotes, such as @"PT5M"')
        return tree.Temporal(self.take().value)

    def _negation(self) -> tree.Node:
        self.expect("-")
        return tree.Negation(self.negated())

    # -- brackets --------------------------------------------------------------------------

    @contextmanager
    def _fresh(self) -> Iterator[None]:
        """Read the inside of brackets, where no range is open."""
        before, self._in_range = self._in_range, False
        try:
            yield
        finally:
            self._in_range = before

    def _bracketed(self) -> tree.Node:
        self.expect("(")
        with self._fresh():
            node = self._unary_range() if self.sees(*COMPARISONS) else self.expression()
            if self.skip(".."):
                return self._range(node, low_included=False)
            self.expect(")")
        return node

    def _unary_range(self) -> tree.Node:
        return tree.UnaryRange(self.expect(*COMPARISONS), self.bound())

    def _list_or_range(self) -> tree.Node:
        self.expect("[")
        with self._fresh():
            if self.skip("]"):
                return tree.ListOf(())
            first = self._item()
            if self.skip(".."):
                return self._range(first, low_included=True)
            if self.skip("]"):
                return tree.ListOf((first,))
            self.expect(",")
            return tree.ListOf((first, *self.separated(self._item, "]")))

    def _item(self) -> tree.Node:
        return self._unary_range() if self.sees(*COMPARISONS) else self.expression()

    def _turned_range(self) -> tree.Node:
        self.expect("]")
        with self._fresh():
            low = self.expression()
            self.expect("..")
            return self._range(low, low_included=False)

    def _range(self, low: tree.Node, *, low_included: bool) -> tree.Node:
        self._in_range = True  # `_fresh` around this takes it back
        high = self.expression()
        return tree.RangeOf(low, high, low_included, self.expect("]", ")", "[") == "]")

    def _context(self) -> tree.Node:
        self.expect("{")
        entries = dict[str, tree.Node]()
        with self._fresh(), self.vocabulary.within(()):
            more = not self.skip("}")
            while more:
                self._entry(entries)
                more = self.expect(",", "}") == ","
        return tree.ContextOf(tuple(entries.items()))

    def _entry(self, entries: dict[str, tree.Node]) -> None:
        """Read one more entry of a context; those after it see its key."""
        key = self._key()
        if key in entries:
            self.at -= 1
            raise self.wrong("a key that the context does not have yet")
        self.expect(":")
        entries[key] = self.expression()
        self.vocabulary.learn(key)

    def _key(self) -> str:
        if self.next.kind is Kind.STRING:
            return self.take().value
        count = key_length(self.tokens, self.at)
        return self.spelled(count) if count else self.words("a key")

    # -- branches, loops and functions -----------------------------------------------------

    def _if(self) -> tree.Node:
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return tree.If(condition, then, self.expression())

    def _for(self) -> tree.Node:
        self.expect("for")
        with self.vocabulary.within(("partial",)):
            iterators = self.separated(self._iterator, "return")
            return tree.For(iterators, self.expression())

    def _quantified(self) -> tree.Node:
        every = self.expect("some", "every") == "every"
        with self.vocabulary.within(()):
            iterators = self.separated(self._iterator, "satisfies")
            return tree.Quantified(every, iterators, self.expression())

    def _iterator(self) -> tree.Iterator:
        name = self._new_name("the name of the item", "in")
        self.expect("in")
        source = self.expression()
        until = self.expression() if self.skip("..") else None
        self.vocabulary.learn(name)
        return tree.Iterator(name, source, until)

    def _new_name(self, expected: str, *ends: str) -> str:
        """Read a name that is made up here, with operators in it if it goes on to one of `ends`."""
        ahead = 1
        while not is_one(self.peek(ahead), *ends) and is_part(self.peek(ahead)):
            ahead += 1
        if self.next.kind is Kind.NAME and is_one(self.peek(ahead), *ends):
            return self.spelled(ahead)
        return self.words(expected)

    def _function(self) -> tree.Node:
        self.expect("function")
        self.expect("(")
        parameters = () if self.skip(")") else self.separated(self._parameter, ")")
        external = self.next.kind is Kind.NAME and self.sees("external")
        if external:
            self.take()
        with self.vocabulary.within([name for name, _ in parameters]):
            return tree.FunctionOf(parameters, self.expression(), external)

    def _parameter(self) -> tuple[str, Type]:
        name = self._new_name("the name of a parameter", ",", ")", ":")
        return name, self.type() if self.skip(":") else ANY


# Not bound methods of each parser: those would keep it alive until the next collection.
_PREFIXES: Mapping[str, Callable[[Operands], tree.Node]] = {
    "(": Operands._bracketed,
    "[": Operands._list_or_range,
    "]": Operands._turned_range,
    "{": Operands._context,
    "@": Operands._temporal,
    "-": Operands._negation,
    "if": Operands._if,
    "for": Operands._for,
    "some": Operands._quantified,
    "every": Operands._quantified,
    "function": Operands._function,
}
