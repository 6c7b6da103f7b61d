"""`manage.py rebuild`: the state and the read models of runs, made anew from their journals."""

from __future__ import annotations

import sys
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import context, tenancy
from common.context import automation
from common.errors import DomainError
from engine.actions import recovery, rollups
from engine.management import arguments
from engine.queries import verification
from engine.queries.rollups import miscounts
from engine.semantics.errors import told
from governance.models.units import Unit

ACTOR = automation("rebuild")


class Command(BaseCommand):
    """Rebuild one run, or all; each in a transaction of its own, under its lock."""

    help = "Make the rows of runs what their journals give."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--run", help="The number or the id of one run.")
        which.add_argument("--all", action="store_true", help="Every run of every unit.")
        parser.add_argument("--dry-run", action="store_true", help="Say it, and change nothing.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rebuild, and leave with 1 where a run could not be."""
        wanted = None if options["all"] else arguments.run_named(options["run"])
        seen = failed = changed = 0
        for unit in Unit.objects.order_by("key"):
            scene = context.Scene(request_id="rebuild", actor=ACTOR, unit_id=unit.pk)
            with context.scene(scene), tenancy.units_in_scope([unit.pk]):
                for instance_id in verification.runs(unit.pk, wanted):
                    seen += 1
                    rows = self._rebuild(instance_id, dry=options["dry_run"])
                    failed += rows is None
                    changed += bool(rows)
                if wanted is None:
                    self._recount(unit, dry=options["dry_run"])
        if wanted is not None and not seen:
            raise CommandError(f"There is no run {options['run']}.")
        verb = "would be rebuilt" if options["dry_run"] else "rebuilt"
        self.stdout.write(f"{seen} runs looked at, {changed} {verb}, {failed} could not be.")
        if failed:
            sys.exit(1)

    def _recount(self, unit: Unit, *, dry: bool) -> None:
        """Count the ended runs of a unit anew where the counts of reports are not theirs."""
        for wrong in miscounts(unit.pk):
            if not dry:
                rollups.recount(wrong.process_id, {wrong.day})
            self.stdout.write(f"{unit.key}: {wrong.words}")

    def _rebuild(self, instance_id: UUID, *, dry: bool) -> int | None:
        """Rebuild one run; return how many rows differed, or None where it could not be."""
        try:
            done = recovery.rebuild(actor=ACTOR, instance_id=instance_id, dry=dry)
        except DomainError as error:
            self.stdout.write(f"run {instance_id}: {told(error)}")
            return None
        for difference in done.changed:
            self.stdout.write(f"run {instance_id}: {verification.in_words(difference)}")
        if done.erased and done.changed:
            self.stdout.write(f"run {instance_id}: {done.erased} erased values are left empty")
        return len(done.changed)
