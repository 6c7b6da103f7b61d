"""Many runs out of a few: rows that the engine wrote, copied in the database with ids of their own.

An id becomes a digest of itself and the number of the copy, so that rows still name each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import connection

#: What a run is made of while it waits for a timer, and what lists of runs read.
RUN = ("engine_instance",)
WAITING_RUN = (
    *RUN,
    "engine_scope",
    "engine_token",
    "engine_variable",
    "engine_timer",
    "engine_queueentry",
    "engine_journalrow",
    "engine_payload",
)
#: Columns of ids that all copies share.
_SHARED = {
    "unit_id",
    "process_id",
    "deployment_id",
    "started_by_id",
    "started_by_account_id",
    "actor_person_id",
    "actor_account_id",
}
_COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""


def multiply(
    tables: Collection[str], run_ids: Collection[UUID], copies: int, **changed: str
) -> None:
    """Copy the rows of runs so often. `changed` gives columns another value, as SQL.

    In it `x` is the row that is copied and `n` the number of the copy, from 1.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(_COLUMNS, [table])
            values = {
                f'"{name}"': changed.get(name) or _copied(name, kind)
                for name, kind in cursor.fetchall()
            }
            cursor.execute(_statement(table, values), [copies, list(run_ids)])


def _copied(name: str, kind: str) -> str:
    if name == "number":
        return "nextval('engine_run_number')"
    if kind == "uuid" and name not in _SHARED:
        return f"md5(x.{name}::text || n::text)::uuid"
    return f'x."{name}"'


def _statement(table: str, values: Mapping[str, str]) -> str:
    run = "id" if table == "engine_instance" else "instance_id"
    return (
        f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())}"  # noqa: S608
        f" FROM {table} x, generate_series(1, %s) n WHERE x.{run} = ANY(%s)"
    )
