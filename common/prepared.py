"""Statements that run in every step: sent together, and planned once for each connection.

Django's own cursor writes the values into the text, so PostgreSQL would plan it each time; for the
largest of ours that takes longer than doing it. And each of psycopg's cursors sends what it has at
once, also in a pipeline; a step is a dozen statements, so here all of them leave in one piece. A
plan is kept for as long as its connection, and may have been made while the tables were empty: so
it is never one that reads a table through. A pooler between us and PostgreSQL must know prepared
statements (PgBouncer does, from 1.21).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import Connection, OperationalError, abc, adapt
from psycopg.adapt import PyFormat
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

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
_PLACE = re.compile(r"%(?:\((?P<name>\w+)\))?(?P<kind>[bs%])")

Query: TypeAlias = tuple[str, Mapping[str, Any] | Sequence[Any]]
"""One statement and its values, in places as psycopg's cursors have them."""
_Results: TypeAlias = list["PGresult"]


def run(*queries: Query) -> list[list[tuple[Any, ...]]]:
    """Run statements one after the other, in one round trip; return the rows that each gave.

    Call it in a transaction: how they are planned holds until it ends.

    Raises:
        django.db.DatabaseError: of the first that failed; those after it did not run.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        known = _known.setdefault(connection.connection, _Known(connection.connection))
        return known.run([(_PLANNED_ONCE, ()), *queries])[1:]


@dataclass(slots=True)
class _Sent:
    """One statement on its way; one that is new has a result more, that of its preparation."""

    key: tuple[str, Sequence[int]]
    name: bytes
    is_new: bool


@dataclass(slots=True)
class _Known:
    """A connection, and the statements that it has prepared, by text and types of the values."""

    connection: Connection[Any]
    names: dict[tuple[str, Sequence[int]], bytes] = field(default_factory=dict)
    count: int = 0

    def run(self, queries: Sequence[Query]) -> list[list[tuple[Any, ...]]]:
        """Send all statements, and return what each of them gave."""
        sent = []
        with _pipeline(self.connection) as pgconn:
            begins = not self.connection.autocommit and _is_idle(pgconn)
            if begins:
                pgconn.send_query_params(b"BEGIN", None)
            transformer: abc.Transformer = adapt.Transformer(self.connection)
            sent = [self._send(pgconn, transformer, query) for query in queries]
            pgconn.pipeline_sync()
            awaited = begins + len(sent) + sum(one.is_new for one in sent)
            results = iter(self.connection.wait(_results(pgconn, awaited)))
        if begins:
            _checked(next(results))
        return [self._rows(transformer, one, results) for one in sent]

    def _send(self, pgconn: PGconn, transformer: abc.Transformer, query: Query) -> _Sent:
        text, values = query
        ready, order = _places(text)
        given = [values[name] for name in order] if isinstance(values, Mapping) else list(values)
        params = transformer.dump_sequence(given, [PyFormat.BINARY] * len(given))
        types = transformer.types or ()
        key = (text, types)
        name = self.names.get(key)
        is_new = name is None
        if name is None:
            self.count += 1
            name = b"interlock_%d" % self.count
            pgconn.send_prepare(name, ready, param_types=types)
        pgconn.send_query_prepared(name, params, param_formats=transformer.formats)
        return _Sent(key, name, is_new)

    def _rows(
        self, transformer: abc.Transformer, sent: _Sent, results: Iterator[PGresult]
    ) -> list[tuple[Any, ...]]:
        if sent.is_new:
            _checked(next(results))
            self.names[sent.key] = sent.name
        result = _checked(next(results))
        if result.status != ExecStatus.TUPLES_OK:
            return []
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)


_known: WeakKeyDictionary[Connection[Any], _Known] = WeakKeyDictionary()


@contextmanager
def _pipeline(of: Connection[Any]) -> Iterator[PGconn]:
    """Let statements be sent without waiting; a connection on which that breaks off is closed."""
    pgconn = of.pgconn
    pgconn.enter_pipeline_mode()
    try:
        yield pgconn
        pgconn.exit_pipeline_mode()
    except BaseException:
        # Nobody knows what of it has run; the server takes the transaction back.
        with suppress(OperationalError):
            of.close()
        raise


def _results(pgconn: PGconn, awaited: int) -> Generator[Wait, Ready | int, _Results]:
    """Send what is to be sent, and return that many results; it is `Connection.wait`'s."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            # The server may have to be rid of results before it takes more.
            pgconn.consume_input()
    results: _Results = []
    while True:
        while pgconn.is_busy():
            yield Wait.R
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return results[:awaited]
        results.append(result)


def _checked(result: PGresult) -> PGresult:
    if result.status in (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED):
        raise error_from_result(result)
    return result


def _is_idle(pgconn: PGconn) -> bool:
    return pgconn.transaction_status == TransactionStatus.IDLE


@lru_cache(maxsize=512)
def _places(text: str) -> tuple[bytes, list[str]]:
    """Return a text with PostgreSQL's places, and the names of their values if these have any."""
    order: list[str] = []

    def place(found: re.Match[str]) -> str:
        if found["kind"] == "%":
            return "%"
        name = found["name"] or str(len(order))
        if name not in order:
            order.append(name)
        return f"${order.index(name) + 1}"

    return _PLACE.sub(place, text).encode(), order
