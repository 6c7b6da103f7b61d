"""The rows that a journal gives, beside those that are stored: compared, or put in their place.

The statements that write a run name no schema. While the shadow is written, PostgreSQL finds
temporary tables of the same names first; so what a replay gives is written by the very code that
wrote what is stored, and neither lock nor row of the product is touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from engine import agenda, alive, projections, statements
from engine.held import Advance
from engine.models.queue import Kind
from engine.replay import Replay, Told
from engine.statements import Page


@dataclass(frozen=True, slots=True)
class Table:
    """A table that follows from journals, and how its rows are told apart.

    `besides` are the columns that a journal does not hold: they are not compared, and a row that is
    there keeps them. `judged` are those that move by themselves: compared by what a test says.
    """

    name: str
    key: tuple[str, ...] = ("id",)
    run: str = "instance_id"
    besides: tuple[str, ...] = ()
    judged: Mapping[str, str] = field(default_factory=dict)


#: In the order in which rows can be put back: the run before what refers to it.
TABLES: Sequence[Table] = (
    # When work is due moves with every lease and every wait for a system; parked is parked. Where a
    # job waits is put right by the worker that sees what it calls.
    Table(
        "engine_queueentry",
        besides=("lease_until", "lease_epoch", "queue"),
        judged={"due_at": "{row}.due_at >= '9999-01-01'"},
    ),
    Table("engine_instance", run="id", besides=("schema",)),
    Table("engine_scope"),
    Table("engine_variable", ("scope_id", "name")),
    Table("engine_token"),
    Table("engine_timer"),
    Table("engine_messagesubscription"),
    Table("engine_loop"),
    Table("engine_loopitem", ("loop_id", "number")),
    Table("engine_call"),
    Table("engine_compensable"),
    Table("engine_compensation"),
    Table("engine_activation", ("scope_id", "element")),
    # Names were resolved to people of the day; who has it now is `holder`.
    Table("engine_usertask", besides=("assignee_id", "candidate_persons", "unresolved")),
    # What a called system said, and how often a worker began: told once, to whoever operates.
    Table("engine_job", besides=("starts", "code", "cause", "request", "answer")),
    Table("engine_incident"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not as its journal says: `told` is what that gives, `stored` what is there.

    None where there is no such row.
    """

    instance_id: UUID
    table: str
    key: tuple[str, ...]
    told: dict[str, Any] | None
    stored: dict[str, Any] | None

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """Return the columns that differ, each with what the journal gives and what is stored."""
        if self.told is None or self.stored is None:
            return {}
        return {
            name: (value, self.stored[name])
            for name, value in self.told.items()
            if value != self.stored[name]
        }


def prepare() -> None:
    """Keep empty temporary tables at hand, inside a transaction; `cast` alone writes to them.

    They stay with the connection, behind all others: making them costs more than a short replay.
    """
    with connection.cursor() as cursor:
        cursor.execute(";".join([_BEHIND, *(_SHADOW.format(table.name) for table in TABLES)]))


def cast(replay: Replay, journal: Iterator[Told]) -> int:
    """Write what a journal gives into the shadow; return how many rows of it were read.

    Raises:
        UnknownBeginning: nothing says how the run began.
        NewerJournal: a newer release wrote it.
    """
    since: dict[str, datetime] = {}
    began, last, count = None, None, 0
    for last in replay.advances(journal):
        began = began or last.held.at
        count += 1
        _note_waits(since, last)
        # A page tells of one row at a time: of two votes at one gate it would keep the second.
        page = Page()
        projections.note_history(page, last)
        _write(page)
    if began is not None and last is not None:
        _write(_end(last, began, since))
    return count


def differences(instance_ids: Sequence[UUID]) -> Iterator[Difference]:
    """Yield every row of these runs that the shadow has otherwise."""
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(_compared(table), {"ids": list(instance_ids)})
            for run, key, told, stored in cursor.fetchall():
                found = Difference(run, table.name, tuple(key), _row(told), _row(stored))
                if not _goes_by_itself(found):
                    yield found


