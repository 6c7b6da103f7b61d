"""Verifies what was sealed, row by row, and names what is unsealed, missing or altered.

It trusts nothing in the database: digests are computed from the rows, links from the digests, and
the whole is held against the signed checkpoints outside. It streams, so a chain of a million links
needs no more memory than one of ten.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from common import clock
from governance import chain
from governance.audit import payload_digest
from governance.checkpoints import Book, Checkpoint, in_force
from governance.sources import Fault, Source, sources, verifiers

#: How long an entry may wait for its seal before that is a fault.
GRACE = timedelta(seconds=10)
#: How long a link may wait for the checkpoint that covers it.
CHECKPOINT_GRACE = timedelta(minutes=5)

_CHUNK = 5_000
_LINK = ("seq", "kind", "ref", "position", "content_hash", "previous_hash", "hash")


@dataclass
class Verdict:
    """What was found in one unit's chain. `restores` are the times it was taken back, signed."""

    unit_id: UUID
    links: int = 0
    checkpoints: int = 0
    waiting: int = 0
    restores: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults


def verify(unit_id: UUID, book: Book) -> Verdict:
    """Verify one unit's chain, entries, values and journals.

    Run it in one snapshot (REPEATABLE READ), so that what is written meanwhile confuses nothing.
    Checkpoints are read first: the chain can only have grown since.
    """
    checkpoints = book.read(unit_id)
    verdict = Verdict(unit_id, checkpoints=len(checkpoints))
    verdict.restores = [one.at for one in checkpoints if one.genuine and one.restored]
    verdict.faults += _forged(checkpoints)
    verdict.faults += _walk(unit_id, verdict, checkpoints)
    verdict.faults += _uncovered(unit_id, checkpoints)
    verdict.faults += _unsealed(unit_id, verdict)
    for source in sources():
        verdict.faults += _journals(unit_id, source)
    for look_inside in verifiers():
        verdict.faults += look_inside(unit_id)
    return verdict


def _walk(unit_id: UUID, verdict: Verdict, checkpoints: list[Checkpoint]) -> Iterator[Fault]:
    marks = _Marks(in_force(checkpoint for checkpoint in checkpoints if checkpoint.genuine))
    rows: dict[int, tuple[Any, ...]] = {}
    for link, flaw in chain.walk(unit_id, _links(unit_id, rows)):
        row = rows.pop(link.seq)
        verdict.links += 1
        if flaw is not None:
            yield _in_words(flaw, link, row)
        if link.kind == chain.ENTRY:
            yield from _judge_entry(link, row)
        yield from marks.pass_by(link)
    yield from marks.left_over()


def _links(unit_id: UUID, rows: dict[int, tuple[Any, ...]]) -> Iterator[chain.Link]:
    """Stream the chain, each link with the entry and the values it seals, in `rows`."""
    columns = [sql.Identifier("s", name) for name in _LINK]
    columns += [sql.Identifier("e", name) for name in chain.ENTRY_FIELDS]
    query = sql.SQL(
        "SELECT {columns}, p.salt, p.values FROM governance_auditseal s"
        " LEFT JOIN governance_auditentry e ON s.kind = 'ENTRY' AND e.id = s.ref"
        " LEFT JOIN governance_auditpayload p ON p.entry_id = e.id"
        " WHERE s.unit_id = %s ORDER BY s.seq"
    ).format(columns=sql.SQL(", ").join(columns))
    for row in _stream(query, [unit_id]):
        link = chain.Link(*row[: len(_LINK)])
        rows[link.seq] = row[len(_LINK) :]
        yield link


def _judge_entry(link: chain.Link, row: tuple[Any, ...]) -> Iterator[Fault]:
    facts = dict(zip(chain.ENTRY_FIELDS, row, strict=False))
    salt, values = row[-2:]
    if facts["id"] is None:
        yield _entry_fault("missing", link, {}, _("the entry that link {seq} seals is gone"))
    elif not hmac.compare_digest(chain.entry_hash(facts), link.content_hash):
        yield _entry_fault("altered", link, facts, _("the entry is not as it was sealed"))
    elif salt is None:
        yield _entry_fault("missing", link, facts, _("the values of the entry are gone"))
    elif not hmac.compare_digest(payload_digest(salt, values), facts["payload_digest"]):
        yield _entry_fault("altered", link, facts, _("the values of the entry were changed"))


def _entry_fault(kind: str, link: chain.Link, facts: dict[str, Any], detail: str) -> Fault:
    return Fault(
        kind=kind,
        what="entry",
        id=str(link.ref),
        code=str(facts.get("code", "")),
        at=facts.get("at"),
        detail=detail.format(seq=link.seq),
    )


