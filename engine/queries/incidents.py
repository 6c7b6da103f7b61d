"""Reads incidents: what stands still, grouped by its cause."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from common.context import Actor
from engine.models.incidents import Incident
from governance import access
from governance.models.people import Person


@dataclass(slots=True)
class Cause:
    """Incidents that are alike: one step of one process, one sentence."""

    fingerprint: str
    cause: str
    process_name: str
    element_name: str
    owner: Person
    incidents: list[Incident] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many runs stand still for it."""
        return len(self.incidents)

    @property
    def first_at(self) -> datetime:
        """Return when it was first met."""
        return min(incident.raised_at for incident in self.incidents)

    @property
    def last_at(self) -> datetime:
        """Return when it was last met."""
        return max(incident.raised_at for incident in self.incidents)


def list_causes(*, actor: Actor, unit_id: UUID) -> list[Cause]:
    """Return the causes of all open incidents of a unit, the widest first.

    Raises:
        NotFound: the unit does not exist for the actor.
    """
    access.require_in_unit("incident.view", actor=actor, unit_id=unit_id)
    causes: dict[str, Cause] = {}
    for incident in _open().filter(unit_id=unit_id):
        mark = fingerprint(incident)
        cause = causes.setdefault(mark, _cause(mark, incident))
        cause.incidents.append(incident)
    return sorted(causes.values(), key=lambda cause: (-cause.count, cause.fingerprint))


def list_of_run(run_id: UUID) -> list[Incident]:
    """Return the open incidents of a run, oldest first."""
    return list(_open().filter(instance_id=run_id).order_by("raised_at"))


def last_resolved(unit_id: UUID) -> Incident | None:
    """Return the incident that was resolved last."""
    rows = Incident.objects.filter(unit_id=unit_id).exclude(resolution="")
    return rows.select_related("instance").order_by("-resolved_at").first()


def fingerprint(incident: Incident) -> str:
    """Return what is equal for incidents of one cause."""
    text = f"{incident.instance.process_id}/{incident.element}/{incident.code}/{incident.cause}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _open() -> QuerySet[Incident]:
    return Incident.objects.filter(resolution="").select_related(
        "instance__process__owner", "instance__deployment"
    )


def _cause(mark: str, incident: Incident) -> Cause:
    process = incident.instance.process
    return Cause(mark, incident.cause, process.name, incident.name, process.owner)
