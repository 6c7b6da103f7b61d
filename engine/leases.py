"""Leases on the queue: taking work that is due, keeping it, giving it back.

One statement claims; rows that another worker looks at are skipped, never waited for. Only ids and
times are read, so this is the one part of the engine that works across business units.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from engine import crash_points
from engine.crash_points import Point
from engine.models.queue import Kind
from engine.store import Lease

#: How long a worker may be silent before another one takes its work.
LEASE = timedelta(seconds=10)

_CLAIM = """
UPDATE engine_queueentry q
SET lease_until = engine_now() + %(lease)s * interval '1 second',
    lease_epoch = nextval('engine_lease_epoch')
WHERE q.id IN (
    SELECT id FROM engine_queueentry
    WHERE due_at <= engine_now() - %(late)s * interval '1 second'
      AND (lease_until IS NULL OR lease_until < engine_now())
      AND kind = ANY(%(kinds)s)
      AND (%(shard)s::int IS NULL OR shard = %(shard)s)
      AND (%(queues)s::text[] IS NULL OR queue = ANY(%(queues)s))
      AND (%(only)s::uuid IS NULL OR id = %(only)s)
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING q.id, q.lease_epoch, q.unit_id, q.instance_id, q.kind
"""
_RENEW = """
UPDATE engine_queueentry SET lease_until = engine_now() + %s * interval '1 second'
WHERE id = %s AND lease_epoch = %s
"""
_POSTPONE = """
UPDATE engine_queueentry
SET lease_until = NULL, due_at = engine_now() + %s * interval '1 second'
WHERE id = %s AND lease_epoch = %s AND due_at < '9999-01-01'
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """Work that is ours until the lease ends."""

    lease: Lease
    unit_id: UUID
    instance_id: UUID
    kind: Kind


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the queue. `late` leaves to others what has just become due."""

    kinds: Sequence[Kind]
    limit: int
    shard: int | None = None
    queues: Sequence[str] | None = None
    only: UUID | None = None
    late: timedelta = timedelta(0)


JOBS = (Kind.JOB,)
DRAINED = (Kind.TIMER, Kind.CONTINUE, Kind.START, Kind.DELIVER)


def claim(wanted: Wanted) -> list[Claim]:
    """Take what is due and in nobody's hands, oldest first."""
    values: dict[str, Any] = {
        "lease": LEASE.total_seconds(),
        "late": wanted.late.total_seconds(),
        "kinds": [kind.value for kind in wanted.kinds],
        "shard": wanted.shard,
        "queues": wanted.queues,
        "only": wanted.only,
        "limit": wanted.limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        rows = cursor.fetchall()
    if rows:
        crash_points.reached(Point.CLAIMED)
    return [
        Claim(Lease(entry_id, epoch), unit_id, instance_id, Kind(kind))
        for entry_id, epoch, unit_id, instance_id, kind in rows
    ]


def renew(lease: Lease) -> bool:
    """Stay at the work; False when somebody has taken it over, or it is no longer wanted."""
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [LEASE.total_seconds(), lease.entry_id, lease.epoch])
        return bool(cursor.rowcount)


def postpone(leases: Collection[Lease], by: timedelta) -> None:
    """Give work back, to be taken up again later."""
    with connection.cursor() as cursor:
        for lease in leases:
            cursor.execute(_POSTPONE, [by.total_seconds(), lease.entry_id, lease.epoch])


@dataclass(frozen=True, slots=True)
class Due:
    """An entry that is due and in nobody's hands."""

    entry_id: UUID
    kind: Kind
    shard: int
    queue: str


_DUE = """
SELECT id, kind, shard, queue FROM engine_queueentry
WHERE due_at <= engine_now() AND (lease_until IS NULL OR lease_until < engine_now())
ORDER BY due_at LIMIT %s
"""
_NEXT = """
SELECT extract(epoch FROM min(due_at) - engine_now()) FROM engine_queueentry
WHERE due_at > engine_now()
"""


def due(limit: int) -> list[Due]:
    """Return what waits for a worker, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [limit])
        return [
            Due(entry_id, Kind(kind), shard, queue)
            for entry_id, kind, shard, queue in cursor.fetchall()
        ]


def seconds_to_next() -> float | None:
    """Return how long until more becomes due, or None when nothing will."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        seconds = cursor.fetchone()[0]
    return None if seconds is None else float(seconds)