def put_in_place(instance_id: UUID) -> None:
    """Make the stored rows of a run those of the shadow. What no journal holds stays as it is."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if table.run != "id":
                cursor.execute(_removed(table), {"id": instance_id})
        for table in TABLES:
            cursor.execute(_COLUMNS, [table.name])
            cursor.execute(_put(table, [name for (name,) in cursor.fetchall()]))


def _note_waits(since: dict[str, datetime], advance: Advance) -> None:
    """Keep the time of the waits that are new: the last of the table, in order."""
    for key in reversed(advance.held.state.subscriptions):
        if key in since:
            return
        since[key] = advance.held.at


def _end(last: Advance, began: datetime, since: dict[str, datetime]) -> Page:
    """Return what is there at the end of a journal."""
    page, held = Page(), last.held
    alive.note_all(page, held, since)
    # They lie beside the journal, where the replay has just read them.
    page.rows[statements.LARGE_VALUE].clear()
    agenda.note_all(page, last)
    projections.note_instance(page, replace(last, held=replace(held, at=began)))
    projections.note_instance(page, replace(last, held=replace(held, opening=None)))
    page.soon = False
    return page


def _write(page: Page) -> None:
    if any(page.rows.values()):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL search_path = pg_temp, public")
            page.write()
            cursor.execute("SET LOCAL search_path = public, pg_temp")


def _goes_by_itself(found: Difference) -> bool:
    """Tell whether an entry is left of what another step did: whoever takes it finds nothing."""
    stored = found.stored or {}
    return found.told is None and stored.get("kind") == Kind.CONTINUE.value


def _row(text: str | None) -> dict[str, Any] | None:
    found: dict[str, Any] | None = json.loads(text) if text else None
    return found


# The statements. Names are those of the tables above and of their columns.

_BEHIND = "SET search_path = public, pg_temp; SET LOCAL client_min_messages = warning"
_SHADOW = """
CREATE TEMP TABLE IF NOT EXISTS {0} (LIKE public.{0} INCLUDING DEFAULTS INCLUDING INDEXES);
DELETE FROM pg_temp.{0}
"""
_READ = """
SELECT x.{run} AS run, ARRAY[{key}] AS key,
    to_jsonb(x) - ARRAY[{unseen}]::text[] || jsonb_build_object({judged}) AS row
FROM {schema}.{name} x
"""
_COMPARED = """
SELECT coalesce(s.run, r.run), coalesce(s.key, r.key), s.row::text, r.row::text
FROM ({told}) s FULL JOIN ({stored} WHERE x.{run} = ANY(%(ids)s)) r ON r.key = s.key
WHERE s.row IS DISTINCT FROM r.row
"""
_REMOVED = """
DELETE FROM public.{name} r WHERE r.{run} = %(id)s
    AND NOT EXISTS (SELECT 1 FROM pg_temp.{name} s WHERE {same})
"""
_PUT = """
INSERT INTO public.{name} AS r ({names}) SELECT {names} FROM pg_temp.{name}
ON CONFLICT ({key}) DO UPDATE SET {written}
"""
_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = ('public.' || %s)::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


def _compared(table: Table) -> str:
    told, stored = _read(table, "pg_temp"), _read(table, "public")
    return _COMPARED.format(told=told, stored=stored, run=table.run)


def _read(table: Table, schema: str) -> str:
    key = ", ".join(f"x.{name}::text" for name in table.key)
    unseen = ", ".join(f"'{name}'" for name in (*table.besides, *table.judged))
    judged = ", ".join(f"'{name}', {test.format(row='x')}" for name, test in table.judged.items())
    return _READ.format(
        run=table.run, key=key, unseen=unseen, judged=judged, schema=schema, name=table.name
    )


def _removed(table: Table) -> str:
    same = " AND ".join(f"s.{name} = r.{name}" for name in table.key)
    return _REMOVED.format(name=table.name, run=table.run, same=same)


def _put(table: Table, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    kept = {*table.key, *table.besides}
    written = ", ".join(
        f'"{name}" = {_chosen(table, name)}' for name in columns if name not in kept
    )
    return _PUT.format(name=table.name, names=names, key=", ".join(table.key), written=written)


def _chosen(table: Table, name: str) -> str:
    """Return what a column becomes: one that moves by itself stays where its test is the same."""
    test = table.judged.get(name)
    if test is None:
        return f'excluded."{name}"'
    same = f"({test.format(row='r')}) = ({test.format(row='excluded')})"
    return f'CASE WHEN {same} THEN r."{name}" ELSE excluded."{name}" END'
