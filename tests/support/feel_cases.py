"""FEEL cases: those of the public TCK where they are, and some of our own where they are not.

A case has `dir` and `id`, the FEEL text `expr`, the inputs `inp` by name and the expected `exp`.
Each value is `{"t": type, "v": value}`, a number as its decimal text; null is null.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TCK = Path(os.environ.get("INTERLOCK_SHARED", ROOT.parent / "shared")) / "feel-tck" / "cases.json"


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


def _file() -> Path:
    return TCK if TCK.is_file() else Path(__file__).with_suffix(".json")
