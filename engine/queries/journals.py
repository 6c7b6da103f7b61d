"""Reads journals as evidence: is each chain whole, and does its replay give what is stored?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from engine import codec, replay, store
from engine.models.instances import Instance
from engine.replay import Told
from engine.semantics.evolve import fold
from engine.semantics.state import InstanceState
from governance.sources import Fault, Source

#: The heads are sealed with the audit.
SOURCE = Source(kind="JOURNAL", table="engine_journalrow")
_WHAT = "engine.journalrow"


def faults(unit_id: UUID) -> Iterator[Fault]:
    """Yield what is wrong inside the chains of a unit: gaps, altered rows, values that differ."""
    for instance_id, seq, head in (
        Instance.objects.filter(unit_id=unit_id)
        .values_list("pk", "seq", "head_hash")
        .order_by("pk")
        .iterator()
    ):
        chain = Chain(instance_id)
        for row in replay.rows(instance_id):
            yield from chain.judge(row)
        yield from chain.end(seq, head)


def replayed(instance_id: UUID) -> InstanceState:
    """Return the state that a journal gives, folded from its beginning."""
    state = InstanceState(instance=str(instance_id))
    for row in replay.rows(instance_id):
        fold(state, codec.decode(row.events, row.vault))
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


@dataclass(slots=True)
class Chain:
    """Judges the rows of one journal as they come: no gap, every hash and every value true."""

    instance_id: UUID
    seq: int = 0
    head: str = ""

    def judge(self, row: Told) -> Iterator[Fault]:
        """Yield what is wrong with a row, and go on from what is stored."""
        if row.seq_from != self.seq + 1:
            yield self._fault("missing", f"events {self.seq + 1} to {row.seq_from - 1}")
        if row.prev_hash != self.head or row.hash != row.true_hash:
            yield self._fault("altered", f"events {row.seq_from} to {row.seq_to}")
        if not row.is_whole:
            yield self._fault("altered", f"values of events from {row.seq_from}")
        self.seq, self.head = row.seq_to, row.hash

    def end(self, seq: int, head: str) -> Iterator[Fault]:
        """Yield what is missing at the end, where the run's row has another head."""
        if (self.seq, self.head) != (seq, head):
            yield self._fault("missing", f"events after {self.seq}")

    def _fault(self, kind: str, detail: str) -> Fault:
        return Fault(kind, _WHAT, str(self.instance_id), f"The journal's {detail} are {kind}.")
