"""record(): who did what to which subject, in the transaction of the act."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, models

from common import clock, context
from common.context import Actor
from common.ids import new_id
from governance.audit_codes import Code
from governance.models.audit import AuditEntry, AuditPayload


class Subject(Protocol):
    """What an act is done to: a row that knows its unit."""

    @property
    def pk(self) -> Any: ...  # noqa: D102
    @property
    def unit_id(self) -> UUID: ...  # noqa: D102


class InUnit:
    """A row that belongs to no unit (a person, an account), as one unit records an act on it."""

    def __init__(self, row: models.Model, unit_id: UUID) -> None:
        self.row = row
        self.pk = row.pk
        self.unit_id = unit_id

    def __str__(self) -> str:
        return str(self.row)


def record(
    code: Code,
    *,
    actor: Actor,
    subject: Subject,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry. It becomes evidence when the transaction around it commits.

    `before` and `after` hold what changed, by name, as plain JSON values. A secret never stands in
    them; nobody could take it out again.

    Raises:
        RuntimeError: there is no transaction, so the act and its proof could part.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{code} was recorded outside a transaction")
    values = canonical(
        {
            "actor": actor.name,
            "subject": str(subject),
            "reason": reason,
            "before": dict(before or {}),
            "after": dict(after or {}),
        }
    )
    salt = os.urandom(16).hex()
    process = getattr(subject, "process", None)
    entry = AuditEntry.objects.create(
        id=new_id(),
        unit_id=subject.unit_id,
        at=clock.now(),
        code=code,
        actor_kind=actor.kind,
        actor_person_id=actor.person_id,
        actor_account_id=actor.account_id,
        subject_type=_type_of(subject),
        subject_id=str(subject.pk),
        process_id=process.pk if process is not None else None,
        request_id=context.current().request_id,
        payload_digest=payload_digest(salt, values),
    )
    AuditPayload.objects.create(entry=entry, unit_id=entry.unit_id, salt=salt, values=values)
    return entry


def canonical(values: Mapping[str, Any]) -> str:
    """Return the one text of some values: sorted names, no spaces, what JSON lacks as text."""
    return json.dumps(
        values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )


def payload_digest(salt: str, values: str) -> str:
    """Return the salted digest by which values, as canonical text, enter the chain (SHA-256)."""
    return hashlib.sha256(f"{salt}{values}".encode()).hexdigest()


def _type_of(subject: Subject) -> str:
    row = subject.row if isinstance(subject, InUnit) else subject
    return row._meta.label_lower if isinstance(row, models.Model) else type(row).__name__
