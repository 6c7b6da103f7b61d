"""The lines of a Markdown runbook as a tree: headings, items with what is indented under them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.bpmn.runbooks.runbook import MOST_LINES, UnreadableRunbook

_HEADING: Final = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*")
_ITEM: Final = re.compile(
    r"(?P<indent>\s*)(?P<mark>\d{1,4}[.)]|[a-zA-Z][.)]|[-*+])\s+(?:\[[ xX]\]\s+)?(?P<text>.+)"
)
_OTHERWISE: Final = re.compile(
    r"(?P<indent>\s*)(?P<mark>)(?P<text>(?:else|otherwise)\b.*)", re.IGNORECASE
)
"""Belongs to the list around it also where nobody wrote a mark before it."""

_FENCE: Final = re.compile(r"\s*(```|~~~)")
_EMPHASIS: Final = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_LINK: Final = re.compile(r"!?\[([^\]]+)\]\([^)]*\)")
_TAB: Final = "    "
MOST_DEEP: Final = 20


@dataclass(slots=True)
class Item:
    """A line of a list: its text, its number where it has one, and what is indented under it."""

    text: str
    line: int
    indent: int = 0
    number: str = ""
    section: str = ""
    notes: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class Outline:
    """A whole text: its title, what is said before the first step, and the steps."""

    title: str = ""
    intro: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def outline(text: str) -> Outline:
    """Return the outline of a Markdown text.

    Raises:
        UnreadableRunbook: it has too many lines, or its lists are nested too deeply.
    """
    found = Outline()
    open_items: list[Item] = []
    section = ""
    for number, line, is_code in _lines(text):
        heading = None if is_code else _HEADING.fullmatch(line)
        item = None if is_code or heading else _ITEM.fullmatch(line) or _OTHERWISE.fullmatch(line)
        if heading:
            open_items.clear()
            title = plain(heading[2])
            if not found.title and not found.items:
                found.title = title
            else:
                section = title
        elif item:
            _add(found, open_items, _item(item, number, section))
        elif line.strip():
            (open_items[-1].notes if open_items else found.intro).append(plain(line.strip()))
    return found


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines with their number, and whether they are code."""
    lines = text.replace("\t", _TAB).splitlines()
    if len(lines) > MOST_LINES:
        raise UnreadableRunbook(
            "The file has {count:,} lines; at most {most:,} are read.",
            "Split it into several runbooks.",
            count=len(lines),
            most=MOST_LINES,
        )
    is_code = False
    for number, line in enumerate(lines, start=1):
        if _FENCE.match(line):
            is_code = not is_code
            continue
        yield number, line.rstrip(), is_code


def _item(found: re.Match[str], line: int, section: str) -> Item:
    mark = found["mark"]
    return Item(
        text=plain(found["text"]),
        line=line,
        indent=len(found["indent"]),
        number=mark[:-1] if mark.endswith((".", ")")) else "",
        section=section,
    )


def _add(found: Outline, open_items: list[Item], item: Item) -> None:
    while open_items and open_items[-1].indent >= item.indent:
        open_items.pop()
    if len(open_items) >= MOST_DEEP:
        raise UnreadableRunbook(
            "The lists are nested more than {most} deep on line {line}.",
            "Write what lies innermost as a runbook of its own.",
            most=MOST_DEEP,
            line=item.line,
        )
    (open_items[-1].items if open_items else found.items).append(item)
    open_items.append(item)


def plain(text: str) -> str:
    """Return a text without emphasis, code marks and the addresses of links."""
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text)).strip()
