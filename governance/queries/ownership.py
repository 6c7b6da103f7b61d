"""Who answers for which process, and where nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.utils.translation import gettext as _

from governance.models.people import Account
from governance.models.processes import Process
from governance.models.units import RoleAssignment


class State(Enum):
    """How well a process is looked after."""

    COVERED = "COVERED"
    NO_BACKUP = "NO_BACKUP"
    OWNER_LEFT = "OWNER_LEFT"


@dataclass(frozen=True, slots=True)
class Owned:
    """A process and who answers for it."""

    key: str
    name: str
    owner: str
    backup: str
    team: str
    risk: str
    registered_at: datetime
    state: State


def list_owned(unit_id: UUID) -> list[Owned]:
    """Return every process of the unit, by name.

    An owner who holds no role in the unit any more, or no open account, has left: nobody answers.
    """
    here = _those_here(unit_id)
    rows = Process.objects.filter(unit_id=unit_id).select_related("owner", "backup_owner", "team")
    return [
        Owned(
            key=row.key,
            name=row.name,
            owner=row.owner.name,
            backup=row.backup_owner.name if row.backup_owner else "",
            team=row.team.name if row.team else _("No team"),
            risk=row.risk_class,
            registered_at=row.created_at,
            state=_state(row, here),
        )
        for row in rows.order_by("name")
    ]


def _state(row: Process, here: set[UUID]) -> State:
    if row.owner_id not in here:
        return State.OWNER_LEFT
    if row.backup_owner_id is None or row.backup_owner_id not in here:
        return State.NO_BACKUP
    return State.COVERED


def _those_here(unit_id: UUID) -> set[UUID]:
    held = RoleAssignment.objects.filter(unit_id=unit_id).values_list("person_id", flat=True)
    active = Account.objects.filter(person_id__in=held, is_active=True)
    return set(active.values_list("person_id", flat=True))
