"""The functions that the editor offers are functions of the language, with names it knows."""

from __future__ import annotations

import re
from pathlib import Path

from engine.expressions.functions import FUNCTIONS

OFFERED = Path(__file__).parents[4] / "frontend" / "src" / "editor" / "feel" / "functions.ts"


def test_every_function_that_is_offered_exists() -> None:
    names = re.findall(r'^  \["([^"]+)",', OFFERED.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(names) > 40
    assert [name for name in names if name not in FUNCTIONS] == []
