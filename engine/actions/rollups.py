"""Actions on the counts of ended runs: folded as they come in, and made anew where they are wrong.

One at a time by a lock of the transaction, taken before the statement that reads: the counts are
written by nobody else, so no run ever waits for them.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection, transaction

#: How many ended runs one transaction folds.
MANY = 10_000

# Any number of our own.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(125535)"
_WAITING = "SELECT EXISTS (SELECT 1 FROM engine_endedrun)"
_FOLD = """
WITH e AS MATERIALIZED (
    DELETE FROM engine_endedrun WHERE instance_id IN (
        SELECT instance_id FROM engine_endedrun LIMIT %s FOR UPDATE SKIP LOCKED)
    RETURNING *),
folded AS (
    INSERT INTO engine_runtally AS tally
        (unit_id, grain, since, process_id, deployment_id, outcome, span, runs)
    SELECT e.unit_id, t.grain, t.since, e.process_id, e.deployment_id, e.outcome, t.span, count(*)
    FROM e, engine_tallies_of(e.started_at, e.ended_at) t
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (unit_id, grain, since, process_id, deployment_id, outcome, span)
        DO UPDATE SET runs = tally.runs + excluded.runs)
SELECT count(*) FROM e
"""
# One statement, so one snapshot: a run that ends meanwhile is in none of it and is folded later.
_RECOUNT = """
WITH days AS (
    SELECT d AT TIME ZONE 'UTC' AS "from", (d + 1) AT TIME ZONE 'UTC' AS until
    FROM unnest(%(days)s::date[]) d),
folded AS (
    DELETE FROM engine_endedrun e USING days
    WHERE e.process_id = %(process)s AND e.started_at >= days.from AND e.started_at < days.until),
truth AS MATERIALIZED (
    SELECT i.unit_id, t.grain, t.since, i.process_id, i.deployment_id, i.state AS outcome, t.span,
        count(*) AS runs
    FROM days, engine_instance i, engine_tallies_of(i.started_at, i.ended_at) t
    WHERE i.process_id = %(process)s AND i.ended_at IS NOT NULL
        AND i.started_at >= days.from AND i.started_at < days.until
    GROUP BY 1, 2, 3, 4, 5, 6, 7),
gone AS (
    DELETE FROM engine_runtally r USING days
    WHERE r.process_id = %(process)s AND r.since >= days.from AND r.since < days.until
        AND NOT EXISTS (SELECT 1 FROM truth t
            WHERE (t.unit_id, t.grain, t.since, t.process_id, t.deployment_id, t.outcome, t.span)
                = (r.unit_id, r.grain, r.since, r.process_id, r.deployment_id, r.outcome, r.span)))
INSERT INTO engine_runtally
    (unit_id, grain, since, process_id, deployment_id, outcome, span, runs)
SELECT * FROM truth
ON CONFLICT (unit_id, grain, since, process_id, deployment_id, outcome, span)
    DO UPDATE SET runs = excluded.runs
"""


def fold() -> int:
    """Count the runs that ended since the last time; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        if not cursor.fetchone()[0]:
            return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        cursor.execute(_FOLD, [MANY])
        return int(cursor.fetchone()[0])


@transaction.atomic
def recount(process_id: UUID, days: set[date]) -> None:
    """Count the ended runs of a process that started on these days (UTC) anew, from their rows."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        cursor.execute(_RECOUNT, {"process": process_id, "days": sorted(days)})
