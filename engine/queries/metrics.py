"""How much waits, how long, and for whom: figures for autoscaling and for alarms.

Figures of the whole installation, and nothing else: no unit, person, process or value is in them.
They are read when somebody asks, so an installation that nobody watches pays nothing. Every part
reads an index and stops at `MOST` entries of a line, unit or state: a figure that says so many
means so many or more.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from celery import current_app
from django.db import connection

from common import tenancy
from engine.models.instances import ENDED, RunState
from engine.models.queue import QUEUES, Kind, zone_of
from governance.models.units import Unit

MOST = 10_000
#: For how many seconds what was found out of the broker is told again.
_BROKER_EVERY = 5.0

# The lines of the queue are few: each is found by a jump in the index, and read from its front.
_QUEUE = """
WITH RECURSIVE line AS (
    (SELECT queue, unit_id, target FROM engine_queueentry
        ORDER BY queue, unit_id, target LIMIT 1)
    UNION ALL
    SELECT one.* FROM line, LATERAL (
        SELECT q.queue, q.unit_id, q.target FROM engine_queueentry q
        WHERE (q.queue, q.unit_id, q.target) > (line.queue, line.unit_id, line.target)
        ORDER BY q.queue, q.unit_id, q.target LIMIT 1) AS one),
entry AS (
    SELECT line.queue, e.* FROM line, LATERAL (
        (SELECT q.kind, q.due_at, q.held_for IS NOT NULL AS held, true AS due,
            coalesce(q.lease_until >= engine_now(), false) AS leased
        FROM engine_queueentry q
        WHERE q.queue = line.queue AND q.unit_id = line.unit_id AND q.target = line.target
            AND q.due_at <= engine_now() ORDER BY q.due_at LIMIT %(most)s)
        UNION ALL
        (SELECT q.kind, q.due_at, q.held_for IS NOT NULL, false, false
        FROM engine_queueentry q
        WHERE q.queue = line.queue AND q.unit_id = line.unit_id AND q.target = line.target
            AND q.due_at > engine_now() AND q.due_at < '9999-01-01'
        ORDER BY q.due_at LIMIT %(most)s)) AS e)
SELECT queue, kind,
    count(*) FILTER (WHERE due AND NOT leased),
    coalesce(extract(epoch FROM engine_now() - min(due_at) FILTER (WHERE due AND NOT leased)), 0)
        ::float8,
    count(*) FILTER (WHERE leased),
    count(*) FILTER (WHERE NOT due AND NOT held),
    count(*) FILTER (WHERE NOT due AND held)
FROM entry GROUP BY 1, 2
"""
_RUNS = """
SELECT s.state, sum(found.runs)::bigint
FROM unnest(%(units)s::uuid[]) AS u(id), unnest(%(states)s::text[]) AS s(state), LATERAL (
    SELECT count(*) AS runs FROM (
        SELECT 1 FROM engine_instance i WHERE i.unit_id = u.id AND i.state = s.state
        LIMIT %(most)s) AS few) AS found
GROUP BY 1
"""
# An entry of the audit younger than its unit's newest link, and without a link of its own.
_SEALER = """
SELECT coalesce(max(extract(epoch FROM now() - oldest.at)), 0)::float8
FROM unnest(%(units)s::uuid[]) AS u(id)
LEFT JOIN LATERAL (
    SELECT s.sealed_at FROM governance_auditseal s WHERE s.unit_id = u.id
    ORDER BY s.seq DESC LIMIT 1) AS newest ON true
CROSS JOIN LATERAL (
    SELECT e.at FROM governance_auditentry e
    WHERE e.unit_id = u.id
        AND e.at > coalesce(newest.sealed_at - interval '1 second', '-infinity')
        AND NOT EXISTS (SELECT 1 FROM governance_auditseal s
            WHERE s.kind = 'ENTRY' AND s.ref = e.id)
    ORDER BY e.at LIMIT 1) AS oldest
"""
# Locks are those of `engine.workers.sweeper` and `governance.sealing`: who holds one is at work.
_REST = """
SELECT
    (SELECT count(*) FROM engine_circuit WHERE state <> 'CLOSED'),
    (SELECT coalesce(max(extract(epoch FROM engine_now() - waiting.ended_at)), 0)::float8
        FROM (SELECT ended_at FROM engine_endedrun LIMIT %(most)s) AS waiting),
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND classid = 0 AND objid = %(sweeper)s AND objsubid = 1),
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
        AND classid = 0 AND objid = %(sealer)s AND objsubid = 1)
