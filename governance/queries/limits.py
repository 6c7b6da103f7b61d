"""Reads the limits of a unit."""

from __future__ import annotations

from uuid import UUID

from governance.models.limits import UnitLimits


def get_limits(unit_id: UUID) -> UnitLimits:
    """Return the limits of a unit; without a row, none of them is set."""
    found = UnitLimits.objects.select_related("unit").filter(unit_id=unit_id).first()
    return found or UnitLimits(unit_id=unit_id)
