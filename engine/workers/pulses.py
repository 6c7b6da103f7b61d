"""Pulses: a message through the broker that comes back as a row. Liveness by effect."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from celery import Task, shared_task
from django.conf import settings
from django.db import connection

from engine.announce import Bell
from engine.models.queue import ENGINE, JOB_QUEUES

PULSE = "engine.pulse"
#: Without a pulse for so long, nobody is taken to be at work.
DEAD = timedelta(seconds=15)
#: Each beat asks the first queue, and one of the others in turn.
IN_TURN = JOB_QUEUES

_BEAT = """
INSERT INTO engine_pulse (worker, queue, version, seen_at) VALUES (%s, %s, %s, engine_now())
ON CONFLICT (worker) DO UPDATE
SET seen_at = excluded.seen_at, queue = excluded.queue, version = excluded.version
"""
_FORGET = "DELETE FROM engine_pulse WHERE seen_at < engine_now() - interval '1 day'"
_ALIVE = """
SELECT count(*) FROM engine_pulse
WHERE queue = %s AND seen_at > engine_now() - %s * interval '1 second'
"""


@shared_task(name=PULSE, bind=True)
def pulse(self: Task[..., None], shard: int) -> None:  # noqa: ARG001  (bodies are an id or a number)
    """Say that this worker heard a message, on which queue and when."""
    queue = str((self.request.delivery_info or {}).get("routing_key", ""))
    with connection.cursor() as cursor:
        worker = f"{socket.gethostname()}:{os.getpid()}/{queue}"
        cursor.execute(_BEAT, [worker[:120], queue[:16], settings.VERSION[:40]])


def forget() -> None:
    """Forget workers that were not heard of for a day."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)


def bells(beat: int) -> list[Bell]:
    """Return the messages of one beat: those who carry runs are asked every time."""
    asked = (ENGINE, IN_TURN[beat % len(IN_TURN)])
    return [Bell(PULSE, queue, (("shard", 0),)) for queue in asked]


def is_alive(queue: str) -> bool:
    """Tell whether a worker of the queue was heard of lately."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIVE, [queue, DEAD.total_seconds()])
        return bool(cursor.fetchone()[0])
