"""Actions on limits: how much of the installation a unit may use."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from common.context import Actor
from governance import access, audit
from governance.audit_codes import Code
from governance.errors import LimitOutOfRange
from governance.models.limits import LIMITS, UnitLimits
from governance.queries import limits


@transaction.atomic
def set_limits(*, actor: Actor, unit_id: UUID, wanted: Mapping[str, int | None]) -> UnitLimits:
    """Set the limits that are named; None gives one back to the installation.

    What is under way already goes on; the next start, claim or step meets the new number.

    Raises:
        NotAllowed, NotFound: the actor may not set limits in the unit.
        LimitOutOfRange: a number that a limit cannot be.
    """
    access.require_in_unit("quota.set", actor=actor, unit_id=unit_id)
    found = limits.get_limits(unit_id)
    before = {name: getattr(found, name) for name in LIMITS}
    changed = {name: value for name, value in wanted.items() if value != before[name]}
    if not changed:
        return found
    for name, value in changed.items():
        setattr(found, name, value)
    _check(found)
    found.save()
    audit.record(
        Code.UNIT_LIMITS_SET,
        actor=actor,
        subject=found,
        before={name: before[name] for name in changed},
        after=changed,
    )
    return found


def _check(wanted: UnitLimits) -> None:
    try:
        wanted.clean_fields(exclude=["unit"])
    except ValidationError as error:
        problems = [
            {"field": name, "message": " ".join(said)} for name, said in error.message_dict.items()
        ]
        raise LimitOutOfRange(problems=problems) from None
