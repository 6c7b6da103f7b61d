"""Leases on the queue: taking work that is due, keeping it, giving it back.

The queue is many lines: one for each kind of worker, unit and system that is called. A claim takes
from all of them in turn, so that a unit with a hundred thousand due entries keeps no other waiting,
and takes no more than the units' limits leave room for. Rows that another worker looks at are
skipped, never waited for. Only ids, times and numbers are read, so this is the one part of the
engine that works across business units.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from engine import crash_points
from engine.crash_points import Point
from engine.models.queue import ENGINE, JOB_QUEUES, Kind
from engine.store import Lease

#: How long a worker may be silent before another one takes its work: within ten seconds, with the
#: time that it takes to notice.
LEASE = timedelta(seconds=8)
#: How many jobs of a unit may be at one system at a time, unless its limits say otherwise.
JOBS_PER_TARGET = 16

#: Where workers hear from the database that a queue waits for them.
CHANNEL = "engine_due"

_NOW = timedelta(0)
# Any number of our own. Whoever claims jobs counts those at work first; two must not count at once.
_COUNTING = "SELECT pg_advisory_xact_lock(125534)"

_LINES = """
    (SELECT one.* FROM unnest(%(queues)s::text[]) AS wanted(queue), LATERAL (
        SELECT q.queue, q.unit_id, q.target FROM engine_queueentry q
        WHERE q.queue = wanted.queue
        ORDER BY q.unit_id, q.target LIMIT 1) AS one)
    UNION ALL
    SELECT one.* FROM line, LATERAL (
        SELECT q.queue, q.unit_id, q.target FROM engine_queueentry q
        WHERE q.queue = line.queue AND (q.unit_id, q.target) > (line.unit_id, line.target)
        ORDER BY q.unit_id, q.target LIMIT 1) AS one
"""
_LINE_OF_ONE = "SELECT queue, unit_id, target FROM engine_queueentry WHERE id = %(only)s"
# Of one line, what is due and in nobody's hands.
_DUE = """
    FROM engine_queueentry q
    WHERE q.queue = {line}.queue AND q.unit_id = {line}.unit_id AND q.target = {line}.target
        AND q.due_at <= engine_now() - %(late)s * interval '1 second'
        AND (q.lease_until IS NULL OR q.lease_until < engine_now())
        AND (%(shard)s::int IS NULL OR q.shard = %(shard)s)
        AND (%(only)s::uuid IS NULL OR q.id = %(only)s)
    ORDER BY q.due_at, q.id
"""
# What is due, as far as there is room for it: in turn among the systems of a unit, and then among
# the units. What is at work already counts as served before. A limit that is a number stands beside
# one that is reckoned, because the planner can count with the first only.
_IN_TURN = """
WITH RECURSIVE line AS ({lines}),
busy AS MATERIALIZED (
    SELECT unit_id, target, count(*) AS held FROM engine_queueentry
    WHERE lease_until >= engine_now() AND queue <> %(engine)s GROUP BY 1, 2),
busy_unit AS (
    SELECT unit_id, sum(held) AS held_in_unit FROM busy GROUP BY 1),
room AS MATERIALIZED (
    SELECT line.*, coalesce(held, 0) AS held, coalesce(held_in_unit, 0) AS held_in_unit,
        CASE WHEN line.target <> 0 THEN
            greatest(0, coalesce(jobs_per_target, %(per_target)s) - coalesce(held, 0))
        END AS left_at_target,
        CASE WHEN line.queue <> %(engine)s AND jobs_at_once IS NOT NULL THEN
            greatest(0, jobs_at_once - coalesce(held_in_unit, 0))
        END AS left_in_unit
    FROM line
    LEFT JOIN busy USING (unit_id, target)
    LEFT JOIN busy_unit USING (unit_id)
    LEFT JOIN governance_unitlimits USING (unit_id)),
waiting AS (
    SELECT room.*, entry.*,
        row_number() OVER (PARTITION BY unit_id, target ORDER BY due_at, id) AS nth
    FROM room CROSS JOIN LATERAL (
        SELECT * FROM (
            SELECT q.id, q.kind, q.shard, q.due_at {due}
            LIMIT least(%(limit)s, left_at_target, left_in_unit)) AS roomy
        LIMIT %(limit)s) AS entry),
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY unit_id ORDER BY held + nth, due_at, id) AS turn
    FROM waiting WHERE left_at_target IS NULL OR nth <= left_at_target),
in_turn AS (
    SELECT * FROM numbered WHERE left_in_unit IS NULL OR turn <= left_in_unit
    ORDER BY held_in_unit + turn, due_at, id LIMIT %(limit)s)
