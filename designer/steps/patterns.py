"""Patterns of templates: matched in linear time, whatever pattern and text somebody brings."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import re2

_LONGEST: Final = 1_000
_MEMORY: Final = 1024 * 1024


def is_pattern(text: str) -> bool:
    """Tell whether a text is a pattern that can be matched here."""
    return _compiled(text) is not None


def holds(pattern: str, text: str) -> bool:
    """Tell whether a text holds a pattern somewhere; one that cannot be read holds nowhere."""
    compiled = _compiled(pattern)
    return compiled is not None and compiled.search(text) is not None


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    if len(pattern) > _LONGEST:
        return None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options=options)
    except re2.error:
        return None
