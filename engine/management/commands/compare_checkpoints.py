"""`manage.py compare_checkpoints`: what a restore has lost; the runs concerned are held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common import context, tenancy
from common.context import automation
from engine.actions import holds
from engine.actions.holds import TakenBack
from governance.checkpoints import Book
from governance.models.units import Unit
from governance.rollback import Loss

ACTOR = automation("restore")


class Command(BaseCommand):
    """Compare every unit with its checkpoints, and hold what was taken back."""

    help = "After a restore: say what is lost, and hold the runs that had gone on."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, and say it in words; there is nothing to do where nothing was lost."""
        book, held, gone = Book(settings.DATA_DIR), 0, 0
        for unit in Unit.objects.order_by("key"):
            scene = context.Scene(request_id="restore", actor=ACTOR, unit_id=unit.pk)
            with context.scene(scene), tenancy.units_in_scope([unit.pk]):
                loss, runs = holds.hold_what_was_lost(actor=ACTOR, unit=unit, book=book)
            if loss is None:
                self.stdout.write(f"{unit.name}: nothing is lost; the checkpoints know no more.")
                continue
            self._say(unit, loss, runs)
            held += sum(bool(run.key) for run in runs)
            gone += sum(not run.key for run in runs)
        if held or gone:
            self.stdout.write(
                f"{held} runs are held and {gone} are gone. Compare them with the systems they "
                "called, then release each on its page (Operations, Held after a restore)."
            )

    def _say(self, unit: Unit, loss: Loss, runs: list[TakenBack]) -> None:
        journals = len(loss.heads)
        self.stdout.write(
            f"{unit.name}: taken back from {_moment(loss.until)} to {_moment(loss.since)}: "
            f"{loss.last - loss.kept} links are lost, {loss.entries} of them audit entries; "
            f"{journals} journals had gone on."
        )
        for run in runs:
            self.stdout.write(f"  {_in_words(run)}")


def _in_words(run: TakenBack) -> str:
    if not run.key:
        return f"GONE run {run.instance_id}: begun after the backup, sealed to event {run.lost_seq}"
    return (
        f"HELD {run.key} {run.title}: sealed to event {run.lost_seq}, restored to {run.kept_seq} "
        f"(run {run.instance_id})"
    )


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "the beginning"
