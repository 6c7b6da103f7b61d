"""`manage.py verify_history`: every run's rows against the replay of its journal."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from common import tenancy
from engine.models.instances import Instance
from engine.queries import journals
from governance.models.units import Unit


class Command(BaseCommand):
    """Replays every journal; names each run whose chain is broken or whose rows differ."""

    help = "Replay every journal and compare it with what is stored."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Verify, and leave with 1 where anything is wrong."""
        wrong = sum(self._unit(unit) for unit in Unit.objects.order_by("key"))
        if wrong:
            sys.exit(1)

    def _unit(self, unit: Unit) -> int:
        wrong = runs = 0
        with tenancy.units_in_scope([unit.pk]):
            for fault in journals.faults(unit.pk):
                wrong += 1
                self.stdout.write(f"{unit.key}: run {fault.id}: {fault.detail}")
            for run in Instance.objects.order_by("pk").iterator():
                runs += 1
                with transaction.atomic():
                    for difference in journals.differences(run.pk):
                        wrong += 1
                        self.stdout.write(f"{unit.key}: {run.key}: {difference}")
        self.stdout.write(f"{unit.key}: {runs} runs, {wrong} faults")
        return wrong
