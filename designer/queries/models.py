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
from designer.queries import rules, step_templates
from designer.queries.facts import facts_of
from designer.queries.resources import Holder, contents
from designer.versioning import model_digest
from engine import lint
from engine.bpmn import diff, validation
from engine.bpmn.surroundings import Surroundings
from engine.companions import Companions
from engine.lint import Setting
from engine.queries import surroundings
from engine.xml import UnreadableModel

Row = dict[str, Any]
_KEPT_FOR = 60 * 60
_ORDER = {"error": 0, "warning": 1, "hint": 2}


def problems_of(holder: Holder) -> list[Row]:
    """Return what is wrong with a model and its files, errors first, each on its element.

    What is well drawn is said by the rules that hold for its process.
    """
    return problems_under(holder, rules.settings_of(holder.process))


def problems_under(holder: Holder, settings: Mapping[str, Setting]) -> list[Row]:
    """Return what is wrong with a model and its files under given settings of the rules."""
    companions = Companions.of(contents(holder))
    xml, around = bytes(holder.xml), surroundings.of_model(holder.unit_id, companions)
    steps = step_templates.digests_of(holder.unit_id, xml)
    facts = facts_of(holder)

    def judged() -> list[Row]:
        found = lint.judged(xml, facts, settings, validation.problems(xml, around))
        found = [*companions.problems, *found, *step_templates.problems_of(holder.unit_id, xml)]
        ordered = sorted(found, key=lambda one: _ORDER[one.severity])
        return [asdict(problem) for problem in ordered]

    known = [holder.resources, steps, _published(around), _known(facts), _weights(settings)]
    told = json.dumps(known, sort_keys=True)
    return _in_words(kept(f"problems.{model_digest(xml)}.{model_digest(told.encode())}", judged))


def _published(around: Surroundings) -> dict[str, list[str]]:
    return {name: sorted(tags) for name, tags in (around.processes or {}).items()}


def _known(facts: lint.Facts) -> Row:
    groups = {key: sorted(members) for key, members in facts.groups.items()}
    return asdict(facts) | {"groups": groups, "authors": sorted(facts.authors)}


def _weights(settings: Mapping[str, Setting]) -> Row:
    return {code: asdict(setting) for code, setting in settings.items()}


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
