"""The engine's time: the database's clock, which a simulation may shift for itself."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection


def engine_now() -> datetime:
    """Return the engine's time, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT engine_now()")
        now: datetime = cursor.fetchone()[0]
    return now.astimezone(UTC)


def is_shifted() -> bool:
    """Tell whether the database gives this session another time than its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('interlock.clock_shift', true), '') <> ''")
        return bool(cursor.fetchone()[0])
