"""Quotas: what a unit's limits say of the runs it starts and of what comes into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from engine import codec
from engine.errors import PayloadTooLarge, TooManyRuns, TooManyStarts
from governance.models.units import Unit
from governance.queries.limits import get_limits

#: Calls within calls, where a unit's limits say nothing else.
NESTED_CALLS = 100
#: As much as a connector reads of one answer.
PAYLOAD_BYTES = 5 * 1024 * 1024
#: Seconds after which it is worth asking again whether runs have ended.
_AGAIN = 30

# Starts of one unit that counts them go one after another: what was counted stays true until the
# start has committed. A unit without such a limit takes no lock.
_ONE_AFTER_ANOTHER = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
_COUNTING = 0x57A27
_ALIVE = "SELECT count(*) FROM engine_instance WHERE unit_id = %s AND ended_at IS NULL"
_SECONDS_LEFT = """
SELECT ceil(60 - extract(epoch FROM engine_now() - started_at)) FROM engine_instance
WHERE unit_id = %s AND started_at > engine_now() - interval '1 minute'
ORDER BY started_at DESC OFFSET %s LIMIT 1
"""


def require_start(unit_id: UUID) -> None:
    """Refuse a start that is one too many; in the transaction that starts the run.

    Raises:
        TooManyStarts: as many have begun within a minute as may.
        TooManyRuns: as many are alive as may be.
    """
    limits = get_limits(unit_id)
    if limits.starts_per_minute is None and limits.runs_alive is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AFTER_ANOTHER, [_COUNTING, str(unit_id)])
        if limits.starts_per_minute is not None:
            cursor.execute(_SECONDS_LEFT, [unit_id, limits.starts_per_minute - 1])
            found = cursor.fetchone()
            if found is not None:
                raise TooManyStarts(
                    unit=_name(unit_id),
                    limit=limits.starts_per_minute,
                    retry_after=max(1, int(found[0])),
                )
        if limits.runs_alive is not None:
            cursor.execute(_ALIVE, [unit_id])
            if cursor.fetchone()[0] >= limits.runs_alive:
                raise TooManyRuns(unit=_name(unit_id), limit=limits.runs_alive, retry_after=_AGAIN)


def require_size(unit_id: UUID, values: Mapping[str, Any]) -> None:
    """Refuse values that are larger, as JSON, than may come into a run at once.

    Raises:
        PayloadTooLarge: they are.
    """
    most = get_limits(unit_id).payload_bytes or PAYLOAD_BYTES
    size = len(codec.canonical(dict(values)).encode())
    if size > most:
        raise PayloadTooLarge(size=size, limit=most)


def nested_calls(unit_id: UUID) -> int:
    """Return how deep calls of a unit's runs may be nested."""
    return get_limits(unit_id).nested_calls or NESTED_CALLS


def _name(unit_id: UUID) -> str:
    return Unit.objects.get(pk=unit_id).name
