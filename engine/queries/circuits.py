"""Reads circuits: the systems that runs of a unit call and that have failed, and what waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from common.context import Actor
from engine.models.circuits import Circuit, CircuitState
from engine.models.jobs import Job
from engine.models.queue import QueueEntry
from governance import access

#: Those that need somebody first.
_ORDER = {CircuitState.OPEN: 0, CircuitState.HALF_OPEN: 1, CircuitState.CLOSED: 2}


@dataclass(frozen=True, slots=True)
class Standing:
    """A circuit, and how many jobs wait for it."""

    circuit: Circuit
    waiting: int


@dataclass(frozen=True, slots=True)
class Wait:
    """A step of a run that waits because its system is not called at the moment."""

    name: str
    circuit: Circuit


def list_circuits(*, actor: Actor, unit_id: UUID) -> list[Standing]:
    """Return the circuits of a unit, open ones first.

    Raises:
        NotAllowed, NotFound: the actor may not see them.
    """
    access.require_in_unit("circuit.view", actor=actor, unit_id=unit_id)
    held = QueueEntry.objects.filter(unit_id=unit_id, held_for__isnull=False)
    waiting = Counter(held.values_list("held_for", flat=True))
    rows = Circuit.objects.filter(unit_id=unit_id)
    standings = [Standing(row, waiting[row.pk]) for row in rows]
    return sorted(standings, key=lambda one: _ORDER[CircuitState(one.circuit.state)])


def waits_of_run(run_id: UUID) -> list[Wait]:
    """Return the steps of a run that wait for a circuit."""
    held = QueueEntry.objects.filter(instance_id=run_id, held_for__isnull=False)
    by_job = dict(held.values_list("pk", "held_for"))
    circuits = Circuit.objects.exclude(state=CircuitState.CLOSED).in_bulk(set(by_job.values()))
    names = dict(Job.objects.filter(pk__in=by_job).values_list("pk", "name"))
    return [
        Wait(names[job], circuits[circuit])
        for job, circuit in by_job.items()
        if job in names and circuit in circuits
    ]
