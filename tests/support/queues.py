"""Queues of any length for tests: rows of work that nobody wrote by running anything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

_FILL = """
INSERT INTO engine_queueentry (id, unit_id, instance_id, kind, shard, queue, target, due_at)
SELECT gen_random_uuid(), %(unit)s, gen_random_uuid(), %(kind)s, n %% 16, %(queue)s, %(target)s,
    engine_now() - %(age)s * interval '1 second' + n * interval '1 microsecond'
FROM generate_series(1, %(many)s) AS n
"""


def fill(
    unit_id: UUID,
    many: int,
    *,
    kind: str = "JOB",
    queue: str = "connector",
    target: int = 0,
    age: float = 60,
) -> None:
    """Put so many entries of a unit into the queue, due for so many seconds."""
    values: dict[str, Any] = {
        "unit": unit_id,
        "many": many,
        "kind": kind,
        "queue": queue,
        "target": target,
        "age": age,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FILL, values)
