"""Whether this installation has been set up."""

from __future__ import annotations

from governance.models.units import Unit


def is_set_up() -> bool:
    """Tell whether the first unit exists; with it comes the first administrator."""
    return Unit.objects.exists()
