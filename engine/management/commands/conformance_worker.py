"""A worker of `manage.py conformance --mode durable`: it starts them itself."""

from __future__ import annotations

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from engine.actions import drains
from engine.rehearsal.studio import DATABASE
from engine.rehearsal.world import WORKER

_PAUSE = 0.003


class Command(BaseCommand):
    """Carry on what is due in the database of a rehearsal, until whoever began it is gone."""

    help = "Carry on what is due in the database of a rehearsal."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Work.

        Raises:
            CommandError: there is no rehearsal.
        """
        name = os.environ.get(DATABASE, "")
        if not name or not settings.ALLOW_DEMO:
            raise CommandError("This is started by `manage.py conformance --mode durable`.")
        connection.settings_dict["NAME"] = name
        parent = os.getppid()
        while os.getppid() == parent:
            try:
                if not drains.drain(actor=WORKER):
                    time.sleep(_PAUSE)
            except DatabaseError:
                # The rehearsal ends by removing its database.
                connection.close()
                time.sleep(_PAUSE)
