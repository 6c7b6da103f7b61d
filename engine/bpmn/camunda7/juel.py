"""JUEL, the expressions of Camunda 7, to FEEL: the part that only reads variables.

A text may mix words and expressions: `Change ${number}`. Calls of beans and Java methods have no
counterpart and are refused, but for a few on texts and lists that FEEL has as functions.

Expression Language 2.2 (JSR 245), 1.15 to 1.19.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST: Final = 4_000
"""Characters of one text that are looked at; nobody writes more by hand."""

_MOST_PARTS: Final = 50

_DEEPEST: Final = 60
_PARTS: Final = re.compile(r"[$#]\{((?:[^{}'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*)\}")
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:().,\[\]]))"
)
_WORDS: Final[Mapping[str, str]] = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "gt": ">",
    "le": "<=",
    "ge": ">=",
    "div": "/",
    "mod": "%",
}
_LEVELS: Final[Sequence[Mapping[str, str]]] = (
    {"||": "or"},
    {"&&": "and"},
    {"==": "=", "!=": "!="},
    {"<": "<", ">": ">", "<=": "<=", ">=": ">="},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/", "%": "%"},
)
"""Operators from the loosest to the tightest, each with FEEL's sign for it."""

_VARIABLES: Final[Mapping[str, str]] = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
    "loopCounter": "(loopCounter - 1)",
}
"""What a multi-instance activity counts; here the first item has the number 1."""

_METHODS: Final[Mapping[tuple[str, int], str]] = {
    ("size", 0): "count({0})",
    ("length", 0): "string length({0})",
    ("isEmpty", 0): 'list contains([null, "", []], {0})',
    ("equals", 1): "{0} = {1}",
    ("toLowerCase", 0): "lower case({0})",
    ("toUpperCase", 0): "upper case({0})",
    ("startsWith", 1): "starts with({0}, {1})",
    ("endsWith", 1): "ends with({0}, {1})",
    ("toString", 0): "string({0})",
}
_EXECUTION: Final[Mapping[tuple[str, int], str]] = {
    ("getVariable", 1): "{0}",
    ("getVariableLocal", 1): "{0}",
    ("hasVariable", 1): "{0} != null",
}
"""What expressions ask of their execution, with the name of a variable."""

