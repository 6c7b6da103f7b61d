"""The lexer: text to tokens, each knowing where it stands. DMN 1.5, 10.3.1.2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from engine.expressions.errors import FeelSyntaxError

MAX_TEXT = 65_536
"""The longest expression, in characters."""


class Kind(Enum):
    """What a token is; its text tells the rest."""

    NUMBER = "a number"
    STRING = "a string"
    NAME = "a name"
    KEYWORD = "a keyword"
    SYMBOL = "a symbol"
    END = "the end of the expression"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text. `value` is what it means: unescaped for a string.

    `start` and `end` are offsets in the text, `line` and `column` count from 1.
    """

    kind: Kind
    value: str
    line: int
    column: int
    start: int
    end: int

    @property
    def shown(self) -> str:
        """Return the token as an error message quotes it."""
        if self.kind is Kind.END:
            return Kind.END.value
        if self.kind is Kind.STRING:
            return "a string"
        return f"`{self.value[:40]}`"


KEYWORDS = frozenset(
    {
        *("and", "or", "between", "in", "instance"),
        *("if", "then", "else", "for", "return", "some", "every", "satisfies"),
        *("true", "false", "null", "function"),
    }
)

# DMN 1.5, 10.3.1.2, rules 28 and 29, without the symbols that are operators as well.
_NAME_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"

# Python's own expressions are enough here: no part of the pattern can backtrack far.
_PATTERN = re.compile(
    rf"""
    (?P<space>[\t\n\v\f\r\x20\x85\xa0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]+
        |//[^\n]*|/\*(?s:.*?)\*/)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<name>[{_NAME_START}][{_NAME_PART}]*)
    |(?P<symbol>\*\*|\.\.|!=|<=|>=|->|[-+*/=<>()\[\]{{}},:.@'])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}
_HIGHEST_CODE_POINT = 0x10FFFF


_WORD = re.compile(rf"[{_NAME_START}][{_NAME_PART}]*")


def is_word(text: str) -> bool:
    """Return whether the text is one word of a name, and no keyword."""
    return _WORD.fullmatch(text) is not None and text not in KEYWORDS


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of the text, the end last.

    Raises:
        FeelSyntaxError: at the first character that begins no token.
    """
    if len(text) > MAX_TEXT:
        raise FeelSyntaxError(
            line=1,
            column=1,
            found=f"{len(text)} characters",
            expected=f"an expression of at most {MAX_TEXT} characters",
        )
    position, line, line_start = 0, 1, 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        column = position - line_start + 1
        if match is None:
            raise _unreadable(text, position, line, column)
        if match.lastgroup != "space":
            yield _token(match, line, column)
        newlines = match.group().count("\n")
        if newlines:
            line += newlines
            line_start = text.rindex("\n", position, match.end()) + 1
        position = match.end()
    yield Token(Kind.END, "", line, position - line_start + 1, position, position)


def _token(match: re.Match[str], line: int, column: int) -> Token:
    text, place = match.group(), (line, column, *match.span())
    if match.lastgroup == "string":
        return Token(Kind.STRING, _unescaped(text[1:-1], line, column), *place)
    if match.lastgroup == "name":
        return Token(Kind.KEYWORD if text in KEYWORDS else Kind.NAME, text, *place)
    kind = Kind.NUMBER if match.lastgroup == "number" else Kind.SYMBOL
    return Token(kind, text, *place)


def _unescaped(text: str, line: int, column: int) -> str:
    if "\\" not in text:
        return text
    joined = _ESCAPE.sub(lambda match: _character(match.group(1)), text)
    try:
        # Two \u escapes may be the halves of one character, as in JSON.
        return joined.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FeelSyntaxError(
            line=line,
            column=column,
            found="half of a surrogate pair",
            expected="a whole character",
        ) from None


def _character(escape: str) -> str:
    if escape[0] in "uU" and len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= _HIGHEST_CODE_POINT else "\ufffd"
    # An unknown escape, such as the \d of a regular expression, stays as it is written.
    return _SIMPLE_ESCAPES.get(escape, "\\" + escape)


def _unreadable(text: str, position: int, line: int, column: int) -> FeelSyntaxError:
    if text[position] == '"':
        found, expected = "a string that never ends", 'a closing `"`'
    elif text.startswith("/*", position):
        found, expected = "a comment that never ends", "a closing `*/`"
    else:
        found, expected = f"`{text[position]}`", "a value, a name or an operator"
    return FeelSyntaxError(line=line, column=column, found=found, expected=expected)
