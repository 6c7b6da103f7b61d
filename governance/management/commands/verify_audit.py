"""Verifies the audit and says so; ends with 1 when anything is unsealed, missing or altered."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from governance.checkpoints import Book
from governance.models.units import Unit
from governance.sources import Fault
from governance.verification import Verdict, verify


class Command(BaseCommand):
    """Verify every unit's chain, or one."""

    help = "Verify the audit: name unsealed, missing and altered rows."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--unit", default="", help="The key of one business unit.")
        parser.add_argument("--json", action="store_true", help="Answer as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify in one snapshot of the database."""
        book = Book(settings.DATA_DIR)
        with transaction.atomic():
            _one_snapshot()
            units = _units(options["unit"])
            verdicts = {unit: verify(unit.pk, book) for unit in units}
        if options["json"]:
            self.stdout.write(json.dumps(_document(verdicts), ensure_ascii=False))
        else:
            for unit, verdict in verdicts.items():
                self._say(unit, verdict)
        if not all(verdict.holds for verdict in verdicts.values()):
            sys.exit(1)

    def _say(self, unit: Unit, verdict: Verdict) -> None:
        size = f"{verdict.links} links, {verdict.checkpoints} checkpoints"
        for moment in verdict.restores:
            self.stdout.write(
                f"{unit.name}: taken back to a backup on {moment}; later links are lost."
            )
        waiting = f", {verdict.waiting} waiting for their seal" if verdict.waiting else ""
        if verdict.holds:
            self.stdout.write(f"{unit.name}: verified, {size}{waiting}.")
            return
        self.stdout.write(f"{unit.name}: {len(verdict.faults)} faults in {size}{waiting}.")
        for fault in verdict.faults:
            self.stdout.write(f"  {sentence(fault)}")


def sentence(fault: Fault) -> str:
    """Return a fault as a line that names its row."""
    when = f"{fault.at:%Y-%m-%d %H:%M:%S} UTC" if fault.at else ""
    known = ", ".join(part for part in (fault.code, when) if part)
    row = f"{fault.what} {fault.id} ({known})" if known else f"{fault.what} {fault.id}"
    return f"{fault.kind.upper()} {row}: {fault.detail}."


def _one_snapshot() -> None:
    # Inside another transaction (a test's) the level is fixed already, and nothing runs beside it.
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _units(key: str) -> list[Unit]:
    units = list(Unit.objects.filter(key=key) if key else Unit.objects.all())
    if key and not units:
        raise CommandError(f"There is no business unit {key}. Leave --unit out to verify all.")
    return units


def _document(verdicts: dict[Unit, Verdict]) -> dict[str, Any]:
    return {
        "schema": 1,
        "ok": all(verdict.holds for verdict in verdicts.values()),
        "units": [
            {
                "unit": unit.key,
                "links": verdict.links,
                "checkpoints": verdict.checkpoints,
                "waiting": verdict.waiting,
                "restores": verdict.restores,
                "faults": [
                    {**asdict(fault), "at": fault.at and fault.at.isoformat()}
                    for fault in verdict.faults
                ],
            }
            for unit, verdict in verdicts.items()
        ],
    }
