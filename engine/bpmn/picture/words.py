"""Words in a picture: wrapped to a width and escaped."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

SIZE: Final = 12
LINE: Final = 15
_WIDE: Final = frozenset("MWmw@%")
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[] ")


def width(text: str) -> float:
    """Return about how wide a text is, in pixels of the font that pictures are set in."""
    wide = sum(char in _WIDE or ord(char) > 0x2E80 for char in text)  # noqa: PLR2004  (full width)
    narrow = sum(char in _NARROW for char in text)
    return 6.6 * (len(text) - wide - narrow) + 11 * wide + 3.8 * narrow


def wrapped(text: str, room: float, most: int) -> list[str]:
    """Return the lines of a text; the last of them ends with … where more does not fit."""
    lines: list[str] = []
    for word in _fitting(text, room):
        if lines and width(f"{lines[-1]} {word}") <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][:-1].rstrip()}…"]
    return lines


def _fitting(text: str, room: float) -> Iterator[str]:
    """Yield words, those that are wider than the room in pieces."""
    for word in text.split():
        rest = word
        while width(rest) > room and len(rest) > 1:
            cut = max(1, int(len(rest) * room / width(rest)))
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


def block(lines: list[str], x: float, top: float, *, anchor: str = "middle") -> str:
    """Return lines as text elements, the first of them under `top`."""
    return "".join(
        f'<text class="bpmn-words" x="{x:g}" y="{top + LINE * (place + 0.8):g}"'
        f' text-anchor="{anchor}" fill="#22262e">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
