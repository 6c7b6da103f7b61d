"""Reads attempts: what came of the calls of a run that did not go well."""

from __future__ import annotations

from uuid import UUID

from common.context import Actor
from engine.models.attempts import Attempt
from engine.models.incidents import Incident
from engine.queries import instances

#: How many are shown of one run.
SHOWN = 50


def list_of_run(*, actor: Actor, run_id: UUID) -> list[Attempt]:
    """Return the last attempts of a run that brought no result, newest first.

    Raises:
        NotFound: there is no such run, or not for this actor.
    """
    run = instances.get_run(actor=actor, run_id=run_id)
    return list(Attempt.objects.filter(instance_id=run.pk).order_by("-at", "-id")[:SHOWN])


def last_of(incident: Incident) -> Attempt | None:
    """Return the attempt that an incident followed."""
    if incident.activity is None:
        return None
    return Attempt.objects.filter(job=incident.activity).order_by("-at", "-id").first()
