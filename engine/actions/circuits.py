"""Actions on circuits: asking whether a call may go, saying how it came back, closing by hand.

The row of a circuit is locked last in every transaction, after those of the queue and the run, and
several in one order; a circuit at which nothing fails has no row and costs one look.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from common.context import Actor
from common.ids import new_id
from common.problems import NotFound
from engine import circuit as rules
from engine import leases
from engine.circuit import Admission, State
from engine.connectors.base import Failed, Outcome
from engine.errors import CircuitClosed
from engine.models.circuits import Circuit
from engine.queries.clock import engine_now
from governance import access, audit
from governance.audit_codes import Code

_FIELDS = tuple(field.name for field in fields(rules.Circuit))
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Key:
    """Whose circuit: of one target (`host:port`) of one connector in a unit."""

    unit_id: UUID
    job_type: str
    target: str

    @property
    def order(self) -> tuple[UUID, str, str]:
        """Return by what circuits are locked in one order."""
        return self.unit_id, self.job_type, self.target


@dataclass(frozen=True, slots=True)
class Passage:
    """What a call was told: `circuit_id` is None where there is no circuit that counts.

    `probe` and `until` are as in `Admission`.
    """

    circuit_id: UUID | None = None
    probe: int = 0
    until: datetime | None = None


#: A call to a target at which nothing fails.
ORDINARY = Passage()


def admit(key: Key) -> Passage:
    """Ask for one call, in the caller's transaction."""
    row = _counting(key).first()
    if row is None or row.state == State.CLOSED:
        return Passage(row.pk if row else None)
    row = Circuit.objects.select_for_update().get(pk=row.pk)
    before, now = _circuit(row), engine_now()
    after, admission = rules.admit(before, now)
    if after != before:
        _keep(row, after, now)
    return _passage(row, admission)


def note(key: Key, passage: Passage, outcome: Outcome) -> None:
    """Say how a call came back, in the transaction that reports it."""
    has_failed = isinstance(outcome, Failed) and outcome.at_target
    if passage.circuit_id is None and not has_failed:
        return
    row, now = _locked(key), engine_now()
    before = _circuit(row)
    if isinstance(outcome, Failed) and has_failed:
        asked = outcome.retry_after or 0.0
        after = rules.failed(before, now, _fraction(), passage.probe, asked)
        row.code, row.cause = outcome.code, outcome.diagnosis[:_LONGEST]
        row.failed_at = now
    elif isinstance(outcome, Failed) and not outcome.answer:
        after = rules.unused(before, passage.probe)
    else:
        after = rules.succeeded(before, now, passage.probe)
    _keep(row, after, now)


@transaction.atomic
def reset_circuit(*, actor: Actor, circuit_id: UUID, reason: str = "") -> Circuit:
    """Close a circuit by hand; what it held goes on within seconds.

    Raises:
        NotAllowed, NotFound: the actor may not close it.
        CircuitClosed: it is closed already.
    """
    row = Circuit.objects.select_for_update().filter(pk=circuit_id).first()
    if row is None:
        raise NotFound
    access.require("circuit.reset", actor=actor, subject=row)
    before = row.state
    if before == State.CLOSED:
        raise CircuitClosed(target=row.target)
    _keep(row, rules.reset(_circuit(row)), engine_now())
    audit.record(
        Code.CIRCUIT_RESET,
        actor=actor,
        subject=row,
        reason=reason.strip()[:_LONGEST],
        before={"state": before, "cause": row.cause},
        after={"state": row.state},
    )
    return row


def _counting(key: Key) -> QuerySet[Circuit]:
    return Circuit.objects.filter(**asdict(key)).exclude(Q(state=State.CLOSED, failures=0))


def _locked(key: Key) -> Circuit:
    """Return the row of a circuit, locked; the first failure of a target makes it."""
    fresh = Circuit(id=new_id(), since=engine_now(), **asdict(key))
    Circuit.objects.bulk_create([fresh], ignore_conflicts=True)
    return Circuit.objects.select_for_update().get(**asdict(key))


def _circuit(row: Circuit) -> rules.Circuit:
    values = {name: getattr(row, name) for name in _FIELDS}
    return rules.Circuit(**{**values, "state": State(row.state)})


def _keep(row: Circuit, after: rules.Circuit, now: datetime) -> None:
    """Write a circuit; where it closes, what it held may go."""
    closes = after.state is State.CLOSED and row.state != State.CLOSED
    if after.state != row.state:
        row.since = now
    for name in _FIELDS:
        setattr(row, name, getattr(after, name))
    row.save()
    if closes:
        leases.wake(row.pk)


def _passage(row: Circuit, admission: Admission) -> Passage:
    return Passage(row.pk, admission.probe, admission.until)


def _fraction() -> float:
    """Return a number in [0, 1), evenly spread; nothing secret hangs on it."""
    return int.from_bytes(os.urandom(7), "big") / 2**56
