"""Statements that run in every step: sent together, and planned once for each connection.

Django's own cursor writes the values into the text, so PostgreSQL would plan it each time; for the
largest of ours that takes longer than doing it. A pooler between us and PostgreSQL must know
prepared statements (PgBouncer does, from 1.21).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.db import connection
from psycopg import Cursor

Query: TypeAlias = tuple[str, Mapping[str, Any] | Sequence[Any]]
"""One statement and its values."""


def run(*queries: Query) -> list[list[tuple[Any, ...]]]:
    """Run statements one after the other, in one round trip; return the rows that each gave.

    Raises:
        django.db.DatabaseError: of the first that failed; those after it did not run.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        with connection.connection.pipeline():
            cursors = [
                Cursor(connection.connection).execute(text, values, prepare=True)
                for text, values in queries
            ]
        return [cursor.fetchall() if cursor.description else [] for cursor in cursors]
