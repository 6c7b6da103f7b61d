"""Where phrases of the pure packages are put into the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from common.phrases import said


def in_words(value: Any) -> Any:
    """Return a text, or texts in lists, tuples and dicts, in the language in play."""
    if isinstance(value, str):
        return said(value, translation)
    if isinstance(value, dict):
        return {name: in_words(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [in_words(inner) for inner in value]
    return value
