"""All routes of the product, flat, with what answers at each: for tests that must miss none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from governance import gatekeeper

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address and method, and the act that classifies it (None where nobody did)."""

    path: str
    method: str
    act: str | None

    @property
    def parameters(self) -> list[str]:
        """Return the names in the path that stand for objects."""
        return _PARAMETER.findall(self.path)

    @property
    def is_api(self) -> bool:
        """Tell whether a program asks here."""
        return self.path.startswith("/api/")

    def url(self, values: dict[str, str]) -> str:
        """Return the address for some objects."""
        return _PARAMETER.sub(lambda found: values[found[1]], self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def all_routes() -> list[Route]:
    """Return every route, one entry a method."""
    return [
        Route(f"/{path}", method, gatekeeper.act_of(view, method))
        for path, view in _flat(get_resolver().url_patterns)
        for method in _methods(view)
    ]


def _flat(patterns: Any, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback


def _methods(view: Callable[..., Any]) -> list[str]:
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if kind is not None:
        return [
            name.upper()
            for name in ("get", "post", "put", "patch", "delete")
            if hasattr(kind, name)
        ]
    return list(getattr(view, "methods", ("GET", "POST")))