_RESERVED: Final = frozenset(
    {
        *("execution", "task", "caseExecution", "authenticatedUserId", "connector"),
        *("if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "between"),
        *("function", "instance", "of"),
    }
)


class Untranslatable(Exception):
    """An expression has no counterpart in FEEL."""


def feel(text: str) -> str | None:
    """Return the FEEL of a text with expressions, None for a text without.

    Raises:
        Untranslatable: An expression says what FEEL cannot.
    """
    if not has_expression(text):
        return None
    if len(text) > MOST or text.count("{") > _MOST_PARTS:
        raise Untranslatable
    pieces = list(_pieces(text.strip()))
    if len(pieces) == 1:
        return pieces[0][1]
    return " + ".join(quoted(said) if plain else f"string({said})" for plain, said in pieces)


def has_expression(text: str) -> bool:
    """Return whether a text holds an expression, or what was meant as one."""
    return "${" in text or "#{" in text


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the words as they are and the expressions as FEEL, each told from the other."""
    at = 0
    for found in _PARTS.finditer(text):
        if words := text[at : found.start()]:
            yield True, _words(words)
        yield False, _Parser(list(_tokens(found.group(1)))).whole()
        at = found.end()
    if words := text[at:]:
        yield True, _words(words)


def _words(text: str) -> str:
    if has_expression(text):
        raise Untranslatable
    return text


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise Untranslatable
        kind, written = found.lastgroup, found.group(found.lastgroup)
        at = found.end()
        yield ("sign", _WORDS[written]) if kind == "name" and written in _WORDS else (kind, written)


def quoted(text: str) -> str:
    """Return a text as FEEL writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(slots=True)
class _Parser:
    """Recursive descent; how deep it goes is bounded, so that no text can exhaust the stack."""

    tokens: list[tuple[str, str]]
    at: int = 0
    depth: int = 0

    def whole(self) -> str:
        """Return the FEEL of all tokens."""
        said = self._choice()
        if self.at != len(self.tokens):
            raise Untranslatable
        return said

    def _choice(self) -> str:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Untranslatable
        said = self._level(0)
        if self._takes("?"):
            first = self._choice()
            self._needs(":")
            said = f"if {said} then {first} else {self._choice()}"
        self.depth -= 1
        return said

    def _level(self, level: int) -> str:
        if level == len(_LEVELS):
            return self._unary()
        said = self._level(level + 1)
        while (sign := self._sign()) in _LEVELS[level]:
            self.at += 1
            other = self._level(level + 1)
            written = _LEVELS[level][sign]
            said = f"modulo({said}, {other})" if sign == "%" else f"{said} {written} {other}"
        return said

    def _unary(self) -> str:
        # A row of signs is taken in a loop: `!!!a` is no reason to go deeper.
        wraps: list[str] = []
        while True:
            if self._takes("!"):
                wraps.append("not({0})")
            elif self._takes("-"):
                wraps.append("-{0}")
            elif self._peek() == ("name", "empty"):
                self.at += 1
                wraps.append(_METHODS["isEmpty", 0])
            else:
                break
        said = self._postfix()
        for wrap in reversed(wraps):
            said = wrap.replace("{0}", said)
        return said

    def _postfix(self) -> str:
        begins_with_execution = self._peek() == ("name", "execution")
        said = self._execution() if begins_with_execution else self._primary()
        while True:
            if self._takes("."):
                said = self._member(said)
            elif self._takes("["):
                said = self._index(said)
            else:
                return said

    def _primary(self) -> str:
        kind, written = self._next()
        if kind == "number":
            return written
        if kind == "text":
            return quoted(_unescaped(written))
        if written == "(":
            said = self._choice()
            self._needs(")")
            return f"({said})"
        if kind != "name" or written in _RESERVED or self._sign() == "(":
            raise Untranslatable
        return _VARIABLES.get(written, written)

    def _execution(self) -> str:
        self.at += 1
        self._needs(".")
        kind, name = self._next()
        if kind != "name":
            raise Untranslatable
        if self._sign() != "(":
            # `execution.loopCounter` and the like are variables by another way.
            if name not in _VARIABLES:
                raise Untranslatable
            return _VARIABLES[name]
        arguments = self._arguments(self._variable_named)
        if (name, len(arguments)) not in _EXECUTION:
            raise Untranslatable
        return _filled(_EXECUTION[name, len(arguments)], arguments)

    def _member(self, of: str) -> str:
        kind, name = self._next()
        if kind != "name":
            raise Untranslatable
        if self._sign() != "(":
            return f"{of}.{name}"
        arguments = self._arguments(self._choice)
        if (name, len(arguments)) not in _METHODS:
            raise Untranslatable
        return _filled(_METHODS[name, len(arguments)], [of, *arguments])

    def _index(self, of: str) -> str:
        kind, written = self._next()
        self._needs("]")
        if kind == "number" and written.isdecimal():
            return f"{of}[{int(written) + 1}]"  # FEEL counts from 1
        if kind == "text":
            return f"get value({of}, {quoted(_unescaped(written))})"
        raise Untranslatable

    def _arguments(self, read: Callable[[], str]) -> list[str]:
        self._needs("(")
        found: list[str] = []
        while self._sign() != ")":
            if found:
                self._needs(",")
            found.append(read())
        self.at += 1
        return found

    def _variable_named(self) -> str:
        kind, written = self._next()
        name = _unescaped(written) if kind == "text" else ""
        if not re.fullmatch(r"[^\W\d]\w*", name):
            raise Untranslatable
        return name

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def _sign(self) -> str:
        kind, written = self._peek()
        return written if kind == "sign" else ""

    def _next(self) -> tuple[str, str]:
        found = self._peek()
        self.at += 1
        return found

    def _takes(self, sign: str) -> bool:
        taken = self._sign() == sign
        self.at += taken
        return taken

    def _needs(self, sign: str) -> None:
        if not self._takes(sign):
            raise Untranslatable


def _filled(template: str, parts: Sequence[str]) -> str:
    # Not `format`: the parts are somebody's text and may hold braces.
    return re.sub(r"\{(\d)\}", lambda match: parts[int(match.group(1))], template)


def _unescaped(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL)
