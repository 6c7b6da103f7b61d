"""Which waiting token a message wakes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from engine.expressions.values import admit, described
from engine.semantics.errors import ValueUnusable
from engine.semantics.variables import short

_KEY = "The correlation key"


class Waiting(Protocol):
    """What is read of a subscription, be it a row or a value."""

    @property
    def name(self) -> str:
        """Return the name of the message."""

    @property
    def key(self) -> str | None:
        """Return the correlation key, or None where every message of the name will do."""


W = TypeVar("W", bound=Waiting)


def key_of(value: object) -> str:
    """Return the value as a correlation key: a number and its text are the same key.

    Raises:
        ValueUnusable: Null, a list or a context cannot tell one run from another, and a text or
            number of more than 255 characters is too long for it.
    """
    if isinstance(value, str) and value:
        return short(value, _KEY)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return short(str(int(value)) if value == int(value) else str(value), _KEY)
    raise ValueUnusable(
        expression=_KEY,
        kind=described(admit(value)),
        wanted="a text that is not empty, or a number",
    )


def receiver(waiting: Iterable[W], name: str, key: str) -> W | None:
    """Return the subscription that a message goes to; `waiting` is in order of waiting.

    Two may wait for one message. BPMN leaves the choice open; we wake the oldest, so that a
    replay of the journal chooses the same one.
    """
    return next((one for one in waiting if one.name == name and one.key in {None, key}), None)
