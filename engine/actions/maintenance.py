"""Housekeeping that nobody asks for: the months of the journal, made before they begin."""

from __future__ import annotations

from django.db import connection

#: How many months beyond this one; an installation may sleep so long and lose nothing of order.
AHEAD = 3


def make_journal_months() -> int:
    """Make the partitions of this month and the next ones; return how many were missing.

    Rows of a month that nobody made in time lie in the default partition, and stay there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT engine_make_journal_months(%s)", [AHEAD])
        return int(cursor.fetchone()[0])
