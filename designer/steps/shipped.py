"""The step templates that come with the product: every version of them that ever did."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from designer.steps import reader
from designer.steps.elements import Template

PREFIX: Final = "interlock."
"""With which their ids begin, and no other's."""

_LIBRARY: Final = Path(__file__).parents[1] / "library"


@cache
def templates() -> Mapping[str, Mapping[int, Template]]:
    """Return the shipped templates by id and version; earlier versions stay for what uses them."""
    found: dict[str, dict[int, Template]] = {}
    for path in sorted(_LIBRARY.glob("*.json")):
        for each in reader.read_file(path.read_bytes()):
            found.setdefault(each.id, {})[each.version] = each
    return found
