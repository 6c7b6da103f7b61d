"""Regular expressions of XPath, run by RE2, whose time grows with the text only. DMN 1.5, 10.3.4.3.

XPath's language is translated piece by piece, and what is not XPath is refused, even where RE2 has
a meaning for it. Left out: back-references, which no linear engine can have, and subtracting from
a class that names a category.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2

from engine.expressions.budget import Run
from engine.expressions.errors import Refusal

MAX_PATTERN = 1_000
_PATTERN_MEMORY = 2 * 1024 * 1024
_WORK_PER_STEP, _LOOKED_AHEAD_PER_STEP = 1_000, 50_000
_READ_PER_STEP, _COMPILED_PER_STEP = 20, 40
"""Characters of a pattern translated, and instructions compiled, in the time of a step."""
_TOO_LARGE = 1_000
"""Steps that pass until RE2 gives a pattern up for its size."""
_FLAGS = frozenset("simxq")
_LAST = 0x10FFFF

_QUANTIFIER = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_CATEGORY = re.compile(r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfo]?", re.ASCII)
_WRITTEN: Final = frozenset("\\|.?*+(){}[]-^$")
_SINGLE: Final[Mapping[str, str]] = {"n": "\n", "r": "\r", "t": "\t"}
_SPACE = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))
# XML 1.0, rules 4 and 4a.
_NAME_START = (
    *((0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6)),
    *((0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F)),
    *((0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)),
)
_NAME_PART = (
    *_NAME_START,
    *((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)),
)
_BLOCKS: Final[Mapping[str, tuple[int, int]]] = {
    "BasicLatin": (0x0, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF),
    "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Devanagari": (0x900, 0x97F),
    "Thai": (0xE00, 0xE7F),
    "HangulJamo": (0x1100, 0x11FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}

_Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. What a search costs grows with the text times the program of RE2."""

    expression: Any

    @property
    def steps(self) -> int:
        """Return what it cost to compile it."""
        return int(self.expression.programsize) // _COMPILED_PER_STEP

    @property
    def groups(self) -> int:
        """Return how many groups it has."""
        return int(self.expression.groups)

    def matches_nothing(self) -> bool:
        """Return whether it matches a string without characters."""
        return self.expression.fullmatch("") is not None

    def is_in(self, run: Run, text: str) -> bool:
        """Return whether the pattern is found in the text."""
        return self.expression.search(self._paid(run, text)) is not None

    def found(self, run: Run, text: str) -> Iterator[Any]:
        """Yield the matches in the text; one after the other may look at all that is left."""
        for match in self.expression.finditer(self._paid(run, text)):
            left = len(text) - match.start()
            run.spend(1 + left * self.expression.programsize // _LOOKED_AHEAD_PER_STEP)
            yield match

    def _paid(self, run: Run, text: str) -> str:
        run.spend(10 + len(text) * self.expression.programsize // _WORK_PER_STEP)
        return _encodable(text)


@dataclass(frozen=True, slots=True)
class _Unusable:
    """Why a text is no pattern, and the steps it took to find out."""

    reason: str
    steps: int = 0


def compiled_pattern(run: Run, pattern: str, flags: str) -> Pattern:
    """Return a compiled pattern; a run keeps each of its patterns, and pays for it once.

    Raises:
        Refusal: when the pattern or a flag is none that XPath has, or is left out here.
    """
    if len(pattern) > MAX_PATTERN:
        raise Refusal(f"needs a pattern of at most {MAX_PATTERN} characters")
    if (pattern, flags) not in run.patterns:
        run.spend(1 + len(pattern) // _READ_PER_STEP)
        made = _compiled(pattern, flags)
        run.spend(made.steps)
        run.patterns[pattern, flags] = made
    found: Pattern | _Unusable = run.patterns[pattern, flags]
    if isinstance(found, _Unusable):
        raise Refusal(found.reason)
    return found


# What is kept may grow to its memory each: few, so that all of them stay small.
@lru_cache(maxsize=64)
def _compiled(pattern: str, flags: str) -> Pattern | _Unusable:
    try:
        translated = _encodable(_translated(pattern, flags))
    except Refusal as refusal:
        return _Unusable(str(refusal))
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    options.case_sensitive = "i" not in flags
    try:
        return Pattern(re2.compile(translated, options=options))
    except re2.error:
        return _Unusable(str(_unreadable()), _TOO_LARGE)


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refusal("needs text without halves of characters") from None
    return text


def replacement_parts(text: str, groups: int) -> list[str | int]:
    """Return a replacement as its literal parts and the numbers of the groups between them.

    `$12` is group 12 if there is one, else group 1 and a `2`; a group that is not there is empty.
    """
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            if text[at + 1 : at + 2] not in {"\\", "$"}:
                raise Refusal("needs `\\\\` or `\\$` in the replacement")
            parts.append(text[at + 1])
            at += 2
        elif char == "$":
            digits = _group_digits(text, at + 1, groups)
            parts.append(int(digits))
            at += 1 + len(digits)
        else:
            parts.append(char)
            at += 1
    return parts


def _group_digits(text: str, at: int, groups: int) -> str:
    digits = re.compile("[0-9]*", re.ASCII).match(text, at).group()[:9]  # type: ignore[union-attr]
    if not digits:
        raise Refusal("needs a number after `$` in the replacement")
    while len(digits) > 1 and int(digits) > groups:
        digits = digits[:-1]
    return digits


def _translated(pattern: str, flags: str) -> str:
    if not set(flags) <= _FLAGS:
        raise Refusal("knows the flags s, i, m, x and q")
    if "q" in flags:
        return str(re2.escape(pattern))
    text = _without_space(pattern) if "x" in flags else pattern
    return ("(?m)" if "m" in flags else "") + _Translator(text, dot_all="s" in flags).translated()


def _without_space(pattern: str) -> str:
    """Return a pattern without the white space outside of its classes."""
    kept, depth, escaped = [], 0, False
    for char in pattern:
        if not escaped:
            depth += (char == "[") - (char == "]")
        escaped = char == "\\" and not escaped
        if depth > 0 or char not in " \t\n\r":
            kept.append(char)
    return "".join(kept)


class _Translator:
    """A walk over one pattern."""

    def __init__(self, text: str, *, dot_all: bool) -> None:
        self._text = text
        self._at = 0
        self._any = r"(?s:.)" if dot_all else r"[^\n\r]"

    def translated(self) -> str:
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        while self._at < len(self._text):
            char = self._take()
            if char == "\\":
                yield _as_written(self._escape())
            elif char == "[":
                yield self._class(depth=0)
            elif char == "(":
                yield self._group()
            elif char in "{}]":
                yield self._quantifier(char)
            else:
                yield self._any if char == "." else char

    def _take(self) -> str:
        if self._at >= len(self._text):
            raise _unreadable()
        self._at += 1
        return self._text[self._at - 1]

    def _sees(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _group(self) -> str:
        if not self._sees("?"):
            return "("
        if not self._sees("?:"):
            raise _unreadable()
        self._at += 2
        return "(?:"

    def _quantifier(self, char: str) -> str:
        match = _QUANTIFIER.match(self._text, self._at - 1) if char == "{" else None
        if match is None:
            raise _unreadable()
        self._at = match.end()
        return match.group()

    def _escape(self) -> str:
        """Return what stands inside the brackets of a class for an escape."""
        char = self._take()
        if char in "pP":
            return self._category(negated=char == "P")
        if char in _SINGLE or char in _WRITTEN:
            return _shown(ord(_SINGLE.get(char, char)))
        if char.isdigit():
            raise Refusal("back-references are left out here")
        meant = _MULTIPLE.get(char)
        if meant is None:
            raise _unreadable()
        return meant

    def _category(self, *, negated: bool) -> str:
        end = self._text.find("}", self._at)
        if not self._sees("{") or end < 0:
            raise _unreadable()
        name = self._text[self._at + 1 : end]
        self._at = end + 1
        if _CATEGORY.fullmatch(name):
            return rf"\{'P' if negated else 'p'}{{{name}}}"
        block = _BLOCKS.get(name.removeprefix("Is")) if name.startswith("Is") else None
        if block is None:
            raise _unreadable()
        return _ranges(_complement((block,)) if negated else (block,))

    def _class(self, depth: int) -> str:
        """Read a class after its bracket; one that is subtracted from is worked out."""
        if depth > 1:
            raise Refusal("subtracts from a class only once")
        negated = self._sees("^")
        self._at += negated
        ranges: list[tuple[int, int]] = []
        others = ""
        while not self._sees("]"):
            if self._sees("-[") and (ranges or others):
                self._at += 2
                taken = self._subtracted(depth)
                self._close()
                return _difference(ranges, others, taken, negated=negated)
            if self._sees("\\") and self._text[self._at + 1 : self._at + 2] not in _CHARACTERS:
                self._take()
                others += self._escape()
            else:
                ranges.append(self._range())
        self._close()
        if not ranges and not others:
            raise _unreadable()
        return _class_of(tuple(ranges), others, negated=negated)

    def _close(self) -> None:
        if self._take() != "]":
            raise _unreadable()

    def _subtracted(self, depth: int) -> _Ranges:
        inner = _Translator(self._text, dot_all=False)
        inner._at = self._at
        found = inner._plain(depth + 1)
        self._at = inner._at
        return found

    def _plain(self, depth: int) -> _Ranges:
        """Read a class that consists of characters and ranges only."""
        if depth > 1 or self._sees("^"):
            raise Refusal("subtracts only characters and ranges")
        ranges = []
        while not self._sees("]"):
            ranges.append(self._range())
        self._close()
        return tuple(ranges)

    def _range(self) -> tuple[int, int]:
        low = self._character()
        if not self._sees("-") or self._sees("-[") or self._sees("-]"):
            return low, low
        self._take()
        high = self._character()
        if high < low:
            raise _unreadable()
        return low, high

    def _character(self) -> int:
        char = self._take()
        if char == "[":
            raise _unreadable()
        if char != "\\":
            return ord(char)
        char = self._take()
        if char not in _CHARACTERS:
            raise Refusal("subtracts only characters and ranges")
        return ord(_SINGLE.get(char, char))


_CHARACTERS = _WRITTEN | frozenset(_SINGLE)


def _difference(
    ranges: list[tuple[int, int]], others: str, taken: _Ranges, *, negated: bool
) -> str:
    if others:
        raise Refusal("subtracts only from characters and ranges")
    whole = _complement(tuple(ranges)) if negated else tuple(ranges)
    # What is in the one and not in the other: neither outside the one nor inside the other.
    left = _complement((*_complement(whole), *taken))
    if not left:
        raise Refusal("the pattern has a class that holds nothing")
    return f"[{_ranges(left)}]"


def _class_of(ranges: _Ranges, others: str, *, negated: bool) -> str:
    if not ranges:
        return _as_written(others, negated=negated)
    if not others or negated:
        return f"[{'^' if negated else ''}{_ranges(ranges)}{others}]"
    return f"(?:[{_ranges(ranges)}]|{_as_written(others)})"


def _as_written(inside: str, *, negated: bool = False) -> str:
    r"""Return a class that the flag `i` does not widen: `\p{Lu}` stays the capital letters."""
    return f"(?-i:[{'^' if negated else ''}{inside}])"


def _complement(ranges: _Ranges) -> _Ranges:
    gaps, begin = [], 0
    for low, high in sorted(ranges):
        if low > begin:
            gaps.append((begin, low - 1))
        begin = max(begin, high + 1)
    return (*gaps, (begin, _LAST)) if begin <= _LAST else tuple(gaps)


def _ranges(ranges: _Ranges) -> str:
    return "".join(
        _shown(low) if low == high else f"{_shown(low)}-{_shown(high)}" for low, high in ranges
    )


def _shown(code: int) -> str:
    return rf"\x{{{code:x}}}"


def _unreadable() -> Refusal:
    return Refusal("the pattern is not a regular expression it can read")


_MULTIPLE: Final[Mapping[str, str]] = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"\p{L}\p{M}\p{N}\p{S}",
    "W": r"\p{P}\p{Z}\p{C}",
    "s": _ranges(_SPACE),
    "S": _ranges(_complement(_SPACE)),
    "i": _ranges(_NAME_START),
    "I": _ranges(_complement(_NAME_START)),
    "c": _ranges(_NAME_PART),
    "C": _ranges(_complement(_NAME_PART)),
}
