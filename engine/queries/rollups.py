"""The counts of runs: by state, and those of ended runs held against the runs themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

_DIFFERENCES = """
WITH truth AS (
    SELECT t.grain, t.since, i.process_id, i.deployment_id, i.state AS outcome, t.span,
        count(*) AS runs
    FROM engine_instance i, engine_tallies_of(i.started_at, i.ended_at) t
    WHERE i.unit_id = %(unit)s AND i.ended_at IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6),
counted AS (
    SELECT grain, since, process_id, deployment_id, outcome, span, sum(runs) AS runs FROM (
        SELECT grain, since, process_id, deployment_id, outcome, span, runs
        FROM engine_runtally WHERE unit_id = %(unit)s
        UNION ALL
        SELECT t.grain, t.since, e.process_id, e.deployment_id, e.outcome, t.span, 1
        FROM engine_endedrun e, engine_tallies_of(e.started_at, e.ended_at) t
        WHERE e.unit_id = %(unit)s) AS kept
    GROUP BY 1, 2, 3, 4, 5, 6)
SELECT process_id, (since AT TIME ZONE 'UTC')::date AS day,
    coalesce(sum(counted.runs) FILTER (WHERE grain = 'DAY'), 0)::bigint,
    coalesce(sum(truth.runs) FILTER (WHERE grain = 'DAY'), 0)::bigint
FROM truth FULL JOIN counted USING (grain, since, process_id, deployment_id, outcome, span)
GROUP BY 1, 2
HAVING bool_or(truth.runs IS DISTINCT FROM counted.runs)
ORDER BY 1, 2
"""

_BY_STATE = """
SELECT state, sum(runs)::bigint FROM (
    SELECT state, count(*) AS runs FROM engine_instance
    WHERE unit_id = %(unit)s AND ended_at IS NULL {of_process} GROUP BY 1
    UNION ALL
    SELECT outcome, sum(runs) FROM engine_runtally
    WHERE unit_id = %(unit)s AND grain = 'DAY' {of_process} GROUP BY 1
    UNION ALL
    SELECT outcome, count(*) FROM engine_endedrun
    WHERE unit_id = %(unit)s {of_process} GROUP BY 1) AS counted(state, runs)
GROUP BY 1
"""
_OF_PROCESS = """AND process_id IN (
        SELECT id FROM governance_process WHERE unit_id = %(unit)s AND key = %(process)s)"""


@dataclass(frozen=True, slots=True)
class Miscount:
    """A day (UTC) of a process whose counts are not those of its runs: `counted` is what is kept.

    The two may be equal where only outcomes, versions or durations are told apart wrongly.
    """

    process_id: UUID
    day: date
    counted: int
    true: int

    @property
    def words(self) -> str:
        """Return what is wrong, as a sentence."""
        return _(
            "{counted} ended runs of process {process} are counted on {day}, of {true}"
        ).format(counted=self.counted, process=self.process_id, day=self.day, true=self.true)


def by_state(unit_id: UUID, process_key: str = "") -> dict[str, int]:
    """Return how many runs of a unit, or of one of its processes, are in each state.

    Those that have ended are read from their counts: a unit may have millions.
    """
    of_process = _OF_PROCESS if process_key else ""
    text = _BY_STATE.format(of_process=of_process)
    with connection.cursor() as cursor:
        cursor.execute(text, {"unit": unit_id.hex, "process": process_key})
        return dict(cursor.fetchall())


def miscounts(unit_id: UUID) -> Iterator[Miscount]:
    """Yield every day of a process of the unit on which the counts are wrong; it reads all runs."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, {"unit": unit_id})
        for row in cursor.fetchall():
            yield Miscount(*row)
