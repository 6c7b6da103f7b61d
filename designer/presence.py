"""Pure: who is at a draft, and what each has in hand.

A hold is advice: it tells the others that somebody works on an element, and stops nobody. It ends
with another selection, with leaving, with the connection, and when its holder does nothing for a
while.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

#: How long one holds what one selected without doing anything, in seconds.
HELD_FOR: Final = 120.0
#: How long one counts as here after one was last heard of, in seconds.
SILENT_FOR: Final = 14.0
#: More at one draft are not shown.
MOST_SEATS: Final = 40
_LONGEST_ID: Final = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """What a browser says: which element it has selected; nothing new where it is still at it."""

    element: str | None
    is_still: bool = False


@dataclass(frozen=True, slots=True)
class Seat:
    """One connection at a draft: whose it is, and what they have selected or hold."""

    key: str
    person: str
    name: str
    may_edit: bool
    element: str | None = None
    since: float = 0.0
    holds: bool = False

    def said(self, heard: Heard, now: float) -> Seat:
        """Return the seat after its browser spoke; the time is that of its own clock."""
        return replace(self, element=self.element if heard.is_still else heard.element, since=now)

    def at(self, now: float) -> Seat:
        """Return the seat as the others are to see it now."""
        holds = self.may_edit and self.element is not None and now - self.since < HELD_FOR
        return replace(self, holds=holds)

    def judged(self, *, may_edit: bool) -> Seat:
        """Return the seat under the rights its person has now."""
        return replace(self, may_edit=may_edit)

    def plain(self) -> dict[str, Any]:
        """Return what other connections of the server are told."""
        return asdict(self)

    def shown(self) -> dict[str, Any]:
        """Return what other browsers are told."""
        told = ("key", "person", "name", "element", "holds")
        return {name: getattr(self, name) for name in told}


class Seats:
    """Who else is here, as one connection has heard."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[Seat, float]] = {}

    def here(self, seat: Seat, now: float) -> None:
        """Note that somebody is here."""
        if seat.key in self._heard or len(self._heard) < MOST_SEATS:
            self._heard[seat.key] = (seat, now)

    def leave(self, key: str) -> None:
        """Note that somebody left."""
        self._heard.pop(key, None)

    def first(self, seat: Seat, held: str | None) -> Seat:
        """Return a seat that holds only what nobody held before it; `held` is what it held so far.

        Two that began at once both held it: the one with the smaller key keeps it.
        """
        others = [
            one for one, _ in self._heard.values() if one.holds and one.element == seat.element
        ]
        keeps = held == seat.element and all(seat.key < one.key for one in others)
        return seat if keeps or not others else replace(seat, holds=False)

    def present(self, now: float) -> list[Seat]:
        """Return who was heard of lately, by name; a moment is no part of the answer."""
        gone = [key for key, (_, at) in self._heard.items() if now - at > SILENT_FOR]
        for key in gone:
            del self._heard[key]
        seats = [replace(seat, since=0.0) for seat, _ in self._heard.values()]
        return sorted(seats, key=lambda seat: (seat.name, seat.key))


def heard(text: str | None) -> Heard | None:
    """Return what a browser says, or None where that is not spoken here."""
    try:
        said = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if said == {"type": "still"}:
        return Heard(None, is_still=True)
    if not isinstance(said, dict) or set(said) != {"type", "element"} or said["type"] != "select":
        return None
    element = said["element"]
    if element is not None and not (isinstance(element, str) and 0 < len(element) <= _LONGEST_ID):
        return None
    return Heard(element)
