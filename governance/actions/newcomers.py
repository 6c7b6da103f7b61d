"""A person joins a unit: made, given a door and their first roles, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from common.context import Actor
from governance.actions import people, roles
from governance.models.people import Person
from governance.models.units import Role


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person who joins a unit, with the account and the roles they begin with."""

    name: str
    email: str
    password: str
    time_zone: str = "UTC"
    roles: tuple[Role, ...] = ()


@transaction.atomic
def welcome(*, actor: Actor, unit_id: UUID, newcomer: Newcomer) -> Person:
    """Add a person with their first account and roles.

    Raises:
        NotAllowed, NotFound: the actor may not manage people in the unit.
        AlreadyExists: the address has an account.
        UnsafeName, BadAddress, BadTimeZone, WeakPassword: a value cannot be taken.
    """
    person = people.add_person(
        actor=actor, unit_id=unit_id, name=newcomer.name, time_zone=newcomer.time_zone
    )
    people.add_account(
        actor=actor,
        unit_id=unit_id,
        person_id=person.pk,
        email=newcomer.email,
        password=newcomer.password,
    )
    for role in newcomer.roles:
        roles.give_role(actor=actor, unit_id=unit_id, person_id=person.pk, role=role)
    return person
