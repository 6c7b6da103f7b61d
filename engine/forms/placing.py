"""What every part of a form has: when it is hidden, and where it stands on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from engine.forms.formulas import Formula

Path: TypeAlias = tuple[str, ...]
"""Where a value lies: the name of the variable, then the names of entries inside it."""

COLUMNS: Final = 16
"""Of a row of the page, as form-js counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A component. Parts with the same `row` stand side by side; `width` is 0 where it is free."""

    hide: Formula | None = None
    row: str = ""
    width: int = 0

    @property
    def formulas(self) -> Iterator[Formula]:
        """Yield what is computed in it; when it is hidden stands apart."""
        yield from ()


def entry(values: object, path: Path) -> Any:
    """Return what lies at a path of nested contexts, None where there is nothing."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


def put(values: dict[str, Any], path: Path, value: object) -> None:
    """Lay a value at a path; what else is in the contexts on the way stays."""
    for name in path[:-1]:
        inner = values.get(name)
        values[name] = inner = dict(inner) if isinstance(inner, dict) else {}
        values = inner
    values[path[-1]] = value


def remove(values: dict[str, Any], path: Path) -> None:
    """Take away what lies at a path."""
    if len(path) > 1 and entry(values, path[:-1]) is not None:
        rest = dict(entry(values, path[:-1]))
        rest.pop(path[-1], None)
        put(values, path[:-1], rest)
    elif len(path) == 1:
        values.pop(path[0], None)
