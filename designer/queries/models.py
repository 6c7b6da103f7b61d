"""What the language says of a model: its problems, and what changed from another one."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def problems_of(xml: bytes) -> list[Row]:  # noqa: ARG001
    """Return what is wrong with a model, errors first, each on its element."""
    return []


def changes_between(before: bytes | None, after: bytes) -> list[Row]:  # noqa: ARG001
    """Return what changed from one model to another, by consequence; all is new without one."""
    return []
