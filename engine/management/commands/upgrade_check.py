"""`manage.py upgrade_check`: asked by a new version, before anything is changed for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common import tenancy
from engine.queries import upgrades
from engine.queries.upgrades import Remark, Weight
from governance.models.units import Unit


class Command(BaseCommand):
    """Says what stops an upgrade, what to mind, and what is in order; changes nothing."""

    help = "Before a new version: say what would stop the upgrade."
    # It is asked by code that is newer than the schema.
    requires_migrations_checks = False

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Check, and leave with 1 where something stops the upgrade."""
        found = list(_remarks())
        for weight in Weight:
            for remark in found:
                if remark.weight is weight:
                    self.stdout.write(f"{weight.value:<6} {remark.text}")
        stops = sum(remark.weight is Weight.STOPS for remark in found)
        if stops:
            self.stdout.write(f"{stops} things stop the upgrade to {settings.VERSION}.")
            sys.exit(1)
        self.stdout.write(f"Nothing stops the upgrade to {settings.VERSION}.")


def _remarks() -> Iterator[Remark]:
    yield from upgrades.migrations()
    yield from upgrades.renamed_settings()
    yield from upgrades.disk_space(Path(settings.DATA_DIR))
    yield from upgrades.workers()
    units = Unit.objects.order_by("key").values_list("pk", flat=True)
    with tenancy.units_in_scope(list(units)):
        yield from upgrades.journals()
        yield from upgrades.models()
