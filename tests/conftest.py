"""What every test with a database shares."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the end of a test empty the frozen tables, which nothing else ever may.

    Rows stay frozen: their own trigger against change and deletion is left as it is.
    """
    from django.db import connection  # noqa: PLC0415  (pure tests run without Django)

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'never_truncate'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER never_truncate')
