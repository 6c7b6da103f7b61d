"""What the language says of a model: its problems, and what changed from another one.

Both depend on nothing but the bytes, and problems on what is published around them, so an answer
is kept under the digest of that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.core.cache import cache

from common.words import in_words
from designer.models.resources import Manifest
from designer.queries import step_templates
from designer.queries.resources import Holder, contents
from designer.versioning import model_digest
from engine.bpmn import diff, validation
from engine.bpmn.surroundings import Surroundings
from engine.companions import Companions
from engine.queries import surroundings
from engine.xml import UnreadableModel

Row = dict[str, Any]
_KEPT_FOR = 60 * 60


def problems_of(holder: Holder) -> list[Row]:
    """Return what is wrong with a model and its files, errors first, each on its element."""
    companions = Companions.of(contents(holder))
    xml, around = bytes(holder.xml), surroundings.of_model(holder.unit_id, companions)
    steps = step_templates.digests_of(holder.unit_id, xml)

    def judged() -> list[Row]:
        found = [*companions.problems, *validation.problems(xml, around)]
        found += step_templates.problems_of(holder.unit_id, xml)
        ordered = sorted(found, key=lambda one: one.severity != "error")
        return [asdict(problem) for problem in ordered]

    return _in_words(kept(f"problems.{_digest(xml, holder.resources, around, steps)}", judged))


def _digest(xml: bytes, resources: Manifest, around: Surroundings, steps: Mapping[str, str]) -> str:
    """Return what an answer depends on, as one digest."""
    published = {name: sorted(tags) for name, tags in (around.processes or {}).items()}
    told = json.dumps([resources, published, steps], sort_keys=True)
    return f"{model_digest(xml)}.{model_digest(told.encode())}"


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

    return _in_words(kept(f"changes.{model_digest(before)}.{model_digest(after)}", compared))


def _in_words(rows: list[Row]) -> list[Row]:
    """What is kept is English; each reader gets their own language."""
    return [in_words(row) for row in rows]


def kept(key: str, make: Callable[[], list[Row]]) -> list[Row]:
    """Return what was made under a key before, else make it now and keep it."""
    found: list[Row] | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, _KEPT_FOR)
    return found
