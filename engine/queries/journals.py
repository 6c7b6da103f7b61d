"""Reads journals as evidence: is each chain whole, and does its replay give what is stored?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import UUID

from engine import codec, projections, store
from engine.codec import Vault
from engine.models.instances import Instance
from engine.models.journal import JournalRow, Payload
from engine.semantics.evolve import fold
from engine.semantics.state import InstanceState
from governance.sources import Fault, Source

#: The heads are sealed with the audit.
SOURCE = Source(kind="JOURNAL", table="engine_journalrow")
_WHAT = "engine.journalrow"
_HEADER = (
    "at",
    "instance_id",
    "seq_from",
    "seq_to",
    "unit_id",
    "actor_kind",
    "actor_name",
    "actor_person_id",
    "actor_account_id",
    "cause",
    "state",
    "schema",
)


def faults(unit_id: UUID) -> Iterator[Fault]:
    """Yield what is wrong inside the chains of a unit: gaps, altered rows, values that differ."""
    for instance_id, seq, head in (
        Instance.objects.filter(unit_id=unit_id)
        .values_list("pk", "seq", "head_hash")
        .order_by("pk")
        .iterator()
    ):
        yield from _chain(instance_id, seq, head)


def replayed(instance_id: UUID) -> InstanceState:
    """Return the state that a journal gives, folded from its beginning."""
    state = InstanceState(instance=str(instance_id))
    vaults = _vaults(instance_id)
    for row in _rows(instance_id):
        fold(state, codec.decode(row.events, vaults.get(row.seq_from, Vault(""))))
    return state


def differences(instance_id: UUID) -> Iterator[str]:
    """Yield what a run's rows say other than the replay of its journal; locks the run.

    An ended run keeps its variables and its journal; nothing else of it is compared.
    """
    stored = store.lock([instance_id])[instance_id].state
    told = replayed(instance_id)
    expected, found = (json.loads(codec.state_text(state)) for state in (told, stored))
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            yield f"{name}: the journal says {expected.get(name)!r}, the rows {found.get(name)!r}"


def _chain(instance_id: UUID, seq: int, head: str) -> Iterator[Fault]:
    expected, previous = 1, ""
    vaults = _vaults(instance_id)
    for row in _rows(instance_id):
        if row.seq_from != expected:
            yield _fault("missing", instance_id, f"events {expected} to {row.seq_from - 1}")
        if row.prev_hash != previous or row.hash != hash_of(row):
            yield _fault("altered", instance_id, f"events {row.seq_from} to {row.seq_to}")
        vault = vaults.get(row.seq_from)
        if vault is not None and not _is_whole(row, vault):
            yield _fault("altered", instance_id, f"values of events from {row.seq_from}")
        expected, previous = row.seq_to + 1, row.hash
    if (expected - 1, previous) != (seq, head):
        yield _fault("missing", instance_id, f"events after {expected - 1}")


def hash_of(row: JournalRow) -> str:
    """Return the hash that a row should have."""
    return codec.journal_hash(row.prev_hash, header_of(row), row.events)


def header_of(row: JournalRow) -> list[str | int | None]:
    """Return the header of a row as it enters its hash."""
    return projections.header([getattr(row, name) for name in _HEADER])


def _is_whole(row: JournalRow, vault: Vault) -> bool:
    """Tell whether each value is the one whose digest was written; an erased one is missing."""
    again = Vault(vault.salt)
    return all(
        again.seal(value) == digest and digest in row.events
        for digest, value in vault.values.items()
    )


def _rows(instance_id: UUID) -> Iterator[JournalRow]:
    return JournalRow.objects.filter(instance_id=instance_id).order_by("seq_from").iterator()


def _vaults(instance_id: UUID) -> dict[int, Vault]:
    rows = Payload.objects.filter(instance_id=instance_id)
    return {row.seq_from: Vault(row.salt, json.loads(row.values)) for row in rows}


def _fault(kind: str, instance_id: UUID, detail: str) -> Fault:
    return Fault(kind, _WHAT, str(instance_id), f"The journal's {detail} are {kind}.")
