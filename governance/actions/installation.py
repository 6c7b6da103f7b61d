"""The first act of an installation: a unit, and the administrator who makes the rest."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from common import tenancy
from common.context import Actor
from governance import audit
from governance.actions import people, units
from governance.audit_codes import Code
from governance.errors import AlreadySetUp
from governance.models.people import Account
from governance.models.units import Role, RoleAssignment, Unit
from governance.queries import installation

#: Any number of our own: simultaneous set-ups take turns on it.
_LOCK = 0x1_7E_10_C4


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who answers for the installation at its start, and the unit they start in."""

    unit_key: str
    unit_name: str
    name: str
    email: str
    password: str
    time_zone: str = "UTC"
    is_demo: bool = False


@transaction.atomic
def set_up(*, actor: Actor, first: FirstAdministrator) -> Account:
    """Create the first unit and its administrator. Happens once in the life of an installation.

    It is the only time that a role is given without an admin who gives it, so the actor is the
    set-up itself.

    Raises:
        AlreadySetUp: a unit exists.
        UnsafeName, BadKey, BadAddress, WeakPassword: a value cannot be taken.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if installation.is_set_up():
        raise AlreadySetUp
    unit = units.create_unit(
        actor=actor, key=first.unit_key, name=first.unit_name, is_demo=first.is_demo
    )
    with tenancy.units_in_scope([unit.pk]):
        account = _first_admin(actor, unit, first)
        audit.record(Code.INSTALLATION_SET_UP, actor=actor, subject=audit.InUnit(unit, unit.pk))
    return account


def _first_admin(actor: Actor, unit: Unit, first: FirstAdministrator) -> Account:
    person = people.add_person(
        actor=actor, unit_id=unit.pk, name=first.name, time_zone=first.time_zone
    )
    account = people.add_account(
        actor=actor,
        unit_id=unit.pk,
        person_id=person.pk,
        email=first.email,
        password=first.password,
        is_demo=first.is_demo,
    )
    assignment = RoleAssignment.objects.create(unit=unit, person=person, role=Role.ADMIN)
    audit.record(Code.ROLE_GIVEN, actor=actor, subject=assignment, after={"role": assignment.role})
    return account
