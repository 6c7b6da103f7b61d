"""Reading the audit is an act of its own: whoever reads it is recorded."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common.context import Actor
from governance import access, audit
from governance.audit_codes import Code
from governance.models.units import Unit
from governance.queries.audit import Filter, Page, Proof, get_proof, list_entries


@transaction.atomic
def read_audit(
    *,
    actor: Actor,
    unit_id: UUID,
    wanted: Filter,
    before: UUID | None = None,
    after: UUID | None = None,
) -> Page:
    """Return a page of the unit's audit and record what was looked for.

    Raises:
        NotAllowed, NotFound: the actor may not read the audit of the unit.
    """
    access.require_in_unit("audit.read", actor=actor, unit_id=unit_id)
    page = list_entries(unit_id, wanted, before=before, after=after)
    _record(actor, unit_id, wanted.words())
    return page


@transaction.atomic
def read_entry(*, actor: Actor, unit_id: UUID, entry_id: UUID) -> Proof:
    """Return one entry with its values and proof, and record that it was looked at.

    Raises:
        NotAllowed, NotFound: the actor may not read the audit of the unit.
        AuditEntry.DoesNotExist: there is no such entry in the unit.
    """
    access.require_in_unit("audit.read", actor=actor, unit_id=unit_id)
    proof = get_proof(unit_id, entry_id)
    _record(actor, unit_id, {"entry": str(entry_id)})
    return proof


def _record(actor: Actor, unit_id: UUID, looked_for: dict[str, str]) -> None:
    unit = Unit.objects.get(pk=unit_id)
    audit.record(
        Code.AUDIT_READ, actor=actor, subject=audit.InUnit(unit, unit_id), after=looked_for
    )
