"""The lexer: text to tokens, each knowing where it stands. DMN 1.5, 10.3.1.2."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

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


class Token(NamedTuple):
    """A piece of the text from `start` to `end`. `value` is what it means: unescaped for a string.

    One is made for every word of every expression, which a tuple is the quickest for.
    """

    kind: Kind
    value: str
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
    |(?P<wrong>(?s:.))
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


def tokens(text: str) -> list[Token]:
    """Return the tokens of the text, the end last.

    Raises:
        FeelSyntaxError: at the first character that begins no token.
    """
    if len(text) > MAX_TEXT:
        expected = f"an expression of at most {MAX_TEXT} characters"
        raise wrong(text, 0, found=f"{len(text)} characters", expected=expected)
    found = [
        _token(text, match, kind)
        for match in _PATTERN.finditer(text)
        if (kind := match.lastgroup) != "space"
    ]
    found.append(Token(Kind.END, "", len(text), len(text)))
    return found


def wrong(text: str, at: int, *, found: str, expected: str) -> FeelSyntaxError:
    """Return the error of something unexpected at an offset of the text."""
    before = text[:at]
    line, column = before.count("\n") + 1, at - before.rfind("\n")
    return FeelSyntaxError(line=line, column=column, found=found, expected=expected)


def _token(text: str, match: re.Match[str], kind: str | None) -> Token:
    value, (start, end) = match.group(), match.span()
    if kind == "name":
        return Token(Kind.KEYWORD if value in KEYWORDS else Kind.NAME, value, start, end)
    if kind == "symbol":
        return Token(Kind.SYMBOL, value, start, end)
    if kind == "number":
        return Token(Kind.NUMBER, value, start, end)
    if kind == "string":
        return Token(Kind.STRING, _unescaped(text, start, value[1:-1]), start, end)
    raise _unreadable(text, start)


def _unescaped(text: str, at: int, quoted: str) -> str:
    if "\\" not in quoted:
        return quoted
    joined = _ESCAPE.sub(lambda match: _character(match.group(1)), quoted)
    try:
        # Two \u escapes may be the halves of one character, as in JSON.
        return joined.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        half, whole = "half of a surrogate pair", "a whole character"
        raise wrong(text, at, found=half, expected=whole) from None


def _character(escape: str) -> str:
    if escape[0] in "uU" and len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= _HIGHEST_CODE_POINT else "\ufffd"
    # An unknown escape, such as the \d of a regular expression, stays as it is written.
    return _SIMPLE_ESCAPES.get(escape, "\\" + escape)


def _unreadable(text: str, position: int) -> FeelSyntaxError:
    if text[position] == '"':
        found, expected = "a string that never ends", 'a closing `"`'
    elif text.startswith("/*", position):
        found, expected = "a comment that never ends", "a closing `*/`"
    else:
        found, expected = f"`{text[position]}`", "a value, a name or an operator"
    return wrong(text, position, found=found, expected=expected)
