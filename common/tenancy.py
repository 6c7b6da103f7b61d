"""The second wall between business units: what PostgreSQL itself lets this connection see.

Row-level security reads the setting `interlock.units`. It is empty until somebody says otherwise,
so a forgotten filter, a forgotten route or a forgotten job sees nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection
from psycopg.pq import TransactionStatus

_in_scope: ContextVar[tuple[str, ...]] = ContextVar("units_in_scope", default=())


@contextmanager
def units_in_scope(unit_ids: Iterable[UUID]) -> Iterator[None]:
    """Let the block see the rows of these units and of no other.

    Scopes nest by replacement, not by union: the inner one sees only what it names.
    """
    wanted = tuple(sorted({str(unit_id) for unit_id in unit_ids}))
    token = _in_scope.set(wanted)
    _tell_database(wanted)
    try:
        yield
    finally:
        _in_scope.reset(token)
        _tell_database(_in_scope.get())


@contextmanager
def as_person(person_id: UUID) -> Iterator[None]:
    """Let the block see the rows by which a person belongs to units: how a scope is found."""
    _set("interlock.person", str(person_id))
    try:
        yield
    finally:
        _set("interlock.person", "")


def current_units() -> tuple[UUID, ...]:
    """Return the units whose rows are visible here, in order of id."""
    return tuple(UUID(unit_id) for unit_id in _in_scope.get())


def _tell_database(unit_ids: tuple[str, ...]) -> None:
    # Leaving the last scope must not open a connection only to close a door that is shut.
    if connection.connection is None and not unit_ids:
        return
    _set("interlock.units", ",".join(unit_ids))


def _set(name: str, value: str) -> None:
    # A broken transaction accepts no statement; its rollback restores the setting by itself.
    handle = connection.connection
    if handle is not None and handle.info.transaction_status == TransactionStatus.INERROR:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


def reconnect() -> None:
    """Leave a connection that broke, and tell the next one what it may see."""
    connection.close()
    _tell_database(_in_scope.get())
