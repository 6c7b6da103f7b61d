"""`manage.py sweep`: the process that finds what no doorbell announced."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from engine.workers.sweeper import Sweeper


class Command(BaseCommand):
    """Sweeps until it is told to stop; several may run, one of them works."""

    help = "Ring for due work that nobody was told of, and carry timers on when no worker lives."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Sweep."""
        over = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: over.set())
        self.stdout.write("sweeper: at work")
        Sweeper(over.is_set).run()
