"""Finds registry entries by what people call them."""

from __future__ import annotations

from uuid import UUID

from governance.models.processes import Process


def process_id_of(unit_id: UUID, key: str) -> UUID:
    """Return the id behind a key.

    Raises:
        Process.DoesNotExist: the unit has no process of that key.
    """
    return Process.objects.values_list("pk", flat=True).get(unit_id=unit_id, key=key)
