"""What surrounds a model in its business unit: connectors, decisions, published processes."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from engine.bpmn.surroundings import Surroundings
from engine.companions import Companions
from engine.models.deployments import Deployment
from engine.queries.connectors import known_jobs


def of_model(unit_id: UUID, companions: Companions) -> Surroundings:
    """Return what a model of a unit can name, which these files travel with."""
    return Surroundings(
        known_jobs(),
        companions.rulebook.holders,
        _published(unit_id),
        companions.formbook.texts,
    )


def _published(unit_id: UUID) -> Mapping[str, set[str]]:
    """Return the names by which published processes are called, with the tags of their versions."""
    rows = Deployment.objects.filter(unit_id=unit_id).values_list("model_id", "process__key", "tag")
    found: dict[str, set[str]] = {}
    for *names, tag in rows.distinct():
        for name in filter(None, names):
            found.setdefault(name, set()).add(tag)
    return found
