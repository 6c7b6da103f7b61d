"""Reads business units."""

from __future__ import annotations

from uuid import UUID

from governance.models.units import Unit


def get_unit(unit_id: UUID) -> Unit:
    """Return a unit.

    Raises:
        Unit.DoesNotExist: there is none.
    """
    return Unit.objects.get(pk=unit_id)
