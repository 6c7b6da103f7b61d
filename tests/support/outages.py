"""A database without room: PostgreSQL itself answers SQLSTATE 53100 to whoever writes a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

# A sequence counts on when what it was asked in is rolled back.
_FILL = """
CREATE SEQUENCE refusals MINVALUE 0;
GRANT ALL ON SEQUENCE refusals TO PUBLIC;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM nextval('refusals');
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
"""
_FREE = "DROP FUNCTION refuse CASCADE; DROP SEQUENCE refusals"


@contextmanager
def full_disk(table: str) -> Iterator[Callable[[], int]]:
    """Refuse all that is written to a table; gives a function that counts the refusals."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL.format(table=table))
    try:
        yield _refusals
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_FREE)


def _refusals() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value + is_called::int FROM refusals")
        return int(cursor.fetchone()[0])
