"""What a restored database has lost, as the signed checkpoints outside it know.

A backup is older than what happened last. The checkpoints are not taken back with it: they name how
far the chain went, and the newest sealed head of every journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from governance import chain
from governance.checkpoints import Book, Checkpoint, in_force
from governance.models.audit import AuditSeal
from governance.sealing import as_link


@dataclass(frozen=True, slots=True)
class Loss:
    """One unit's chain: it ends at link `kept`, and went on to `last`.

    `since` and `until` are the span of time that is gone, `entries` how many audit entries, `heads`
    the newest sealed head of each journal in it, as position and hash.
    """

    unit_id: UUID
    kept: int
    last: int
    since: datetime | None
    until: datetime | None
    entries: int
    heads: Mapping[UUID, tuple[int, str]]


def loss_of(unit_id: UUID, book: Book) -> Loss | None:
    """Return what the checkpoints know and the database has not; None where it has all.

    The unit is in scope. Checkpoints that nobody signed say nothing here; `verify_audit` names
    them.
    """
    newest = AuditSeal.objects.filter(unit_id=unit_id).order_by("-seq").first()
    kept = newest.seq if newest else 0
    later = [one for one in _in_force(unit_id, book) if one.last > kept]
    if not later:
        return None
    heads: dict[UUID, tuple[int, str]] = {}
    for checkpoint in later:
        heads |= checkpoint.heads
    first = later[0].first
    known = AuditSeal.objects.filter(unit_id=unit_id, kind=chain.ENTRY, seq__gte=first).count()
    return Loss(
        unit_id=unit_id,
        kept=kept,
        last=later[-1].last,
        since=newest.sealed_at if newest else None,
        until=datetime.fromisoformat(later[-1].at).astimezone(UTC),
        entries=sum(checkpoint.entries for checkpoint in later) - known,
        heads=heads,
    )


def acknowledge(loss: Loss, book: Book, now: datetime) -> None:
    """Write, signed, that the chain was taken back: sealing goes on from where it now ends."""
    covered = max(
        (one.last for one in _in_force(loss.unit_id, book) if one.last <= loss.kept), default=0
    )
    seals = AuditSeal.objects.filter(unit_id=loss.unit_id, seq__gt=covered).order_by("seq")
    links = [as_link(seal) for seal in seals]
    last = AuditSeal.objects.filter(unit_id=loss.unit_id, seq=loss.kept).first()
    end = (loss.kept, last.hash if last else chain.origin(loss.unit_id))
    book.write_restored(loss.unit_id, end, links, now)


def _in_force(unit_id: UUID, book: Book) -> Iterator[Checkpoint]:
    return iter(in_force(one for one in book.walk(unit_id) if one.genuine))
