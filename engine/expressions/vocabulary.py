"""The names an expression may use, and how they are found in its tokens. DMN 1.5, 10.3.1.4.

A name of FEEL may hold spaces, operators and keywords (`Loan-to-value in %` is not, but
`loan-to-value ratio` is one). Where such a name is in scope, the longest one wins over reading an
operator.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from engine.expressions.errors import FeelSyntaxError
from engine.expressions.tokens import Kind, Token, tokens

_IN_NAMES = frozenset("./-'+*") | {"**", ".."}
_JOINING = frozenset({"and", "or"})
_MAX_PARTS = 50
"""A name with more words and operators than this is only found in quotes."""
_MAX_SPELLINGS = 5
# Lists of kinds are tuples: an enumeration's own hash costs more than looking through three.
_NAMED = (Kind.NAME, Kind.KEYWORD, Kind.NUMBER)


class BuiltIns:
    """The functions that are called by name, and those with a keyword in it by their first word.

    `date and time` is such a name: its words would else be read as an operation.
    """

    def __init__(self, names: Collection[str] = ()) -> None:
        self.names = frozenset(names)
        self.compounds: dict[str, list[tuple[str, ...]]] = {}
        for words in (tuple(name.split()) for name in names):
            if not _JOINING.isdisjoint(words):
                self.compounds.setdefault(words[0], []).append(words)


_NO_BUILT_INS = BuiltIns()


class Vocabulary:
    """The names in scope at a place of the text, and all that came up before it."""

    def __init__(self, names: Iterable[str] = (), built_ins: BuiltIns = _NO_BUILT_INS) -> None:
        self._built_ins = built_ins
        self._filters = 0
        self._scope: dict[str, int] = {}
        self._learned: list[str] = []
        self._spelled = _Spelling()
        for name in names:
            self.learn(name)

    def calls_built_in(self, name: str) -> bool:
        """Return whether a call of the name is one of a built-in, which nothing in scope hides."""
        return name in self._built_ins.names and not self.holds(name)

    def compound(self, ahead: Sequence[Token], at: int) -> tuple[str, int]:
        """Return a built-in with a keyword in its name, such as `date and time`, if called here."""
        for words in self._built_ins.compounds.get(ahead[at].value, ()):
            if _stands((*words, "("), ahead, at):
                return " ".join(words), len(words)
        return "", 0

    def holds(self, name: str) -> bool:
        """Return whether the name is in scope."""
        return self._scope.get(name, 0) > 0

    def learn(self, name: str) -> None:
        """Put a name in scope."""
        self._scope[name] = self._scope.get(name, 0) + 1
        self._learned.append(name)
        parts = _parts(name)
        if 1 < len(parts) <= _MAX_PARTS:  # one word is a name wherever it stands
            self._spelled.add(parts, name)

    @contextmanager
    def within(self, names: Collection[str]) -> Iterator[None]:
        """Hold the names in scope for a while, with those learned meanwhile."""
        before, filters = len(self._learned), self._filters
        for name in names:
            self.learn(name)
        try:
            yield
        finally:
            self._filters = filters
            while len(self._learned) > before:
                self._scope[self._learned.pop()] -= 1

    def widen(self, by: int) -> None:
        """Count filters entered and left: in them, out of scope names may be keys of the item."""
        self._filters += by

    def longest(
        self, ahead: Sequence[Token], at: int, *, anywhere: bool = False
    ) -> tuple[str, int]:
        """Return the longest name of several tokens that stands at `at`, and how many it has.

        `anywhere` takes in names that came up but are out of scope here: after a point stand keys,
        which only the values know.
        """
        found, spelled = ("", 0), self._spelled
        for count, token in enumerate(ahead[at : at + _MAX_PARTS], 1):
            following = None if token.kind is Kind.STRING else spelled.following.get(token.value)
            if following is None:
                break
            spelled = following
            held = (name for name in spelled.names if anywhere or self._filters or self.holds(name))
            found = next(((name, count) for name in held), found)
        return found


class _Spelling:
    """A tree of how names are spelled: token by token, so that looking one up costs its length."""

    def __init__(self) -> None:
        self.following: dict[str, _Spelling] = {}
        self.names: list[str] = []

    def add(self, parts: Sequence[str], name: str) -> None:
        """Take in a name."""
        end = self
        for part in parts:
            end = end.following.setdefault(part, _Spelling())
        if len(end.names) < _MAX_SPELLINGS and name not in end.names:
            end.names.append(name)


def is_part(token: Token) -> bool:
    """Return whether a token can be part of a name."""
    return token.kind in _NAMED or (token.kind is Kind.SYMBOL and token.value in _IN_NAMES)


def key_length(ahead: Sequence[Token], at: int) -> int:
    """Return how many tokens before the next `:` could be one name; 0 if none could."""
    end = at
    while is_part(ahead[end]):
        end += 1
    is_key = ahead[end].kind is Kind.SYMBOL and ahead[end].value == ":"
    starts = ahead[at].kind in _NAMED and ahead[at].kind is not Kind.NUMBER
    return end - at if is_key and starts else 0


def _stands(spelling: tuple[str, ...], ahead: Sequence[Token], at: int) -> bool:
    found = ahead[at : at + len(spelling)]
    return len(found) == len(spelling) and all(
        token.value == part and token.kind is not Kind.STRING
        for token, part in zip(found, spelling, strict=True)
    )


def _parts(name: str) -> tuple[str, ...]:
    try:
        return tuple(token.value for token in tokens(name)[:-1])
    except FeelSyntaxError:
        return ()  # a key in quotes may be anything; it cannot be written as a name