def _in_words(flaw: chain.Flaw, link: chain.Link, row: tuple[Any, ...]) -> Fault:
    facts = dict(zip(chain.ENTRY_FIELDS, row, strict=False))
    if flaw.kind == "missing":
        detail = _("links {first} to {last} are gone from the chain")
        return Fault(
            kind="missing",
            what="link",
            id=f"{flaw.seq}-{flaw.until}" if flaw.until > flaw.seq else str(flaw.seq),
            detail=detail.format(first=flaw.seq, last=flaw.until),
        )
    return Fault(
        kind="altered",
        what="link",
        id=str(link.seq),
        code=str(facts["code"] or ""),
        at=facts["at"],
        detail=_("the link does not follow from the one before it"),
    )


class _Marks:
    """Holds the chain against its checkpoints while it passes by, each with its own tree."""

    def __init__(self, checkpoints: list[Checkpoint]) -> None:
        self._rest = list(reversed(checkpoints))
        self._tree = chain.Tree()
        self._newest = checkpoints[-1] if checkpoints else None
        self._seq = 0

    def pass_by(self, link: chain.Link) -> Iterator[Fault]:
        self._seq = link.seq
        if not self._rest:
            return
        self._tree.add(link.hash)
        mark = self._rest[-1]
        if link.seq < mark.last:
            return
        self._rest.pop()
        root, self._tree = self._tree.root(), chain.Tree()
        if link.seq == mark.last and link.hash == mark.head and root == mark.root:
            return
        detail = _("links {first} to {last} are not those that the checkpoint of {at} names")
        yield Fault(
            kind="altered",
            what="checkpoint",
            id=str(mark.last),
            detail=detail.format(first=mark.first, last=mark.last, at=mark.at),
        )

    def left_over(self) -> Iterator[Fault]:
        if self._newest is None or self._newest.last <= self._seq:
            return
        detail = _("links {first} to {last} are gone; the checkpoint of {at} names them")
        yield Fault(
            kind="missing",
            what="link",
            id=f"{self._seq + 1}-{self._newest.last}",
            detail=detail.format(first=self._seq + 1, last=self._newest.last, at=self._newest.at),
        )


def _forged(checkpoints: list[Checkpoint]) -> Iterator[Fault]:
    for number, checkpoint in enumerate(checkpoints, start=1):
        if not checkpoint.genuine:
            yield Fault(
                kind="altered",
                what="checkpoint",
                id=str(number),
                detail=_("its signature, its unit or its place in the file is wrong"),
            )


def _uncovered(unit_id: UUID, checkpoints: list[Checkpoint]) -> Iterator[Fault]:
    """Miss the checkpoint that should cover the first link after the last one, by now."""
    covered = checkpoints[-1].last if checkpoints else 0
    query = sql.SQL(
        "SELECT seq, sealed_at FROM governance_auditseal WHERE unit_id = %s AND seq > %s"
        " ORDER BY seq LIMIT 1"
    )
    for seq, sealed_at in _stream(query, [unit_id, covered]):
        if sealed_at <= clock.now() - CHECKPOINT_GRACE:
            detail = _("no checkpoint covers this link and those after it")
            yield Fault("missing", "checkpoint", str(seq), detail, at=sealed_at)


def _unsealed(unit_id: UUID, verdict: Verdict) -> Iterator[Fault]:
    query = sql.SQL(
        "SELECT e.id, e.code, e.at FROM governance_auditentry e WHERE e.unit_id = %s"
        " AND NOT EXISTS (SELECT 1 FROM governance_auditseal s"
        "  WHERE s.kind = 'ENTRY' AND s.ref = e.id) ORDER BY e.id"
    )
    patience = clock.now() - GRACE
    for entry_id, code, at in _stream(query, [unit_id]):
        if at > patience:
            verdict.waiting += 1
            continue
        detail = _("no link seals the entry; is the sealer running?")
        yield Fault("unsealed", "entry", str(entry_id), detail, code=code, at=at)


def _journals(unit_id: UUID, source: Source) -> Iterator[Fault]:
    """Hold every sealed head against the row it sealed."""
    names = {
        name: sql.Identifier("j", getattr(source, name))
        for name in ("unit", "ref", "position", "digest")
    }
    query = sql.SQL(
        "SELECT s.ref, s.position, s.content_hash, {digest} FROM governance_auditseal s"
        " LEFT JOIN {table} j ON {ref} = s.ref AND {position} = s.position"
        " WHERE s.unit_id = %s AND s.kind = %s ORDER BY s.seq"
    ).format(table=sql.Identifier(source.table), **names)
    for ref, position, sealed, found in _stream(query, [unit_id, source.kind]):
        if found == sealed:
            continue
        kind = "missing" if found is None else "altered"
        detail = _("what was sealed of its journal at {position} is not there any more")
        yield Fault(kind, source.kind.lower(), str(ref), detail.format(position=position))


def _stream(query: sql.Composable, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows
