"""How much a unit's processes are used, as reports count it.

Ended runs are read from their counts (`engine.models.rollups`) and those alive from their rows; so
the cost grows with the time that is asked for and with what is alive, never with all that ever ran.
Each question is one statement, that a run which ends meanwhile is counted once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from common import replica
from engine.models.instances import ENDED, RunState
from governance.models.processes import Process

_QUARTER = timedelta(minutes=15)
#: Classes of durations to every doubling, as the database's `engine_span` has them.
_CLASSES = 4

# Runs of a unit that started since a moment, counted: whole quarters from the tallies and from what
# is not in them yet, what is alive, and those of the quarter in which the moment lies one by one.
_RUNS = """
SELECT process_id, deployment_id, outcome AS state, since AS at, runs FROM engine_runtally
WHERE unit_id = %(unit)s AND grain = 'QUARTER' AND since >= %(edge)s
UNION ALL
SELECT process_id, deployment_id, outcome, started_at, 1 FROM engine_endedrun
WHERE unit_id = %(unit)s AND started_at >= %(edge)s
UNION ALL
SELECT process_id, deployment_id, state, started_at, 1 FROM engine_instance
WHERE unit_id = %(unit)s AND started_at >= %(edge)s AND ended_at IS NULL
UNION ALL
SELECT process_id, deployment_id, state, started_at, 1 FROM engine_instance
WHERE unit_id = %(unit)s AND started_at >= %(since)s AND started_at < %(edge)s
"""
_BY_VERSION = """
SELECT counted.process_id, d.digest, counted.state, counted.runs FROM (
    SELECT process_id, deployment_id, state, sum(runs)::bigint AS runs
    FROM ({runs}) AS runs GROUP BY 1, 2, 3) AS counted
JOIN engine_deployment d ON d.id = counted.deployment_id
"""
_BY_DAY = """
SELECT (at AT TIME ZONE %(zone)s)::date, sum(runs)::bigint FROM ({runs}) AS runs GROUP BY 1
"""
_NEWEST = """
SELECT p.id, newest.started_at FROM governance_process p, LATERAL (
    SELECT i.started_at FROM engine_instance i WHERE i.process_id = p.id
    ORDER BY i.started_at DESC LIMIT 1) AS newest
WHERE p.unit_id = %(unit)s AND newest.started_at >= %(since)s
"""
_SPANS = """
SELECT process_id, span, sum(runs)::bigint FROM (
    SELECT process_id, span, runs FROM engine_runtally
    WHERE unit_id = %(unit)s AND grain = 'DAY' AND since >= %(day)s AND outcome = 'COMPLETED'
    UNION ALL
    SELECT process_id, engine_span(ended_at - started_at), 1 FROM engine_endedrun
    WHERE unit_id = %(unit)s AND started_at >= %(day)s AND outcome = 'COMPLETED') AS spans
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """The runs of one process since a moment; `digests` are of the versions they ran on.

    `half_within` and `most_within` are the seconds within which half and 95 % of those that
    completed did so, to some 9 %; they count from the first day (UTC) on.
    """

    process_key: str
    process: str
    runs: int
    open: int
    completed: int
    failed: int
    cancelled: int
    last_at: datetime | None
    digests: frozenset[str]
    half_within: float | None = None
    most_within: float | None = None


def list_usage(unit_id: UUID, since: datetime) -> list[Usage]:
    """Return every process of the unit with its runs started since, most used first."""
    values = _since(unit_id, since)
    counts = _counted(_rows(_BY_VERSION.format(runs=_RUNS), values))
    newest = dict(_rows(_NEWEST, values))
    spans = _by_process(_rows(_SPANS, values))
    found = [
        _usage(process, counts.get(process.pk, _Counts()), newest.get(process.pk), spans)
        for process in Process.objects.filter(unit_id=unit_id)
    ]
    return sorted(found, key=lambda usage: (-usage.runs, usage.process))


def count_by_day(unit_id: UUID, now: datetime, days: int) -> dict[date, int]:
    """Return how many runs started on each of the last days, in the person's zone, oldest first."""
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    start = datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(str(zone)))
    values = {**_since(unit_id, start), "zone": str(zone)}
    found = dict(_rows(_BY_DAY.format(runs=_RUNS), values))
    return {day: found.get(day, 0) for day in (first + timedelta(days=n) for n in range(days))}


def within(spans: Sequence[tuple[int, int]], share: float) -> float | None:
    """Return the seconds within which a share of runs ended, from classes in order and their runs.

    The middle of the class in which the run of that rank lies.
    """
    rank = math.ceil(share * sum(runs for _span, runs in spans))
    for span, runs in spans:
        rank -= runs
        if rank <= 0:
            return float(2 ** ((span + 0.5) / _CLASSES))
    return None


@dataclass(slots=True)
class _Counts:
    by_state: dict[str, int] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)


def _since(unit_id: UUID, since: datetime) -> dict[str, Any]:
    """Return the values of a question: the moment, the next whole quarter, and its day."""
    moment = since.astimezone(UTC)
    quarter = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    edge = quarter if quarter == moment else quarter + _QUARTER
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return {"unit": unit_id, "since": moment, "edge": edge, "day": day}


def _counted(rows: Iterable[tuple[UUID, str, str, int]]) -> dict[UUID, _Counts]:
    found: dict[UUID, _Counts] = {}
    for process_id, digest, state, runs in rows:
        counts = found.setdefault(process_id, _Counts())
        counts.by_state[state] = counts.by_state.get(state, 0) + runs
        counts.digests.add(digest)
    return found


def _by_process(rows: Iterable[tuple[UUID, int, int]]) -> dict[UUID, list[tuple[int, int]]]:
    found: dict[UUID, list[tuple[int, int]]] = {}
    for process_id, span, runs in rows:
        found.setdefault(process_id, []).append((span, runs))
    return found


def _usage(
    process: Process,
    counts: _Counts,
    last_at: datetime | None,
    spans: Mapping[UUID, Sequence[tuple[int, int]]],
) -> Usage:
    own = spans.get(process.pk, ())
    return Usage(
        process_key=process.key,
        process=process.name,
        runs=sum(counts.by_state.values()),
        open=sum(runs for state, runs in counts.by_state.items() if state not in ENDED),
        completed=counts.by_state.get(RunState.COMPLETED, 0),
        failed=counts.by_state.get(RunState.FAILED, 0),
        cancelled=counts.by_state.get(RunState.CANCELLED, 0),
        last_at=last_at,
        digests=frozenset(counts.digests),
        half_within=within(own, 0.5),
        most_within=within(own, 0.95),
    )


def _rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with replica.connection().cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
