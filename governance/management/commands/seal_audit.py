"""Runs the sealer: every unit, without a gap, within a second; checkpoints outside the database."""

from __future__ import annotations

import logging
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection

from common import clock
from governance import sealing
from governance.checkpoints import Book, Scribe
from governance.models.audit import AuditSeal
from governance.models.units import Unit

logger = logging.getLogger(__name__)

# A look at nothing is one statement; one that found something is followed at once. What comes in
# while the sealer rests is sealed within a second all the same.
_IDLE = 0.7
#: Where there was something there is more soon, and it is looked for more often for a while.
_BRISK, _LINGER = 0.25, 10.0
_RECONNECT = 1.0


class Command(BaseCommand):
    """Seal the audit until told to stop."""

    help = "Seal audit entries and journal heads into each unit's chain."
    requires_migrations_checks = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stopped: bool = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--once", action="store_true", help="Seal what is there, and end.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT; a lost database is waited for."""
        if options["once"]:
            self._work_once()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopped:
            try:
                self._work()
            except Error:
                logger.warning("sealer.database_away")
                connection.close()
                time.sleep(_RECONNECT)

    def _work_once(self) -> None:
        if not sealing.take_turn():
            self.stdout.write("Another sealer is at work.")
            return
        try:
            scribe = load_scribe()
            made = note(scribe, sealing.Sealer().seal_all())
            scribe.write_due(clock.now(), all_of_them=True)
        finally:
            sealing.give_turn()
        self.stdout.write(f"{made} sealed.")

    def _work(self) -> None:
        while not sealing.take_turn():
            time.sleep(_RECONNECT)
            if self._stopped:
                return
        logger.info("sealer.at_work")
        sealer, scribe = sealing.Sealer(), load_scribe()
        brisk_until = 0.0
        try:
            while not self._stopped:
                made = note(scribe, sealer.seal())
                scribe.write_due(clock.now())
                if made:
                    brisk_until = time.monotonic() + _LINGER
                else:
                    time.sleep(_BRISK if time.monotonic() < brisk_until else _IDLE)
            # What came in since the last look is in the checkpoint that ends this turn.
            note(scribe, sealer.seal_all())
        finally:
            # A database that went away may not come back as it was: this is what will tell.
            scribe.write_due(clock.now(), all_of_them=True)

    def _stop(self, *_: Any) -> None:
        self._stopped = True


def load_scribe() -> Scribe:
    """Return a scribe that knows the links sealed since the last checkpoint of every unit."""
    book = Book(settings.DATA_DIR)
    scribe = Scribe(book)
    for unit_id in Unit.objects.values_list("pk", flat=True):
        last, _digest = book.last(unit_id)
        seals = AuditSeal.objects.filter(unit_id=unit_id).order_by("seq")
        scribe.take(unit_id, map(sealing.as_link, seals.filter(seq__gt=last)), clock.now())
        if last and not seals.filter(seq=last).exists():
            logger.error("audit.truncated", extra={"unit": str(unit_id), "checkpoint": last})
    return scribe


def note(scribe: Scribe, seals: list[AuditSeal]) -> int:
    """Hand new links to the scribe and return how many there were."""
    for seal in seals:
        scribe.take(seal.unit_id, [sealing.as_link(seal)], seal.sealed_at)
    return len(seals)
