"""Looking for work without being told: a worker whose ears are dead is late, and never useless.

A thread in every worker process looks at the queue every few seconds and takes what has been due
for a while, which means that its doorbell was not heard. Idle, that is one cheap query.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from celery import current_app
from celery.signals import worker_process_init
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from engine.actions import drains
from engine.workers import jobs
from engine.workers.jobs import ACTOR

#: A doorbell is heard within milliseconds; what waits longer than this was not rung for.
LATE = timedelta(seconds=2)
_EVERY = 3.0

logger = logging.getLogger(__name__)


@worker_process_init.connect
def start_polling(**_named: Any) -> None:
    """Begin to look, once the process has forked: threads and connections do not survive a fork."""
    queues = frozenset(current_app.amqp.queues.consume_from)
    thread = threading.Thread(target=_poll_for_ever, args=(queues,), name="polling", daemon=True)
    thread.start()


def look(queues: Collection[str], late: timedelta = LATE) -> int:
    """Do what has been due in these queues for so long; return how much was found."""
    found = drains.drain(actor=ACTOR, late=late) if "engine" in queues else 0
    return found + jobs.drain(queues, late)


def _poll_for_ever(queues: Collection[str]) -> None:
    # Spread, so that all processes of a machine do not look at one instant.
    time.sleep(_EVERY * int.from_bytes(os.urandom(2), "big") / 2**16)
    while True:
        try:
            while look(queues):
                pass
        except (DatabaseError, InterfaceError):
            logger.warning("polling.no_database")
            connection.close()
        except Exception:  # the last line of a thread that must not die
            logger.exception("polling.broke")
        close_old_connections()
        time.sleep(_EVERY)
