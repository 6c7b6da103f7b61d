"""The clock of a rehearsal: `engine_now()` reads a row, so that time passes when it is said to.

Only a database made for the purpose has this clock; its owner puts it there.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from engine.queries import clock

_STILL = """
CREATE TABLE IF NOT EXISTS rehearsal_clock (at timestamptz NOT NULL);
TRUNCATE rehearsal_clock;
INSERT INTO rehearsal_clock VALUES (%s);
GRANT SELECT ON rehearsal_clock TO PUBLIC;
CREATE OR REPLACE FUNCTION engine_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT at FROM rehearsal_clock $$
"""


def stop_at(at: datetime) -> None:
    """Let the engine's time stand still from now on."""
    with connection.cursor() as cursor:
        cursor.execute(_STILL, [at])


def stand_at(at: datetime) -> None:
    """Set the engine's time."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rehearsal_clock SET at = %s", [at.astimezone(UTC)])


def now() -> datetime:
    """Return the engine's time, in UTC."""
    return clock.engine_now()
