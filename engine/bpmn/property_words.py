"""How a property of an element is told: its label, its group, its risk and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from common.phrases import Phrase, enumerated
from engine.expressions import YearsMonths
from engine.expressions.errors import Refusal
from engine.expressions.moments import SECOND
from engine.expressions.temporal import parse_duration

Group = Literal["behaviour", "data", "text", "layout"]
Risk = Literal["none", "low", "medium", "high"]
Name = Callable[[str], str]
"""What the element of an id is called."""

_SHORT = 90


@dataclass(frozen=True, slots=True)
class Words:
    """How one property is told. `{b}` is the value before, `{a}` the one after, `{key}` its key."""

    label: str
    group: Group
    risk: Risk
    changed: str = ""
    added: str = ""
    removed: str = ""
    show: Callable[[str, Name], str] = lambda value, _: quoted(value)
    key: str = ""

    @property
    def spoken(self) -> str:
        """Return the label as a heading."""
        return Phrase(self.label, key=self.key)

    @property
    def within(self) -> str:
        """Return the label as it stands within a sentence."""
        return Phrase(self.label[:1].lower() + self.label[1:], key=self.key)


def quoted(value: str) -> str:
    """Return a value in quotation marks, shortened for a sentence."""
    return Phrase("“{value}”", value=shortened(value))


def shortened(value: str) -> str:
    """Return a value on one line of bearable length, without the mark of an expression."""
    line = " ".join(value.split()).removeprefix("=").strip()
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"


def human_duration(text: str) -> str:
    """Return an ISO duration as people say it: PT1M30S is 1 min 30 s."""
    try:
        length = parse_duration(text.strip())
    except Refusal:
        return shortened(text)
    if isinstance(length, YearsMonths):
        years, months = divmod(abs(length.months), 12)
        parts = [
            (years, Phrase("{count} year", "{count} years", count=years)),
            (months, Phrase("{count} month", "{count} months", count=months)),
        ]
    else:
        days, rest = divmod(abs(length.nanos) // SECOND, 86_400)
        hours, minutes, seconds = rest // 3_600, rest % 3_600 // 60, rest % 60
        parts = [
            (days, Phrase("{count} d", count=days)),
            (hours, Phrase("{count} h", count=hours)),
            (minutes, Phrase("{count} min", count=minutes)),
            (seconds, Phrase("{count} s", count=seconds)),
        ]
    said = [words for count, words in parts if count]
    return reduce(_beside, said) if said else Phrase("{count} s", count=0)


def _beside(before: Phrase, after: Phrase) -> Phrase:
    return Phrase("{before} {after}", before=before, after=after)


def times(text: str) -> str:
    """Return how often: once, twice, 5 times."""
    often = {"1": "once", "2": "twice"}.get(text)
    return Phrase(often) if often else Phrase("{number} times", number=shortened(text))


def approvals(text: str) -> str:
    """Return how many persons must approve."""
    if text.isdecimal():
        return Phrase("{count} approval", "{count} approvals", count=int(text))
    return Phrase("{number} approvals", number=shortened(text))


def bare(value: str, _: Name) -> str:
    """Return a value as it is."""
    return shortened(value)


def duration(value: str, _: Name) -> str:
    """Return an ISO duration as people say it."""
    return human_duration(value)


def as_times(value: str, _: Name) -> str:
    """Return a number as how often."""
    return times(value)


def as_approvals(value: str, _: Name) -> str:
    """Return a number as how many approvals."""
    return approvals(value)


def called(value: str, name: Name) -> str:
    """Return what the element of an id is called."""
    return name(value)


def members(value: str, name: Name) -> str:
    """Return what the elements of several ids are called."""
    return enumerated([name(one) for one in value.split(", ")])


def any_form(_value: str, _: Name) -> str:
    """Return a form as no more than one: its text is shown beside."""
    return Phrase("a form")
