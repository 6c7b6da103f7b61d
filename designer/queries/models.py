"""What the language says of a model: its problems, and what changed from another one.

Both depend on nothing but the bytes, so an answer is kept under their digest.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.cache import cache

from common.words import in_words
from designer.versioning import model_digest
from engine.bpmn import diff, validation
from engine.queries.connectors import known_jobs
from engine.xml import UnreadableModel

Row = dict[str, Any]
_KEPT_FOR = 60 * 60


def problems_of(xml: bytes) -> list[Row]:
    """Return what is wrong with a model, errors first, each on its element."""

    def judged() -> list[Row]:
        return [asdict(problem) for problem in validation.problems(xml, known_jobs())]

    return _in_words(_kept(f"problems.{model_digest(xml)}", judged))


def changes_between(before: bytes | None, after: bytes) -> list[Row]:
    """Return what changed from one model to another, by consequence; nothing to tell without one.

    Where one of the two cannot be read, as only a model from before a stricter reader could be,
    the problems say so and no change is told.
    """
    if before is None:
        return []

    def compared() -> list[Row]:
        try:
            return [asdict(change) for change in diff.diff(before, after)]
        except UnreadableModel:
            return []

    return _in_words(_kept(f"changes.{model_digest(before)}.{model_digest(after)}", compared))


def _in_words(rows: list[Row]) -> list[Row]:
    """What is kept is English; each reader gets their own language."""
    return [in_words(row) for row in rows]


def _kept(key: str, make: Any) -> list[Row]:
    found: list[Row] | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, _KEPT_FOR)
    return found
