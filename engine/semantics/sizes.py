"""How much one variable may hold: measured as it is kept, where a step writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from engine.semantics.errors import ValueTooLarge

#: No character takes more in JSON: a control character is written as six.
_BYTES_PER_CHARACTER = 6
_QUOTES = 2
_COMPACT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def require_fit(values: Iterable[tuple[str, Any]], step: str, limit: int) -> None:
    """Refuse values of which one takes more bytes, as JSON, than a variable may.

    Raises:
        ValueTooLarge: One does.
    """
    for name, value in values:
        if _may_be_large(value, limit) and (size := size_of(value)) > limit:
            raise ValueTooLarge(step=step, name=name, size=size, limit=limit)


def size_of(value: Any) -> int:
    """Return how many bytes a value takes as JSON."""
    return len(_COMPACT.encode(value).encode("utf-8", "surrogatepass"))


def _may_be_large(value: Any, limit: int) -> bool:
    if isinstance(value, str):
        return len(value) * _BYTES_PER_CHARACTER + _QUOTES > limit
    return isinstance(value, list | dict) and bool(value)
