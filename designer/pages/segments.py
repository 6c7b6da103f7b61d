"""Segments: the views of one list, each an address that keeps the rest of the filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def segments(
    request: HttpRequest, labels: Mapping[str, Any], counts: Mapping[str, int], current: str
) -> list[dict[str, Any]]:
    """Return the segments of a list with their counts and addresses."""
    found = []
    for key, label in labels.items():
        query = request.GET.copy()
        query["show"] = key
        found.append(
            {
                "key": key,
                "label": label,
                "count": counts[key],
                "current": key == current,
                "url": f"{request.path}?{query.urlencode()}",
            }
        )
    return found
