"""Looking for work without the broker: a worker whose ears are dead is late, and never useless.

A thread in every worker process listens to the database, through which the sweeper calls out what
was rung for in vain. Listening asks nothing. Where even the sweeper is dead, the thread looks by
itself now and then at what has been due for a while: idle, that is one cheap query.
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
from django.db import DatabaseError, InterfaceError, connection

from engine import leases
from engine.actions import drains
from engine.models.queue import ENGINE, JOB_QUEUES
from engine.workers import jobs
from engine.workers.jobs import ACTOR

#: A doorbell is heard within milliseconds; what waits longer than this was not rung for.
LATE = timedelta(seconds=2)
#: Seconds between two looks of which nobody spoke, at most.
_EVERY = 20.0
_RECONNECT = 1.0
_AT_ONCE = 0.001

logger = logging.getLogger(__name__)


@worker_process_init.connect
def start_polling(**_named: Any) -> None:
    """Begin to look, once the process has forked: threads and connections do not survive a fork."""
    queues = frozenset(current_app.amqp.queues.consume_from)
    thread = threading.Thread(target=_poll_for_ever, args=(queues,), name="polling", daemon=True)
    thread.start()


def look(queues: Collection[str], late: timedelta = LATE) -> int:
    """Do what has been due in these queues for so long; return how much was found."""
    found = drains.drain(actor=ACTOR, late=late) if ENGINE in queues else 0
    wanted = [name for name in JOB_QUEUES if name in queues]
    return found + (jobs.drain(wanted, late) if wanted else 0)


def _poll_for_ever(queues: Collection[str]) -> None:
    while True:
        try:
            _listen_and_look(queues)
        except (DatabaseError, InterfaceError):
            logger.warning("polling.no_database")
            connection.close()
            time.sleep(_RECONNECT)
        except Exception:  # the last line of a thread that must not die
            logger.exception("polling.broke")
            time.sleep(_RECONNECT)


def _listen_and_look(queues: Collection[str]) -> None:
    """Work whenever a queue is called out, and look now and then; until the connection changes."""
    with connection.cursor() as cursor:
        cursor.execute(f'LISTEN "{leases.CHANNEL}"')
    handle, late = connection.connection, LATE
    while connection.connection is handle:
        while look(queues, late):
            pass
        late = timedelta(0) if is_called(queues, _rest()) else LATE


def is_called(queues: Collection[str], seconds: float = _EVERY) -> bool:
    """Listen until one of these queues is called out; False when nobody did for so long."""
    handle = connection.connection
    until = time.monotonic() + seconds
    with connection.wrap_database_errors:
        while handle is not None and (left := until - time.monotonic()) > 0:
            # One look answers all calls up to now, so the rest of them is taken too.
            heard = list(handle.notifies(timeout=left, stop_after=1))
            heard += handle.notifies(timeout=_AT_ONCE)
            if any(notice.payload in queues for notice in heard):
                return True
    return False


def _rest() -> float:
    """Return for how long to listen: not all processes of a machine look at one instant."""
    return _EVERY * (1 + int.from_bytes(os.urandom(2), "big") / 2**16) / 2
