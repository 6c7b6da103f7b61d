"""Problem: what is wrong with a model, on which element, how bad, and what would mend it.

What is said is a phrase, which whoever shows it puts into the reader's language. Each modelling
language keeps its texts in one table of its own; docs/problems.md explains each code at more
length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from common.phrases import Phrase, enumerated

_MOST_LISTED: Final = 5

Severity = Literal["error", "warning", "hint"]
"""An error keeps the model from running or from review, a warning and a hint do not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend.

    `element` is the id in the file, None where the file as a whole is meant; `name` is what the
    element is called in the drawing, or what kind it is where it has no name. Where a run shows
    the problem, `tokens` are the elements that hold one then, and `path` is how it came there.
    `mend` says what an editor can do about it, where the element alone does not say.
    """

    code: str
    severity: Severity
    element: str | None
    name: str
    message: Phrase
    hint: Phrase
    tokens: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    mend: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Text:
    """The words for one code. `{it}` is the element, the other fields come with the problem."""

    message: str
    hint: str
    severity: Severity = "error"


def filled(
    texts: Mapping[str, Text],
    code: str,
    element: str | None = None,
    name: str = "",
    **fields: Any,
) -> Problem:
    """Return the problem of this code with its words filled in."""
    text = texts[code]
    it = shown(element, name)
    words = {"it": it, **fields}
    if "kind" in fields:
        words["kind"] = with_article(fields["kind"])
    if isinstance(it, Unnamed) and text.message.startswith("{it}"):
        words["it"] = Leading(it)
    return Problem(
        code,
        text.severity,
        element,
        name,
        Phrase(text.message, **words),
        Phrase(text.hint, **words),
    )


class Unnamed(str):
    """The id of an element without a name, until its drawing says what it is."""

    __slots__ = ()


class Leading(Unnamed):
    """The same, where it begins the sentence."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Called:
    """What an element without a name is called, at the beginning of a sentence and within one."""

    leading: str
    within: str


def named(found: Problem, called: Mapping[str, Called]) -> Problem:
    """Return a problem whose elements without a name are told by their kind and never by an id."""

    def instead(value: Any) -> Any:
        if not isinstance(value, Unnamed) or value not in called:
            return value
        words = called[value]
        return words.leading if isinstance(value, Leading) else words.within

    name = found.name
    if not name and found.element is not None and found.element in called:
        name = called[found.element].leading
    message, hint = found.message.refilled(instead), found.hint.refilled(instead)
    return replace(found, name=name, message=message, hint=hint)


def shown(element: str | None, name: str) -> str:
    """Return an element as a sentence names it: by its name, where it has one."""
    shortened = " ".join(name.split())[:80]
    if shortened:
        return Phrase("“{name}”", name=shortened)
    return Unnamed(element) if element else Phrase("The model")


def listed(names: Sequence[str]) -> str:
    """Return an enumeration that stays readable however many there are."""
    if len(names) <= _MOST_LISTED:
        return enumerated(names)
    rest = len(names) - _MOST_LISTED
    return Phrase("{names} and {count} more", names=enumerated(names[:_MOST_LISTED]), count=rest)


def with_article(noun: str) -> str:
    """Return a noun with its article: a timer event, an error event."""
    return Phrase("an {noun}" if noun[:1] in set("aeioAEIO") else "a {noun}", noun=noun)
