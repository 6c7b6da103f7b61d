"""The functions that the editor offers are functions of the language, with names it knows."""

from __future__ import annotations

import json
from pathlib import Path

from engine.expressions.functions import FUNCTIONS

OFFERED = Path(__file__).parents[4] / "frontend" / "src" / "editor" / "feel" / "functions.json"


def test_every_function_that_is_offered_exists() -> None:
    names = [row["name"] for row in json.loads(OFFERED.read_text(encoding="utf-8"))]

    assert len(names) > 40
    assert [name for name in names if name not in FUNCTIONS] == []
