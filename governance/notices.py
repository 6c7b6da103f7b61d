"""What a person should read, besides what they are asked to decide: told by the apps that know.

An app registers a source when it starts; My work shows what the sources tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from common.context import Actor


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to read: a sentence, the first words of it, when, and where it is read."""

    title: str
    text: str
    at: datetime
    url: str


#: Returns what a person has not read yet, newest first.
Source = Callable[[Actor], list[Notice]]
_SOURCES: list[Source] = []


def register_source(source: Source) -> None:
    """Let an app tell people what they should read."""
    _SOURCES.append(source)


def list_notices(actor: Actor) -> list[Notice]:
    """Return what a person has not read yet, newest first."""
    found = [notice for source in _SOURCES for notice in source(actor)]
    return sorted(found, key=lambda notice: notice.at, reverse=True)
