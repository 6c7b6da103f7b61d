"""A run's journal, read again from its beginning: every row once, in order, and what it says.

Memory does not grow with the journal: rows come with their values in one stream, and only the state
they add up to is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from common.context import automation
from engine import beginnings, codec, large, projections, store
from engine.codec import Vault
from engine.errors import UnknownBeginning
from engine.held import Advance, Held, Home, Opening
from engine.models.deployments import Deployment
from engine.models.instances import RunState
from engine.semantics.events import Event
from engine.semantics.evolve import fold
from engine.semantics.state import InstanceState

_ACTOR = automation("replay")
_CHUNK = 500
_ROWS = """
SELECT j.at, j.instance_id, j.seq_from, j.seq_to, j.unit_id, j.actor_kind, j.actor_name,
    j.actor_person_id, j.actor_account_id, j.cause, j.state, j.schema,
    j.events, j.prev_hash, j.hash, p.salt, p.values
FROM engine_journalrow j
LEFT JOIN engine_payload p
    ON p.at = j.at AND p.instance_id = j.instance_id AND p.seq_from = j.seq_from
WHERE j.instance_id = %s
ORDER BY j.seq_from
"""
_HEADER = 12


@dataclass(slots=True)
class OpenVault(Vault):
    """A vault that counts what was asked for and is not there any more."""

    erased: int = 0

    def open(self, digest: str) -> Any:
        """Return the value of a digest, or None once it was erased."""
        self.erased += digest not in self.values
        return Vault.open(self, digest)


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a journal. `header` is what enters its hash before the events' text."""

    header: tuple[Any, ...]
    events: str
    prev_hash: str
    hash: str
    vault: OpenVault

    @property
    def at(self) -> datetime:
        """Return the time of its transaction."""
        moment: datetime = self.header[0]
        return moment

    @property
    def seq_from(self) -> int:
        """Return the number of its first event."""
        return int(self.header[2])

    @property
    def seq_to(self) -> int:
        """Return the number of its last event."""
        return int(self.header[3])

    @property
    def true_hash(self) -> str:
        """Return the hash that the row should have."""
        return codec.journal_hash(self.prev_hash, projections.header(self.header), self.events)

    @property
    def is_whole(self) -> bool:
        """Tell whether each value is the one whose digest was written; erased ones are missing."""
        again = Vault(self.vault.salt)
        return all(
            again.seal(value) == digest and digest in self.events
            for digest, value in self.vault.values.items()
        )


def rows(instance_id: UUID) -> Iterator[Told]:
    """Stream the rows of a run's journal, each with its values."""
    read = partial(large.found, instance_id)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [instance_id])
        while found := cursor.fetchmany(_CHUNK):
            for row in found:
                text, prev_hash, head, salt, values = row[_HEADER:]
                vault = OpenVault(salt or "", codec.values_of(values, read) if values else {})
                yield Told(tuple(row[:_HEADER]), text, prev_hash, head, vault)


@dataclass(slots=True)
class Replay:
    """A run as its journal tells it; `advances` moves it forward, row by row.

    `known` is what the instance's row says of its beginning, for journals of releases that did not
    write it down. `erased` counts the values that were erased and are empty here.
    """

    instance_id: UUID
    known: Opening | None = None
    deployment_id: UUID | None = None
    erased: int = 0
    state: InstanceState = field(init=False)

    def __post_init__(self) -> None:
        self.state = InstanceState(instance=str(self.instance_id))

    def advances(self, journal: Iterator[Told]) -> Iterator[Advance]:
        """Yield what each row made happen, with the state moved past it.

        Raises:
            UnknownBeginning: neither the journal nor the row says how the run began.
            NewerJournal: a newer release wrote it.
        """
        held: Held | None = None
        for row in journal:
            happened = codec.decode(row.events, row.vault)
            fold(self.state, happened)
            self.erased += row.vault.erased
            held = held or self._begun(row, happened[0])
            held.at = row.at.astimezone(UTC)
            standing = RunState(row.header[10])
            cause = str(row.header[9])
            yield Advance(held, _ACTOR, cause, row.seq_from, happened, standing, row.hash)

    def _begun(self, row: Told, first: Event) -> Held:
        found = beginnings.read(first) or (self.deployment_id, self.known)
        deployment_id, opening = found
        if deployment_id is None or opening is None:
            raise UnknownBeginning(run=str(self.instance_id))
        home = _home(row.header[4], deployment_id)
        at = row.at.astimezone(UTC)
        return Held(self.instance_id, home, self.state, at, opening=opening, caller=opening.caller)


def _home(unit_id: UUID, deployment_id: UUID) -> Home:
    process_id, *owners = Deployment.objects.values_list(
        "process_id", "process__owner_id", "process__backup_owner_id"
    ).get(pk=deployment_id)
    return Home(
        unit_id,
        process_id,
        deployment_id,
        store.model_of(deployment_id),
        [owner for owner in owners if owner is not None],
    )
