"""The parser: text to an expression tree, by recursive descent with binding powers.

DMN 1.5, 10.3.1.2. Only brackets, prefixes and branches recurse, each at most `MAX_NESTING` deep;
operators of one precedence are read in a loop into one flat node.

Names may consist of several words (`Employment Status`): outside of keywords two names never stand
side by side in FEEL, so adjacent words are always one name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from engine.expressions import tree
from engine.expressions.errors import FeelSyntaxError, Refusal
from engine.expressions.functions import FUNCTIONS
from engine.expressions.temporal import parse_temporal
from engine.expressions.tokens import Kind, Token, tokens
from engine.expressions.values import CONTEXT

MAX_NESTING = 100

_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _INSTANCE = range(1, 8)
_BINDING: Mapping[str, int] = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), _COMPARISON),
    **dict.fromkeys("+-", _SUM),
    **dict.fromkeys("*/", _PRODUCT),
    "**": _POWER,
    "instance": _INSTANCE,
}
_ALONE = frozenset({_COMPARISON, _INSTANCE})
"""Operators that do not chain: `a < b < c` says nothing."""
_ORDERING = frozenset({"=", "!=", "<", "<=", ">", ">="})
_STARTS = frozenset({*"([{@-", "if", "for", "some", "every", "true", "false", "null"})

# Names with a keyword inside: they are one name only before the bracket of a call, or as a type.
_DURATIONS = (
    ("days", "and", "time", "duration"),
    ("years", "and", "months", "duration"),
)
_COMPOUNDS = (("date", "and", "time"), ("get", "or", "else"), *_DURATIONS)
TYPES = frozenset(
    {
        "Any",
        "Null",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "range",
    }
)


def parse_tree(text: str) -> tree.Node:
    """Return the expression tree of the text.

    Raises:
        FeelSyntaxError: when the text is no FEEL, with the place and what was expected there.
    """
    parser = _Parser(list(tokens(text)))
    node = parser.expression()
    parser.end()
    return node


_Read = TypeVar("_Read")


class _Parser:
    """A walk over the tokens of one text."""

    def __init__(self, read: list[Token]) -> None:
        self._tokens = read
        self._at = 0
        self._nesting = 0
        self._in_range = False
        self._prefixes: Mapping[str, Callable[[], tree.Node]] = {
            "(": self._bracketed,
            "[": self._list_or_range,
            "]": self._turned_range,
            "{": self._context,
            "@": self._temporal,
            "-": self._negation,
            "if": self._if,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
        }
        self._infixes: Mapping[str, Callable[[tree.Node], tree.Node]] = {
            "between": self._between,
            "in": self._in,
            "instance": self._instance_of,
        }

    # -- tokens ----------------------------------------------------------------------------

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _peek(self, ahead: int) -> Token:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._next
        if token.kind is not Kind.END:
            self._at += 1
        return token

    def _sees(self, *values: str) -> bool:
        return _is(self._next, *values)

    def _skip(self, *values: str) -> bool:
        found = self._sees(*values)
        if found:
            self._at += 1
        return found

    def _expect(self, *values: str) -> str:
        if not self._sees(*values):
            raise self._wrong(" or ".join(f"`{value}`" for value in values))
        return self._take().value

    def _wrong(self, expected: str) -> FeelSyntaxError:
        token = self._next
        return FeelSyntaxError(
            line=token.line, column=token.column, found=token.shown, expected=expected
        )

    def end(self) -> None:
        """Refuse anything left over."""
        if self._next.kind is not Kind.END:
            raise self._wrong("an operator or the end of the expression")

    # -- operators -------------------------------------------------------------------------

    def expression(self, least: int = _OR) -> tree.Node:
        """Read an expression whose operators bind at least this strongly."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self._wrong(f"an expression nested at most {MAX_NESTING} deep")
        node = self._operand()
        while (power := self._power()) >= least:
            node = self._infix(node, power)
            if power in _ALONE and self._power() == power:
                raise self._wrong("an operator of another kind, or brackets")
        self._nesting -= 1
        return node

    def _power(self) -> int:
        token = self._next
        if token.kind not in {Kind.SYMBOL, Kind.KEYWORD}:
            return 0
        return _BINDING.get(token.value, 0)

    def _infix(self, left: tree.Node, power: int) -> tree.Node:
        if self._next.value in self._infixes:
            return self._infixes[self._next.value](left)
        if power in {_OR, _AND}:
            return self._logic(left, power)
        if power == _COMPARISON:
            operator = self._take().value
            return tree.Comparison(operator, left, self.expression(_COMPARISON + 1))
        rest = []
        while self._power() == power:
            operator = self._take().value
            rest.append((operator, self.expression(power + 1)))
        return tree.Arithmetic(left, tuple(rest))

    def _logic(self, left: tree.Node, power: int) -> tree.Node:
        operator, operands = self._next.value, [left]
        while self._skip(operator):
            operands.append(self.expression(power + 1))
        return tree.Logic(operator, tuple(operands))

    def _between(self, left: tree.Node) -> tree.Node:
        self._expect("between")
        low = self.expression(_SUM)
        self._expect("and")
        return tree.Between(left, low, self.expression(_SUM))

    def _in(self, left: tree.Node) -> tree.Node:
        self._expect("in")
        if self._sees("(") and self._is_test_list():
            self._expect("(")
            tests = self._separated(self._test, ")")
            return tree.In(left, tests)
        return tree.In(left, (self._test(),))

    def _is_test_list(self) -> bool:
        """Tell `(1, 2)` and `(< 5)` from `(1..2)`, an open range, by the first top-level sign."""
        depth = 0
        for token in self._tokens[self._at :]:
            if _is(token, "(", "[", "{"):
                depth += 1
            elif _is(token, ")", "]", "}"):
                depth -= 1
            if depth == 0 or (depth == 1 and _is(token, "..")):
                return not _is(token, "..")
        return True

    def _test(self) -> tree.Test:
        if self._sees(*_ORDERING):
            operator = self._take().value
            return tree.Test(operator, self.expression(_SUM))
        return tree.Test("in", self.expression(_SUM))

    def _instance_of(self, left: tree.Node) -> tree.Node:
        self._expect("instance")
        self._expect("of")
        return tree.InstanceOf(left, self._type())

    def _type(self) -> tree.TypeName:
        words = self._compound() or [self._word("a type")]
        name = " ".join(words)
        if name not in TYPES:
            self._at -= 1
            raise self._wrong("one of the types " + ", ".join(sorted(TYPES)))
        inner = None
        if name in {"list", "range"} and self._skip("<"):
            self._nesting += 1
            if self._nesting > MAX_NESTING:
                raise self._wrong(f"a type nested at most {MAX_NESTING} deep")
            inner = self._type()
            self._nesting -= 1
            self._expect(">")
        return tree.TypeName(name, inner)

    # -- operands --------------------------------------------------------------------------

    def _operand(self) -> tree.Node:
        node = self._primary()
        steps: list[str | tree.Node] = []
        while True:
            if self._skip("."):
                steps.append(self._name("a name after the point"))
            elif self._sees("[") and not self._closes_turned_range():
                self._expect("[")
                steps.append(self.expression())
                self._expect("]")
            else:
                return tree.Chain(node, tuple(steps)) if steps else node

    def _closes_turned_range(self) -> bool:
        """Tell the `[` that closes `]1..2[` from the one that opens a filter."""
        return self._in_range and not self._starts_operand(self._peek(1))

    @staticmethod
    def _starts_operand(token: Token) -> bool:
        if token.kind in {Kind.NUMBER, Kind.STRING, Kind.NAME}:
            return True
        return _is(token, *_STARTS)

    def _primary(self) -> tree.Node:
        token = self._next
        if token.kind is Kind.NUMBER:
            return tree.Literal(self._number())
        if token.kind is Kind.STRING:
            return tree.Literal(self._take().value)
        if token.kind is Kind.NAME:
            return self._name_or_call()
        if _is(token, "true", "false", "null"):
            return tree.Literal({"true": True, "false": False}.get(self._take().value))
        if token.kind is Kind.END or token.value not in self._prefixes:
            raise self._wrong("a value, a name or `(`")
        return self._prefixes[token.value]()

    def _number(self) -> Decimal:
        number = CONTEXT.create_decimal(self._next.value)
        if not number.is_finite():
            raise self._wrong("a number that is not so large")
        self._take()
        return number

    def _temporal(self) -> tree.Node:
        self._expect("@")
        if self._next.kind is not Kind.STRING:
            raise self._wrong('a date, time or duration in quotes, such as @"PT5M"')
        try:
            value = parse_temporal(self._next.value)
        except Refusal as refusal:
            raise self._wrong(f"a date, time or duration ({refusal})") from None
        self._take()
        return tree.Literal(value)

    def _negation(self) -> tree.Node:
        self._expect("-")
        return tree.Negation(self.expression(_INSTANCE))

    def _bracketed(self) -> tree.Node:
        self._expect("(")
        node = self.expression()
        if self._skip(".."):
            return self._range(node, low_included=False)
        self._expect(")")
        return node

    def _list_or_range(self) -> tree.Node:
        self._expect("[")
        if self._skip("]"):
            return tree.ListOf(())
        first = self.expression()
        if self._skip(".."):
            return self._range(first, low_included=True)
        if self._skip("]"):
            return tree.ListOf((first,))
        self._expect(",")
        return tree.ListOf((first, *self._separated(self.expression, "]")))

    def _turned_range(self) -> tree.Node:
        self._expect("]")
        low = self.expression()
        self._expect("..")
        return self._range(low, low_included=False)

    def _range(self, low: tree.Node, *, low_included: bool) -> tree.Node:
        before, self._in_range = self._in_range, True
        high = self.expression()
        self._in_range = before
        return tree.RangeOf(low, high, low_included, self._expect("]", ")", "[") == "]")

    def _context(self) -> tree.Node:
        self._expect("{")
        entries = dict[str, tree.Node]()
        while not self._sees("}"):
            token = self._next
            key = self._take().value if token.kind is Kind.STRING else self._name("a key")
            if key in entries:
                self._at -= 1
                raise self._wrong("a key that the context does not have yet")
            self._expect(":")
            entries[key] = self.expression()
            if not self._skip(","):
                break
        self._expect("}")
        return tree.ContextOf(tuple(entries.items()))

    def _separated(self, read: Callable[[], _Read], closing: str) -> tuple[_Read, ...]:
        items = [read()]
        while self._skip(","):
            items.append(read())
        self._expect(closing)
        return tuple(items)

    # -- branches and loops ----------------------------------------------------------------

    def _if(self) -> tree.Node:
        self._expect("if")
        condition = self.expression()
        self._expect("then")
        then = self.expression()
        self._expect("else")
        return tree.If(condition, then, self.expression())

    def _for(self) -> tree.Node:
        self._expect("for")
        iterators = self._separated(self._iterator, "return")
        return tree.For(iterators, self.expression())

    def _quantified(self) -> tree.Node:
        every = self._expect("some", "every") == "every"
        iterators = self._separated(self._iterator, "satisfies")
        return tree.Quantified(every, iterators, self.expression())

    def _iterator(self) -> tree.Iterator:
        name = self._name("the name of the item")
        self._expect("in")
        source = self.expression()
        return tree.Iterator(name, source, self.expression() if self._skip("..") else None)

    # -- names and calls -------------------------------------------------------------------

    def _name(self, expected: str) -> str:
        words = [self._word(expected)]
        while self._next.kind is Kind.NAME:
            words.append(self._take().value)
        return " ".join(words)

    def _word(self, expected: str) -> str:
        if self._next.kind is not Kind.NAME:
            raise self._wrong(expected)
        return self._take().value

    def _compound(self) -> list[str]:
        """Take a name with a keyword inside, such as `date and time`, if one stands here."""
        for words in _COMPOUNDS:
            if all(_is(self._peek(ahead), word) for ahead, word in enumerate(words)):
                self._at += len(words)
                return list(words)
        return []

    def _name_or_call(self) -> tree.Node:
        start = self._at
        if self._compound():
            if self._sees("("):
                return self._call(start)
            self._at = start
        name = self._name("a name")
        return self._call(start) if self._sees("(") else tree.Name(name)

    def _call(self, start: int) -> tree.Node:
        name = " ".join(token.value for token in self._tokens[start : self._at])
        function = FUNCTIONS.get(name)
        if function is None:
            self._at = start
            raise self._wrong(f"a function that exists (there is none named `{name}`)")
        self._expect("(")
        if self._is_named():
            named = dict(self._separated(self._argument, ")"))
            wrong = function.misnamed(named)
            call = tree.Call(name, named=tuple(named.items()))
        else:
            positional = () if self._skip(")") else self._separated(self.expression, ")")
            wrong = function.miscounted(len(positional))
            call = tree.Call(name, positional)
        if wrong:
            self._at = start
            raise self._wrong(wrong)
        return call

    def _is_named(self) -> bool:
        ahead = 0
        while self._peek(ahead).kind is Kind.NAME:
            ahead += 1
        return ahead > 0 and _is(self._peek(ahead), ":")

    def _argument(self) -> tuple[str, tree.Node]:
        name = self._name("the name of a parameter")
        self._expect(":")
        return name, self.expression()


def _is(token: Token, *values: str) -> bool:
    """Tell whether a token is one of these symbols or words; a quoted one never is."""
    return token.kind is not Kind.STRING and token.value in values
