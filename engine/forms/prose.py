"""A text for people in blocks: headings, lists and paragraphs, with bold words. No markup passes.

What form-js calls a text is Markdown. The part of it that people write by hand is read here, and
everything else is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

_HEADING: Final = re.compile(r"#{1,6}\s+(.*)")
_ITEM: Final = re.compile(r"\s*(?:[*+-]|[0-9]{1,3}[.)])\s+(.*)")
_BOLD: Final = re.compile(r"\*\*(.*?)\*\*|__(.+?)__")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or a list; `lines` are its items or its lines."""

    kind: Literal["heading", "paragraph", "list"]
    lines: tuple[tuple[Run, ...], ...]


def blocks(text: str) -> tuple[Block, ...]:
    """Return a text in blocks."""
    found: list[Block] = []
    fresh = True
    for line in text.splitlines():
        if not line.strip():
            fresh = True
            continue
        kind, words = _read(line)
        runs = (tuple(_runs(words)),)
        last = found[-1] if found and not fresh else None
        if last is not None and last.kind == kind and kind != "heading":
            found[-1] = Block(kind, last.lines + runs)
        else:
            found.append(Block(kind, runs))
        fresh = False
    return tuple(found)


def _read(line: str) -> tuple[Literal["heading", "paragraph", "list"], str]:
    if heading := _HEADING.fullmatch(line):
        return "heading", heading[1]
    if item := _ITEM.fullmatch(line):
        return "list", item[1]
    return "paragraph", line.strip()


def _runs(words: str) -> Iterator[Run]:
    end = 0
    for found in _BOLD.finditer(words):
        if found.start() > end:
            yield Run(words[end : found.start()])
        # A variable without a value leaves nothing between its marks.
        if words_found := found[1] or found[2]:
            yield Run(words_found, bold=True)
        end = found.end()
    if end < len(words):
        yield Run(words[end:])