"""
_LOOK = """
SELECT id, kind, shard, queue, extract(epoch FROM engine_now() - due_at)::float8 FROM in_turn
"""
# The turns say how many of each line; those are then taken from what is not locked, so that two
# workers at once get different rows.
_TAKE = """,
share AS MATERIALIZED (
    SELECT queue, unit_id, target, count(*) AS size FROM in_turn GROUP BY 1, 2, 3),
taken AS MATERIALIZED (
    SELECT entry.id FROM share CROSS JOIN LATERAL (
        SELECT q.id {due} LIMIT share.size FOR UPDATE SKIP LOCKED) AS entry
    LIMIT %(limit)s)
UPDATE engine_queueentry q
SET lease_until = engine_now() + %(lease)s * interval '1 second',
    lease_epoch = nextval('engine_lease_epoch')
FROM taken WHERE q.id = taken.id
RETURNING q.due_at, q.id, q.lease_epoch, q.unit_id, q.instance_id, q.kind,
    q.kind = 'TIMER' AND EXISTS (
        SELECT 1 FROM engine_queueentry e
        WHERE e.instance_id = q.instance_id AND e.kind = 'TIMER'
            AND (e.due_at, e.id) < (q.due_at, q.id)
            AND e.id NOT IN (SELECT id FROM taken))
"""


def _in_turn(lines: str, then: str) -> str:
    head = _IN_TURN.format(lines=lines, due=_DUE.format(line="room"))
    return head + then.format(due=_DUE.format(line="share"))


_DUE_SOON = _in_turn(_LINES, _LOOK)
_CLAIM, _CLAIM_ONE = _in_turn(_LINES, _TAKE), _in_turn(_LINE_OF_ONE, _TAKE)
# A row that is locked is being reported or cancelled just now, and whoever does so does not wait
# for us: it is left as it is, and still ours.
_RENEW = """
WITH mine AS (
    SELECT q.id, q.lease_epoch
    FROM engine_queueentry q
    JOIN unnest(%(ids)s::uuid[], %(epochs)s::bigint[]) AS v(id, epoch)
        ON v.id = q.id AND v.epoch = q.lease_epoch),
free AS MATERIALIZED (
    SELECT q.id FROM engine_queueentry q
    WHERE (q.id, q.lease_epoch) IN (SELECT id, lease_epoch FROM mine)
    FOR UPDATE SKIP LOCKED),
renewed AS (
    UPDATE engine_queueentry q SET lease_until = engine_now() + %(lease)s * interval '1 second'
    FROM free WHERE q.id = free.id)
SELECT id, lease_epoch FROM mine
"""
_WAITING = """
SELECT queue FROM engine_queueentry WHERE id = %s AND due_at <= engine_now()
    AND (lease_until IS NULL OR lease_until < engine_now())
"""
_CALL = "SELECT pg_notify(%s, queue) FROM unnest(%s::text[]) AS called(queue)"
_POSTPONE = """
UPDATE engine_queueentry q
SET lease_until = NULL, due_at = engine_now() + %s * interval '1 second'
FROM unnest(%s::uuid[], %s::bigint[]) AS v(id, epoch)
WHERE q.id = v.id AND q.lease_epoch = v.epoch AND q.due_at < '9999-01-01'
"""
_MOVE = """
UPDATE engine_queueentry q SET lease_until = NULL, queue = v.queue
FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS v(id, epoch, queue)
WHERE q.id = v.id AND q.lease_epoch = v.epoch AND q.due_at < '9999-01-01'
"""
_HOLD = """
UPDATE engine_queueentry SET lease_until = NULL, due_at = %s, held_for = %s,
    held_since = coalesce(held_since, engine_now())
WHERE id = %s AND lease_epoch = %s AND due_at < '9999-01-01'
"""
# Spread, so that what waited for one system does not fall upon it at one instant.
_WAKE = """
UPDATE engine_queueentry SET due_at = engine_now() + random() * %s * interval '1 second'
WHERE held_for = %s AND lease_until IS NULL AND due_at > engine_now() AND due_at < '9999-01-01'
"""
_SPREAD = 5.0


@dataclass(frozen=True, slots=True)
class Claim:
    """Work that is ours until the lease ends.

    A timer is `behind` where an earlier one of its run is in other hands.
    """

    lease: Lease
    unit_id: UUID
    instance_id: UUID
    kind: Kind
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the queue: at most `limit` entries, jobs or what workers drain themselves.

    `late` leaves to others what has just become due.
    """

    kinds: Sequence[Kind]
    limit: int
    shard: int | None = None
    queues: Collection[str] | None = None
    only: UUID | None = None
    late: timedelta = _NOW


