"""The one sealer: gives what was written its place in the unit's chain, within a second.

Only one sealer works at a time, by a lock of PostgreSQL; a second one waits, ready to take over.
Rows become visible in another order than they were made, so each look goes back over the last
seconds, and a deeper one now and then over the last minutes; what is sealed already is skipped by
the index, so looking twice costs little and misses nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from common import clock
from governance import chain
from governance.models.audit import AuditSeal
from governance.sources import Source, sources

#: Any number of our own.
LOCK = 0x5EA1
BATCH = 1_000

_START = datetime(2000, 1, 1, tzinfo=UTC)
# No transaction of the web lives longer than its timeouts allow; clocks of servers differ less.
_OVERLAP = timedelta(seconds=30)
_DEEP_OVERLAP = timedelta(minutes=15)
_DEEP_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Found:
    unit_id: UUID
    kind: str
    ref: UUID
    position: int
    content_hash: str


def take_turn() -> bool:
    """Try to become the sealer, for as long as this connection lasts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def give_turn() -> None:
    """Let another sealer work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


class Sealer:
    """Seals batch by batch. It looks at everything once when it starts, then at what is new."""

    def __init__(self) -> None:
        self._seen = _START
        self._deep = _START

    def seal(self) -> list[AuditSeal]:
        """Seal at most a batch of each kind, in one transaction, and return the new links."""
        now = clock.now()
        deep = now - self._deep >= _DEEP_EVERY
        since = max(self._seen - (_DEEP_OVERLAP if deep else _OVERLAP), _START)
        if not _is_any_after(since):
            self._seen = now
            self._deep = now if deep else self._deep
            return []
        with transaction.atomic():
            entries = _entries_after(since)
            heads = [head for source in sources() for head in _heads_after(source, since)]
            made = _chain_up([*entries, *heads], now)
        # After a full batch there is more behind it: the next look starts at the same point.
        if max(len(entries), len(heads)) < BATCH:
            self._seen = now
            self._deep = now if deep else self._deep
        return made

    def seal_all(self) -> list[AuditSeal]:
        """Seal until nothing is left."""
        made: list[AuditSeal] = []
        while found := self.seal():
            made += found
        return made


def _is_any_after(since: datetime) -> bool:
    """Tell in one statement whether there is anything to seal."""
    entries = sql.SQL(
        "EXISTS (SELECT 1 FROM governance_auditentry e WHERE e.id > %s AND NOT EXISTS ("
        " SELECT 1 FROM governance_auditseal s WHERE s.kind = 'ENTRY' AND s.ref = e.id))"
    )
    heads = [_is_any_head(source) for source in sources()]
    query = sql.SQL("SELECT {}").format(sql.SQL(" OR ").join([entries, *heads]))
    values = [value for source in sources() for value in (since, source.kind)]
    return bool(_rows(query, [_first_id_at(since), *values])[0][0])


def _is_any_head(source: Source) -> sql.Composable:
    names = {name: sql.Identifier("j", getattr(source, name)) for name in ("ref", "position", "at")}
    return sql.SQL(
        "EXISTS (SELECT 1 FROM {table} j WHERE {at} > %s AND NOT EXISTS ("
        " SELECT 1 FROM governance_auditseal s"
        " WHERE s.kind = %s AND s.ref = {ref} AND s.position >= {position}))"
    ).format(table=sql.Identifier(source.table), **names)


def _entries_after(since: datetime) -> list[_Found]:
    """Return entries that no link seals yet, oldest first. Their ids begin with their time."""
    fields = sql.SQL(", ").join(sql.Identifier("e", name) for name in chain.ENTRY_FIELDS)
    query = sql.SQL(
        "SELECT {fields} FROM governance_auditentry e WHERE e.id > %s AND NOT EXISTS ("
        " SELECT 1 FROM governance_auditseal s WHERE s.kind = 'ENTRY' AND s.ref = e.id)"
        " ORDER BY e.id LIMIT %s"
    ).format(fields=fields)
    rows = _rows(query, [_first_id_at(since), BATCH])
    facts = [dict(zip(chain.ENTRY_FIELDS, row, strict=True)) for row in rows]
    return [
        _Found(fact["unit_id"], chain.ENTRY, fact["id"], 0, chain.entry_hash(fact))
        for fact in facts
    ]


def _heads_after(source: Source, since: datetime) -> list[_Found]:
    """Return the newest row of each chain whose head no link seals yet, oldest first."""
    names = {
        name: sql.Identifier("j", getattr(source, name))
        for name in ("unit", "ref", "position", "digest", "at")
    }
    query = sql.SQL(
        "SELECT * FROM (SELECT DISTINCT ON ({ref}) {unit} AS unit, {ref} AS ref,"
        " {position} AS position, {digest} AS digest, {at} AS at FROM {table} j"
        " WHERE {at} > %s AND NOT EXISTS (SELECT 1 FROM governance_auditseal s"
        "  WHERE s.kind = %s AND s.ref = {ref} AND s.position >= {position})"
        " ORDER BY {ref}, {position} DESC LIMIT %s) heads ORDER BY at, ref"
    ).format(table=sql.Identifier(source.table), **names)
    rows = _rows(query, [since, source.kind, BATCH])
    return [
        _Found(unit, source.kind, ref, position, digest) for unit, ref, position, digest, _ in rows
    ]


def _chain_up(found: Iterable[_Found], now: datetime) -> list[AuditSeal]:
    by_unit: dict[UUID, list[_Found]] = defaultdict(list)
    for item in found:
        by_unit[item.unit_id].append(item)
    made = [seal for unit_id, items in by_unit.items() for seal in _extend(unit_id, items, now)]
    AuditSeal.objects.bulk_create(made)
    return made


def _extend(unit_id: UUID, items: Sequence[_Found], now: datetime) -> list[AuditSeal]:
    last = AuditSeal.objects.filter(unit_id=unit_id).order_by("-seq").first()
    link = as_link(last) if last else None
    made = []
    for item in items:
        link = chain.forge(link, unit_id, (item.kind, item.ref, item.position, item.content_hash))
        made.append(
            AuditSeal(
                unit_id=unit_id,
                seq=link.seq,
                kind=link.kind,
                ref=link.ref,
                position=link.position,
                content_hash=link.content_hash,
                previous_hash=link.previous_hash,
                hash=link.hash,
                sealed_at=now,
            )
        )
    return made


def as_link(seal: AuditSeal) -> chain.Link:
    """Return a stored seal as the pure arithmetic sees it."""
    return chain.Link(
        seal.seq,
        seal.kind,
        seal.ref,
        seal.position,
        seal.content_hash,
        seal.previous_hash,
        seal.hash,
    )


def _first_id_at(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment (RFC 9562: it begins with the milliseconds)."""
    return UUID(int=int(moment.timestamp() * 1_000) << 80)


def _rows(query: sql.Composable, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
