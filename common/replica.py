"""Reading reports where it disturbs nobody: on a replica, where the installation names one.

What is read in `for_reports()` goes there, by models and by `connection()`, in one transaction that
cannot write. Row-level security holds there as everywhere: the same units are in sight. A replica
that is away is done without: reports matter more than where they are read.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from common import tenancy

ALIAS = "reports"

# Its rows are as of the newest transaction it has replayed; None on a server that is no replica.
_AS_OF = """
SELECT CASE WHEN pg_is_in_recovery()
    THEN coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time()) END
"""

logger = logging.getLogger(__name__)

_reads_there: ContextVar[bool] = ContextVar("reads_on_replica", default=False)


class Router:
    """Sends what models read inside `for_reports()` to the replica, and nothing else."""

    def db_for_read(self, model: type[Any], **_hints: Any) -> str | None:
        """Return the replica's alias inside the block."""
        return ALIAS if _reads_there.get() else None


def connection() -> BaseDatabaseWrapper:
    """Return the connection that statements of reports are sent by."""
    return connections[ALIAS if _reads_there.get() else DEFAULT_DB_ALIAS]


@contextmanager
def for_reports() -> Iterator[datetime | None]:
    """Let the block read on the replica, if there is one; say as of when its data is.

    None: it is read where everything is written, so it is of now.
    """
    if not _is_there():
        yield None
        return
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        units = ",".join(map(str, tenancy.current_units()))
        cursor.execute("SELECT set_config('interlock.units', %s, true)", [units])
        cursor.execute(_AS_OF)
        as_of = cursor.fetchone()[0]
        token = _reads_there.set(True)
        try:
            yield as_of and as_of.astimezone(UTC)
        finally:
            _reads_there.reset(token)


def _is_there() -> bool:
    if ALIAS not in connections.databases:
        return False
    try:
        connections[ALIAS].ensure_connection()
    except OperationalError:
        logger.warning("replica.away")
        return False
    return True
