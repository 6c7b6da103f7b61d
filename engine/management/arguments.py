"""Files and JSON named on a command line: read and written, or refused in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError


def opened(name: str | Path, most: int = -1) -> bytes:
    """Return the file's bytes, at most so many; for whoever tells its absence otherwise."""
    with Path(name).open("rb") as file:
        return file.read(most)


def content(name: str | Path, most: int = -1) -> bytes:
    """Return the file's bytes, at most so many.

    Raises:
        CommandError: It cannot be read.
    """
    try:
        return opened(name, most)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None


def text(name: str | Path, most: int = -1) -> str:
    """Return the file's text, of at most so many bytes.

    Raises:
        CommandError: It cannot be read, or is not UTF-8.
    """
    try:
        return content(name, most).decode()
    except UnicodeDecodeError:
        raise CommandError(f"{name} is no UTF-8 text.") from None


def parsed(said: str, what: str) -> Any:
    """Return what a JSON text says.

    Raises:
        CommandError: It is no JSON, or nested too deeply.
    """
    try:
        return json.loads(said)
    except ValueError as error:
        raise CommandError(f"{what} is no JSON: {error}.") from None
    except RecursionError:
        raise CommandError(f"{what} is nested too deeply.") from None


def parsed_object(said: str, what: str) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        CommandError: It is no JSON, or another kind of value.
    """
    found = parsed(said, what)
    if not isinstance(found, dict):
        raise CommandError(f'{what} is no JSON object. Write for example {{"a": 1}}.')
    return found


def leave(name: str | Path, report: str) -> None:
    """Write a file; half of a character, which JSON can hold, stays escaped.

    Raises:
        CommandError: It cannot be written.
    """
    try:
        Path(name).write_text(report, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error.strerror}.") from None


def run_named(text: str) -> int | UUID:
    """Return which run somebody means: its number, with or without RUN-, or its id.

    Raises:
        CommandError: it is neither.
    """
    number = text.upper().removeprefix("RUN-")
    try:
        return int(number) if number.isdecimal() else UUID(text)
    except ValueError as error:
        raise CommandError(
            f"There is no run {text}. Say its number, such as RUN-1001, or its id."
        ) from error
