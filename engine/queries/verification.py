"""Every run against the replay of its journal: the chain, the state and all rows that follow.

One snapshot of the database for a few runs at a time, so nothing is locked and nobody waits; what
a journal gives is written to temporary tables and compared row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from engine import replay, shadow
from engine.held import Caller, Opening
from engine.models.instances import Instance
from engine.queries import rollups
from engine.queries.journals import Chain
from engine.replay import Replay
from engine.semantics.errors import told
from engine.shadow import Difference

#: So many runs share a snapshot: a long one would keep dead rows from being cleaned away.
BATCH = 50
_LONGEST = 200
_UNTOLD = """
SELECT instance_id FROM engine_journalrow j
WHERE unit_id = %s AND seq_from = 1
    AND NOT EXISTS (SELECT 1 FROM engine_instance i WHERE i.id = j.instance_id)
ORDER BY instance_id
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a run, and what makes it right again, in words.

    Without a run it is the counts of ended runs, which reports read.
    """

    run: str
    instance_id: UUID | None
    what: str
    remedy: str


@dataclass(slots=True)
class Verified:
    """A run that was looked at. `erased` counts values that are gone because they were erased."""

    run: str
    instance_id: UUID
    rows: int = 0
    erased: int = 0
    findings: list[Finding] = field(default_factory=list)


def runs(unit_id: UUID, which: int | UUID | None = None) -> list[UUID]:
    """Return the runs of a unit, those of which only the journal is left among them."""
    known = Instance.objects.filter(unit_id=unit_id).order_by("pk").values_list("pk", flat=True)
    if isinstance(which, int):
        return list(known.filter(number=which))
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD, [unit_id])
        found = [*known, *(left for (left,) in cursor.fetchall())]
    return found if which is None else [one for one in found if one == which]


def verify(instance_ids: Sequence[UUID]) -> Iterator[Verified]:
    """Yield what is found of each run, batch by batch; each is a snapshot of its own."""
    for start in range(0, len(instance_ids), BATCH):
        with transaction.atomic():
            _one_snapshot()
            yield from _batch(instance_ids[start : start + BATCH])


def counts(unit_id: UUID) -> list[Finding]:
    """Return where the counts of a unit's ended runs are not those of its runs."""
    remedy = _("To count them anew: manage.py rebuild --all")
    return [Finding(_("reports"), None, one.words, remedy) for one in rollups.miscounts(unit_id)]


def replay_of(instance_id: UUID) -> Replay:
    """Return the replay of a run, with what its row knows of its beginning."""
    row = Instance.objects.filter(pk=instance_id).first()
    if row is None:
        return Replay(instance_id)
    caller = None
    if row.parent_id is not None and row.parent_activity is not None:
        caller = Caller(row.parent_id, row.parent_activity, row.depth)
    starter = (row.started_by_id, row.started_by_account_id)
    opening = Opening(row.number, row.title, row.business_key, *starter, caller)
    return Replay(instance_id, opening, row.deployment_id)


def in_words(difference: Difference) -> str:
    """Return a row that is not as its journal says, as a sentence that names it."""
    row = f"{difference.table.removeprefix('engine_')} {'/'.join(difference.key)}"
    if difference.stored is None:
        return _("{row} is missing; the journal gives {told}").format(
            row=row, told=_short(difference.told)
        )
    if difference.told is None:
        return _("{row} is there; the journal knows of none").format(row=row)
    fields = [
        _("{name} is {stored}, the journal gives {told}").format(
            name=name, stored=_short(stored), told=_short(told)
        )
        for name, (told, stored) in difference.fields.items()
    ]
    return f"{row}: {'; '.join(fields)}"


def _batch(instance_ids: Sequence[UUID]) -> Iterator[Verified]:
    stored = {row.pk: row for row in Instance.objects.filter(pk__in=instance_ids)}
    found: dict[UUID, Verified] = {}
    shadow.prepare()
    for instance_id in instance_ids:
        row = stored.get(instance_id)
        name = row.key if row else _("run {id}").format(id=instance_id)
        found[instance_id] = _replayed(Verified(name, instance_id), row)
    whole = {one.instance_id for one in found.values() if not one.findings}
    for difference in shadow.differences(instance_ids):
        one = found[difference.instance_id]
        if one.instance_id in whole and not (one.erased and _is_erased(difference)):
            one.findings.append(_wrong(one, in_words(difference)))
    yield from found.values()


def _replayed(one: Verified, row: Instance | None) -> Verified:
    """Judge the chain of a run and cast what it gives; one that cannot be replayed says why."""
    chain, again = Chain(one.instance_id), replay_of(one.instance_id)

    def judged() -> Iterator[replay.Told]:
        for each in replay.rows(one.instance_id):
            for fault in chain.judge(each):
                one.findings.append(_broken(one, fault.detail))
            yield each

    try:
        one.rows = shadow.cast(again, judged())
    except (DomainError, LookupError, ValueError, TypeError) as error:
        said = told(error) if isinstance(error, DomainError) else repr(error)
        detail = _("the replay stops after event {seq}: {said}").format(seq=chain.seq, said=said)
        one.findings.append(_broken(one, detail))
    if row is not None and not one.findings:
        for fault in chain.end(row.seq, row.head_hash):
            one.findings.append(_broken(one, fault.detail))
    one.erased = again.erased
    return one


def _broken(one: Verified, detail: str) -> Finding:
    remedy = _("Take the journal from a backup: nothing can be rebuilt from this one.")
    return Finding(one.run, one.instance_id, detail, remedy)


def _wrong(one: Verified, detail: str) -> Finding:
    remedy = _("To make the rows what the journal gives: manage.py rebuild --run {id}").format(
        id=one.instance_id
    )
    return Finding(one.run, one.instance_id, detail, remedy)


def _is_erased(difference: Difference) -> bool:
    """Tell whether what is missing in the replay is what was erased: empty, and nothing else."""
    empty: tuple[Any, ...] = (None, "", "null", "{}", "[]", [], {})
    return bool(difference.fields) and all(
        told in empty for told, _stored in difference.fields.values()
    )


def _one_snapshot() -> None:
    # Inside another transaction (a test's) the level is fixed already, and nothing runs beside it.
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
