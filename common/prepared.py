"""Statements that run in every step: sent together, and planned once for each connection.

Django's own cursor writes the values into the text, so PostgreSQL would plan it each time; for the
largest of ours that takes longer than doing it. A plan is kept for as long as its connection, and
may have been made while the tables were empty: so it is never one that reads a table through. A
pooler between us and PostgreSQL must know prepared statements (PgBouncer does, from 1.21).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.db import connection
from psycopg import Cursor

# What is left to the planner is to look each row up by its key.
_SETTINGS = {"plan_cache_mode": "force_generic_plan"} | dict.fromkeys(
    (
        "enable_seqscan",
        "enable_hashjoin",
        "enable_mergejoin",
    ),
    "off",
)
_PLANNED_ONCE = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items()
)

Query: TypeAlias = tuple[str, Mapping[str, Any] | Sequence[Any]]
"""One statement and its values."""


def run(*queries: Query) -> list[list[tuple[Any, ...]]]:
    """Run statements one after the other, in one round trip; return the rows that each gave.

    Call it in a transaction: how they are planned holds until it ends.

    Raises:
        django.db.DatabaseError: of the first that failed; those after it did not run.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        with connection.connection.pipeline():
            _execute(_PLANNED_ONCE, ())
            cursors = [_execute(text, values) for text, values in queries]
        return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def _execute(text: str, values: Mapping[str, Any] | Sequence[Any]) -> Cursor[tuple[Any, ...]]:
    return Cursor(connection.connection).execute(text, values, prepare=True)