"""
_HEARD = """
SELECT queue, extract(epoch FROM engine_now() - max(seen_at))::float8 FROM engine_pulse GROUP BY 1
"""
_SWEEPER, _SEALING = 0x5EE9, 0x5EA1


@dataclass(slots=True)
class Line:
    """What waits in a queue, all of it or of one kind.

    `ready` is due and in nobody's hands, for `oldest_seconds` at most; `leased` is at work; `later`
    is due at a time to come: timers, and jobs that are tried again; `held` waits for a circuit.
    """

    ready: int = 0
    oldest_seconds: float = 0.0
    leased: int = 0
    later: int = 0
    held: int = 0

    def add(self, other: Line) -> None:
        """Count what waits elsewhere as well."""
        self.ready += other.ready
        self.oldest_seconds = max(self.oldest_seconds, other.oldest_seconds)
        self.leased += other.leased
        self.later += other.later
        self.held += other.held


@dataclass(slots=True)
class Depth:
    """One queue: its trust zone, and what waits in it, by kind.

    `heard_seconds` ago one of its workers answered through the broker; None within a day: nobody.
    """

    zone: str
    heard_seconds: float | None = None
    kinds: dict[str, Line] = field(default_factory=dict)

    @property
    def whole(self) -> Line:
        """Return what waits in the queue, whatever its kind."""
        line = Line()
        for each in self.kinds.values():
            line.add(each)
        return line


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures. Lags are seconds, 0 where nothing is late; `runs` are those alive, by state."""

    queues: Mapping[str, Depth]
    runs: Mapping[str, int]
    circuits_open: int
    timer_lag: float
    outbox_lag: float
    sealer_lag: float
    rollup_lag: float
    sweepers: int
    sealers: int
    broker_reachable: bool

    @property
    def retries_waiting(self) -> int:
        """Return how many jobs wait to be tried again."""
        return sum(self._jobs(name).later for name in self.queues)

    @property
    def held_by_circuits(self) -> int:
        """Return how many jobs wait because their system is left alone."""
        return sum(self._jobs(name).held for name in self.queues)

    def _jobs(self, queue: str) -> Line:
        return self.queues[queue].kinds.get(Kind.JOB.value, Line())


def measure() -> Metrics:
    """Return the figures of this moment, counted over all units and told of none."""
    units = list(Unit.objects.values_list("pk", flat=True))
    states = [state.value for state in RunState if state not in ENDED]
    values = {"most": MOST, "units": units, "states": states}
    locks = {"sweeper": _SWEEPER, "sealer": _SEALING}
    with tenancy.units_in_scope(units):
        queues = _queues(_rows(_QUEUE, values))
        runs = dict.fromkeys(states, 0) | dict(_rows(_RUNS, values))
        ((sealer_lag,),) = _rows(_SEALER, values)
        ((circuits, rollup_lag, sweepers, sealers),) = _rows(_REST, values | locks)
    for queue, seconds in _rows(_HEARD, {}):
        if queue in queues:
            queues[queue].heard_seconds = seconds
    engine = queues["engine"].kinds
    return Metrics(
        queues=queues,
        runs=runs,
        circuits_open=circuits,
        timer_lag=engine[Kind.TIMER.value].oldest_seconds,
        outbox_lag=engine[Kind.DELIVER.value].oldest_seconds,
        sealer_lag=sealer_lag,
        rollup_lag=rollup_lag,
        sweepers=sweepers,
        sealers=sealers,
        broker_reachable=_broker.is_reachable(),
    )


def _queues(rows: list[tuple[Any, ...]]) -> dict[str, Depth]:
    """Return every queue with every kind of work in it: a scaler must read 0, not nothing."""
    found = {
        queue: Depth(zone_of(queue), kinds={kind.value: Line() for kind in kinds})
        for queue, kinds in QUEUES.items()
    }
    for queue, kind, *counts in rows:
        depth = found.setdefault(queue, Depth(""))
        depth.kinds[kind] = Line(*counts)
    return found


def _rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


class _Broker:
    """Whether this process reaches the broker; asked now and then, because a dead one is slow."""

    def __init__(self) -> None:
        self._asked = float("-inf")
        self._answer = False

    def is_reachable(self) -> bool:
        if time.monotonic() - self._asked >= _BROKER_EVERY:
            self._answer = _ping()
            self._asked = time.monotonic()
        return self._answer


def _ping() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.connect()
            broker.channel()
    except Exception:  # noqa: BLE001  (each transport has errors of its own)
        return False
    return True


_broker = _Broker()
