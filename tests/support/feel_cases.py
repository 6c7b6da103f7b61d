"""FEEL cases: those of the public TCK where they are, and some of our own where they are not.

A case is as `engine.expressions.cases` has it, its values as `engine.expressions.typed`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from engine.expressions.cases import agree
from engine.expressions.errors import Refusal
from engine.expressions.typed import from_typed
from tests.support.shared import SHARED

ROOT = Path(__file__).resolve().parents[2]
TCK = SHARED / "feel-tck" / "cases.json"


@cache
def cases() -> list[dict[str, Any]]:
    """Return every case that there is."""
    found: list[dict[str, Any]] = json.loads(_file().read_text(encoding="utf-8"))["cases"]
    return found


def source() -> str:
    """Return where the cases are from, for whoever reads a figure."""
    return str(json.loads(_file().read_text(encoding="utf-8"))["source"])


def texts() -> list[str]:
    """Return the expressions."""
    return [case["expr"] for case in cases()]


def same(one: Any, other: Any) -> bool:
    """Return whether two values, written with their types, are one to the TCK."""
    try:
        return agree(from_typed(one), from_typed(other))
    except (Refusal, KeyError):  # A text or a type that FEEL has not.
        return False


def _file() -> Path:
    return TCK if TCK.is_file() else Path(__file__).with_suffix(".json")