JOBS = (Kind.JOB,)
DRAINED = (Kind.TIMER, Kind.CONTINUE, Kind.START, Kind.DELIVER)


def claim(wanted: Wanted) -> list[Claim]:
    """Take what is due and in nobody's hands, in turn among units; the oldest first.

    Claims of jobs wait for one another until the transaction around this ends: call it in one of
    its own.
    """
    text, values = statement(wanted)
    with connection.cursor() as cursor:
        if Kind.JOB in wanted.kinds:
            cursor.execute(f"{_COUNTING};{text}", values)
            cursor.nextset()
        else:
            cursor.execute(text, values)
        rows = sorted(cursor.fetchall())
    if rows:
        crash_points.reached(Point.CLAIMED)
    return [
        Claim(Lease(entry_id, epoch), unit_id, instance_id, Kind(kind), behind)
        for _due_at, entry_id, epoch, unit_id, instance_id, kind, behind in rows
    ]


def waits_in(entry_id: UUID) -> str | None:
    """Return the queue of an entry that is due and in nobody's hands; None for any other."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [entry_id])
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def statement(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """Return the statement of a claim and its values."""
    allowed = JOB_QUEUES if Kind.JOB in wanted.kinds else (ENGINE,)
    values: dict[str, Any] = _values(wanted.limit) | {
        "lease": LEASE.total_seconds(),
        "late": wanted.late.total_seconds(),
        "shard": wanted.shard,
        "only": wanted.only,
        "queues": [name for name in allowed if wanted.queues is None or name in wanted.queues],
    }
    return (_CLAIM if wanted.only is None else _CLAIM_ONE), values


def renew(leases: Collection[Lease]) -> set[Lease]:
    """Stay at work; return what is still ours: the rest was taken over, or is no longer wanted."""
    if not leases:
        return set()
    ids, epochs = _columns(leases)
    values: dict[str, Any] = {"ids": ids, "epochs": epochs, "lease": LEASE.total_seconds()}
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, values)
        return {Lease(*row) for row in cursor.fetchall()}


def postpone(leases: Collection[Lease], by: timedelta) -> None:
    """Give work back, to be taken up again later."""
    if leases:
        with connection.cursor() as cursor:
            cursor.execute(_POSTPONE, [by.total_seconds(), *_columns(leases)])


def move(queues: Mapping[Lease, str]) -> None:
    """Give jobs back, each to the queue whose workers may do it."""
    if queues:
        rows = [(lease.entry_id, lease.epoch, queue) for lease, queue in queues.items()]
        with connection.cursor() as cursor:
            cursor.execute(_MOVE, [list(column) for column in zip(*sorted(rows), strict=True)])


def hold(lease: Lease, *, circuit_id: UUID, until: datetime) -> None:
    """Give a job back until a circuit lets it through. It costs no attempt and no worker."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [until, circuit_id, lease.entry_id, lease.epoch])


def wake(circuit_id: UUID) -> None:
    """Let what a circuit held come soon, and not all of it at once."""
    with connection.cursor() as cursor:
        cursor.execute(_WAKE, [_SPREAD, circuit_id])


@dataclass(frozen=True, slots=True)
class Due:
    """An entry in nobody's hands, and for how many seconds it has been due; negative: not yet."""

    entry_id: UUID
    kind: Kind
    shard: int
    queue: str
    waited: float


def due(limit: int, ahead: timedelta = _NOW) -> list[Due]:
    """Return what is due now or so soon and has room to be done, in turn among units."""
    values: dict[str, Any] = _values(limit) | {"late": -ahead.total_seconds()}
    with connection.cursor() as cursor:
        cursor.execute(_DUE_SOON, values)
        return [
            Due(entry_id, Kind(kind), shard, queue, waited)
            for entry_id, kind, shard, queue, waited in cursor.fetchall()
        ]


def call(queues: Collection[str]) -> None:
    """Wake every worker of these queues that listens to the database."""
    with connection.cursor() as cursor:
        cursor.execute(_CALL, [CHANNEL, sorted(queues)])


def _values(limit: int) -> dict[str, Any]:
    return {
        "limit": limit,
        "late": 0,
        "shard": None,
        "only": None,
        "engine": ENGINE,
        "queues": [ENGINE, *JOB_QUEUES],
        "per_target": JOBS_PER_TARGET,
    }


def _columns(leases: Iterable[Lease]) -> tuple[list[UUID], list[int]]:
    ordered = sorted(leases, key=lambda lease: lease.entry_id)
    return [lease.entry_id for lease in ordered], [lease.epoch for lease in ordered]
