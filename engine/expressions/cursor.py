"""A walk over the tokens of one text: what every part of the parser stands on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.expressions.errors import FeelSyntaxError
from engine.expressions.tokens import Kind, Token, wrong

MAX_NESTING = 100

_Read = TypeVar("_Read")


class Cursor:
    """A place in the tokens, and how deep in brackets it is."""

    def __init__(self, read: Sequence[Token], text: str) -> None:
        self.tokens = read
        self.text = text
        self.at = 0
        self._nesting = 0

    @property
    def next(self) -> Token:
        """Return the token at this place."""
        return self.tokens[self.at]

    def peek(self, ahead: int) -> Token:
        """Return a token further on, at most the end."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Return the token at this place and step over it."""
        token = self.next
        if token.kind is not Kind.END:
            self.at += 1
        return token

    def sees(self, *values: str) -> bool:
        """Return whether one of these symbols or words stands here."""
        token = self.tokens[self.at]
        return token.value in values and token.kind is not Kind.STRING

    def skip(self, *values: str) -> bool:
        """Step over one of these, if one stands here."""
        found = self.sees(*values)
        if found:
            self.at += 1
        return found

    def expect(self, *values: str) -> str:
        """Step over one of these and return it; refuse anything else."""
        if not self.sees(*values):
            raise self.wrong(" or ".join(f"`{value}`" for value in values))
        return self.take().value

    def wrong(self, expected: str) -> FeelSyntaxError:
        """Return the error of what stands here instead of something else."""
        token = self.next
        return wrong(self.text, token.start, found=token.shown, expected=expected)

    def end(self) -> None:
        """Refuse anything left over."""
        if self.next.kind is not Kind.END:
            raise self.wrong("an operator or the end of the expression")

    def enter(self, what: str) -> None:
        """Count one level of nesting more, until it is left."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self.wrong(f"{what} nested at most {MAX_NESTING} deep")

    def leave(self) -> None:
        """Count one level of nesting less."""
        self._nesting -= 1

    def separated(self, read: Callable[[], _Read], closing: str) -> tuple[_Read, ...]:
        """Read one or more parts with commas between them, and what closes them."""
        items = [read()]
        while self.skip(","):
            items.append(read())
        self.expect(closing)
        return tuple(items)

    def word(self, expected: str) -> str:
        """Read one word of a name."""
        if self.next.kind is not Kind.NAME:
            raise self.wrong(expected)
        return self.take().value

    def words(self, expected: str) -> str:
        """Read adjacent words and whole numbers as one name.

        Outside of keywords two names never stand side by side in FEEL, so this needs no scope.
        """
        words = [self.word(expected)]
        while self.next.kind is Kind.NAME or (
            self.next.kind is Kind.NUMBER and self.next.value.isdigit()
        ):
            words.append(self.take().value)
        return " ".join(words)

    def spelled(self, count: int) -> str:
        """Read so many tokens as one name, written with single spaces as in the text."""
        start = self.next.start
        self.at += count
        return " ".join(self.text[start : self.tokens[self.at - 1].end].split())


def is_one(token: Token, *values: str) -> bool:
    """Tell whether a token is one of these symbols or words; a quoted one never is."""
    return token.value in values and token.kind is not Kind.STRING
