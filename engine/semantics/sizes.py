"""How much one variable may hold: measured as it is kept, where a step writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from engine.bpmn.elements import FlowNode
from engine.semantics.errors import ValueTooLarge
from engine.semantics.events import Event, VariablesSet

#: No character takes more in JSON: a control character is written as six.
_BYTES_PER_CHARACTER = 6
_QUOTES = 2


def fitting(events: list[Event], node: FlowNode, limit: int) -> list[Event]:
    """Return what a step at a node wrote, after a look that no variable holds too much.

    Raises:
        ValueTooLarge: One would.
    """
    for event in events:
        if type(event) is VariablesSet:
            require_fit(event.values.items(), node.name or node.id, limit)
    return events


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
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode("utf-8", "surrogatepass"))


def _may_be_large(value: Any, limit: int) -> bool:
    if isinstance(value, str):
        return len(value) * _BYTES_PER_CHARACTER + _QUOTES > limit
    return isinstance(value, list | dict) and bool(value)
