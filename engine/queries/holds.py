"""Reads what is held after a restore."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from common.context import Actor
from engine.models.holds import Hold
from engine.models.instances import ENDED, Instance
from governance import access


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A hold, and its run; None where nothing of the run is left."""

    hold: Hold
    run: Instance | None


def hold_of(run_id: UUID) -> Hold | None:
    """Return why a run is held, or None."""
    return Hold.objects.filter(pk=run_id, released_at=None).first()


def list_held(*, actor: Actor, unit_id: UUID) -> list[HeldRun]:
    """Return what is held in a unit, in the order in which it was; ended runs need nobody.

    Raises:
        NotFound: the unit does not exist for the actor.
    """
    access.require_in_unit("incident.view", actor=actor, unit_id=unit_id)
    holds = list(Hold.objects.filter(unit_id=unit_id, released_at=None))
    runs = Instance.objects.select_related("process", "deployment", "started_by")
    known = runs.in_bulk([hold.pk for hold in holds])
    found = [HeldRun(hold, known.get(hold.pk)) for hold in holds]
    return [one for one in found if one.run is None or one.run.state not in ENDED]
