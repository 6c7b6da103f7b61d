"""What is wrong with a form, and where. Read on to the end: an editor shows all of it at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from common.phrases import Phrase
from engine.problems import Severity

Place: TypeAlias = tuple[int, ...]
"""Positions in the lists of components, from the outermost; () is the form itself."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing to mend. An error keeps the form from being shown, a warning does not."""

    place: Place
    sentence: Phrase
    severity: Severity = "error"
