"""What is wrong with a BPMN model, filled in from the texts."""

from __future__ import annotations

from functools import cache
from typing import Any

from common.phrases import Phrase
from engine.bpmn.problem_texts import TEXTS
from engine.bpmn.vocabulary import kind_words
from engine.problems import Called, Problem, filled


def problem(code: str, element: str | None = None, name: str = "", **fields: Any) -> Problem:
    """Return the problem with its words filled in."""
    return filled(TEXTS, code, element, name, **fields)


@cache
def by_kind(tag: str) -> Called:
    """Return what an element of a kind is called that has no name."""
    kind = kind_words(tag)
    return Called(
        Phrase("{kind} without a name", kind=Phrase(f"{kind[:1].upper()}{kind[1:]}")),
        Phrase("the {kind} without a name", kind=Phrase(kind)),
    )
