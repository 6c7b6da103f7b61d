"""The systems that models of a unit call by name, and the destinations its runs may reach."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from governance.models.connections import Connection, EgressDestination


@dataclass(frozen=True, slots=True)
class Reach:
    """Where runs of a unit may call."""

    connections: list[Connection]
    destinations: list[EgressDestination]


def list_reach(unit_id: UUID) -> Reach:
    """Return the connections and allowed destinations of a unit."""
    return Reach(
        connections=list(Connection.objects.filter(unit_id=unit_id)),
        destinations=list(EgressDestination.objects.filter(unit_id=unit_id)),
    )
