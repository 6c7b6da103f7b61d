"""Actions on roles: given and taken by an admin of the unit, never on oneself."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common.context import Actor
from governance import access, audit
from governance.actions.people import Managed
from governance.audit_codes import Code
from governance.models.people import Person
from governance.models.units import Role, RoleAssignment


@transaction.atomic
def give_role(*, actor: Actor, unit_id: UUID, person_id: UUID, role: Role) -> RoleAssignment:
    """Give a person a role in the unit; giving it twice changes nothing.

    Raises:
        NotAllowed, NotFound: the actor may not manage roles in the unit.
        OwnWork: nobody gives themselves a role.
    """
    person = Person.objects.get(pk=person_id)
    access.require("person.keep", actor=actor, subject=Managed(person, unit_id))
    assignment, created = RoleAssignment.objects.get_or_create(
        unit_id=unit_id, person=person, role=Role(role)
    )
    if created:
        audit.record(
            Code.ROLE_GIVEN, actor=actor, subject=assignment, after={"role": assignment.role}
        )
    return assignment


@transaction.atomic
def take_role(
    *, actor: Actor, unit_id: UUID, person_id: UUID, role: Role, reason: str = ""
) -> None:
    """Take a role away; whoever does not hold it loses nothing.

    Raises:
        NotAllowed, NotFound: the actor may not manage roles in the unit.
        OwnWork: nobody changes their own roles, so a unit never loses its last admin by them.
    """
    person = Person.objects.get(pk=person_id)
    access.require("person.keep", actor=actor, subject=Managed(person, unit_id))
    held = RoleAssignment.objects.select_for_update().filter(
        unit_id=unit_id, person=person, role=Role(role)
    )
    for assignment in held:
        audit.record(
            Code.ROLE_TAKEN,
            actor=actor,
            subject=assignment,
            reason=reason,
            before={"role": assignment.role},
        )
        assignment.delete()
