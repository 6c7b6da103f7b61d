"""Holding runs that a restore took back, and releasing them.

After the backup they called systems, asked people and waited; the database knows nothing of it. So
they stand still, and nobody is called, until somebody has looked at those systems.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common import clock
from common.context import Actor
from engine import agenda, statements, store
from engine.errors import ReasonMissing, RunNotHeld
from engine.held import Advance
from engine.models.holds import Hold
from engine.models.instances import Instance
from engine.models.journal import JournalRow
from engine.statements import Page
from governance import access, audit, rollback
from governance.audit_codes import Code
from governance.checkpoints import Book
from governance.models.units import Unit
from governance.rollback import Loss

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A run that the checkpoints know better than the database; without a `key` it is gone."""

    instance_id: UUID
    key: str
    title: str
    kept_seq: int
    lost_seq: int


@transaction.atomic
def hold_what_was_lost(
    *, actor: Actor, unit: Unit, book: Book
) -> tuple[Loss | None, list[TakenBack]]:
    """Hold every run of a unit whose sealed head outside is not in the database.

    Then it is written, signed, that the chain was taken back, so doing it again finds nothing. The
    unit is in scope, and nothing of the product runs.
    """
    loss = rollback.loss_of(unit.pk, book)
    if loss is None:
        return None, []
    now = clock.now()
    found = list(_taken_back(loss))
    for run in found:
        _hold(actor, unit, run, loss.until or now, now)
    _record_restore(actor, unit, loss, found)
    rollback.acknowledge(loss, book, now)
    return loss, found


@transaction.atomic
def release_run(*, actor: Actor, instance_id: UUID, reason: str) -> Instance:
    """Let a held run go on from where the backup has it; what is due happens at once.

    What it did after the backup is not known here: the reason says what was found outside. A call
    that was under way keeps its idempotency key.

    Raises:
        NotAllowed, NotFound: the actor may not release this run.
        ReasonMissing: there is no reason.
        RunNotHeld: it is not held.
    """
    run = Instance.objects.select_related("process", "deployment").get(pk=instance_id)
    access.require("run.release", actor=actor, subject=run)
    said = " ".join(reason.split())[:_LONGEST]
    if not said:
        raise ReasonMissing
    held = store.lock([instance_id])[instance_id]
    hold = Hold.objects.filter(pk=instance_id, released_at=None).first()
    if hold is None:
        raise RunNotHeld
    Hold.objects.filter(pk=instance_id).update(released_at=held.at)
    page = Page()
    agenda.note_all(page, Advance(held, actor, "release", held.state.seq + 1, [], held.was))
    page.write()
    lost = {"kept": hold.kept_seq, "lost": hold.lost_seq}
    audit.record(Code.RUN_RELEASED, actor=actor, subject=run, reason=said, before=lost)
    return run


def _taken_back(loss: Loss) -> Iterator[TakenBack]:
    """Yield the runs of lost heads that are older here, went another way, or are gone."""
    known = Instance.objects.in_bulk(list(loss.heads))
    for instance_id, (position, digest) in sorted(loss.heads.items()):
        run = known.get(instance_id)
        if run is None:
            yield TakenBack(instance_id, "", "", 0, position)
        elif run.seq < position or not _has(instance_id, position, digest):
            yield TakenBack(instance_id, run.key, run.title, run.seq, position)


def _has(instance_id: UUID, position: int, digest: str) -> bool:
    rows = JournalRow.objects.filter(instance_id=instance_id, seq_to=position, hash=digest)
    return rows.exists()


def _hold(actor: Actor, unit: Unit, run: TakenBack, lost_at: datetime, now: datetime) -> None:
    facts = {
        "unit_id": unit.pk,
        "kept_seq": run.kept_seq,
        "lost_seq": run.lost_seq,
        "lost_at": lost_at,
        "held_at": now,
        "released_at": None,
    }
    Hold.objects.update_or_create(id=run.instance_id, defaults=facts)
    page = Page()
    page.put(statements.PARK, run.instance_id)
    page.write()
    row = Instance.objects.select_related("process").filter(pk=run.instance_id).first()
    numbers = {"kept": run.kept_seq, "lost": run.lost_seq}
    if row is None:
        lost = {"run": str(run.instance_id), **numbers}
        audit.record(Code.RUN_LOST, actor=actor, subject=audit.InUnit(unit, unit.pk), after=lost)
    else:
        audit.record(Code.RUN_HELD, actor=actor, subject=row, after=numbers)


def _record_restore(actor: Actor, unit: Unit, loss: Loss, found: list[TakenBack]) -> None:
    audit.record(
        Code.RESTORED,
        actor=actor,
        subject=audit.InUnit(unit, unit.pk),
        after={
            "links": {"kept": loss.kept, "lost": loss.last},
            "entries_lost": loss.entries,
            "since": loss.since.isoformat() if loss.since else None,
            "until": loss.until.isoformat() if loss.until else None,
            "runs_held": sum(bool(run.key) for run in found),
            "runs_gone": sum(not run.key for run in found),
        },
    )
