"""Problems without what the shipped rules find: tests of validation ask for no owners or tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.lint import BY_CODE


def besides_rules(problems: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the problems that validation found."""
    return [one for one in problems if one["code"] not in BY_CODE]
