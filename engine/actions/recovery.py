"""Recovery: the rows of a run made anew from its journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction

from common.context import Actor
from engine import replay, shadow
from engine.actions import rollups
from engine.errors import JournalBroken
from engine.models.instances import Instance
from engine.queries import verification
from engine.queries.journals import Chain
from engine.shadow import Difference
from governance import audit
from governance.audit_codes import Code


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was put right in one run; `erased` counts values that are empty for good."""

    instance_id: UUID
    changed: Sequence[Difference]
    erased: int = 0


@transaction.atomic
def rebuild(*, actor: Actor, instance_id: UUID, dry: bool = False) -> Rebuilt:
    """Make all rows of a run those that its journal gives, under the run's lock.

    What no journal holds (`shadow.TABLES` names it) stays where a row is there. A journal that is
    not whole gives nothing: rows made from it would hide what is missing. With `dry` nothing is
    written.

    Raises:
        JournalBroken: rows of the journal are missing or were altered.
        UnknownBeginning: nothing says how the run began.
        NewerJournal: a newer release wrote it.
    """
    Instance.objects.select_for_update(no_key=True).filter(pk=instance_id).first()
    again = verification.replay_of(instance_id)
    shadow.prepare()
    shadow.cast(again, _whole(instance_id))
    changed = list(shadow.differences([instance_id]))
    if changed and not dry:
        shadow.put_in_place(instance_id)
        for process_id, days in _counted_in(changed).items():
            rollups.recount(process_id, days)
        _record(actor, instance_id, changed)
    return Rebuilt(instance_id, changed, again.erased)


def _counted_in(changed: Sequence[Difference]) -> dict[UUID, set[date]]:
    """Return the days (UTC) of processes among whose ended runs one that changed is, or was."""
    days: dict[UUID, set[date]] = {}
    for row in (row for each in changed for row in (each.told, each.stored) if row):
        if "started_at" in row:
            started_at = datetime.fromisoformat(row["started_at"]).astimezone(UTC)
            days.setdefault(UUID(row["process_id"]), set()).add(started_at.date())
    return days


def _whole(instance_id: UUID) -> Iterator[replay.Told]:
    chain = Chain(instance_id)
    for row in replay.rows(instance_id):
        for fault in chain.judge(row):
            raise JournalBroken(run=str(instance_id), detail=fault.detail)
        yield row


def _record(actor: Actor, instance_id: UUID, changed: Sequence[Difference]) -> None:
    counts = Counter(difference.table.removeprefix("engine_") for difference in changed)
    audit.record(
        Code.RUN_REBUILT,
        actor=actor,
        subject=Instance.objects.select_related("process").get(pk=instance_id),
        after=dict(counts),
    )
