"""Actions on persons and their accounts."""

from __future__ import annotations

import zoneinfo
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from common.context import Actor
from common.names import clean_name
from common.problems import NotFound
from governance import access, audit
from governance.audit_codes import Code
from governance.errors import AlreadyExists, BadAddress, BadTimeZone, DemoRefused, WeakPassword
from governance.models.people import Account, Person


@transaction.atomic
def add_person(*, actor: Actor, unit_id: UUID, name: str, time_zone: str = "UTC") -> Person:
    """Add a human being, who can do nothing before they hold an account and a role.

    Raises:
        NotAllowed, NotFound: the actor may not manage people in the unit.
        UnsafeName, BadTimeZone: a value cannot be taken.
    """
    access.require_in_unit("person.keep", actor=actor, unit_id=unit_id)
    if time_zone not in zoneinfo.available_timezones():
        raise BadTimeZone(zone=time_zone)
    person = Person.objects.create(name=clean_name(name), time_zone=time_zone)
    audit.record(
        Code.PERSON_CREATED,
        actor=actor,
        subject=audit.InUnit(person, unit_id),
        after={"name": person.name, "time_zone": time_zone},
    )
    return person


@transaction.atomic
def add_account(
    *,
    actor: Actor,
    unit_id: UUID,
    person_id: UUID,
    email: str,
    password: str,
    is_demo: bool = False,
) -> Account:
    """Add a way to sign in for a person.

    Whoever knows the first password of an account can act as its person. So an admin adds one only
    for others, only for those who belong to no unit but the admin's own, and only their first.

    Raises:
        NotAllowed, NotFound, OwnWork: the actor may not manage this person.
        AlreadyExists: the address, or the person, has an account.
        BadAddress, WeakPassword, DemoRefused: a value cannot be taken.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    access.require("person.keep", actor=actor, subject=Managed(person, unit_id))
    if actor.is_human:
        _refuse_second_door(person, unit_id)
    if is_demo and not settings.ALLOW_DEMO:
        raise DemoRefused
    account = Account(person=person, email=_clean_email(email), is_demo=is_demo)
    if Account.objects.filter(email__iexact=account.email).exists():
        raise AlreadyExists(what=account.email)
    account.set_password(checked_password(password, account))
    account.save(force_insert=True)
    audit.record(
        Code.ACCOUNT_CREATED,
        actor=actor,
        subject=audit.InUnit(account, unit_id),
        after={"email": account.email, "person": person.name},
    )
    return account


class Managed(audit.InUnit):
    """A person as an admin of a unit manages them: anybody but the admin."""

    def __init__(self, person: Person, unit_id: UUID) -> None:
        super().__init__(person, unit_id)
        self.person_id = person.pk

    def excluded(self, person_id: UUID | None) -> str:
        """Return why rule 1 excludes a person, or nothing."""
        return "it is about themselves" if person_id == self.person_id else ""


def _refuse_second_door(person: Person, unit_id: UUID) -> None:
    if not set(access.units_reached_by(person.pk)) <= {unit_id}:
        raise NotFound
    if person.accounts.exists():
        raise AlreadyExists(what=f"An account of {person.name}")


def _clean_email(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise BadAddress(email=email) from None
    # An address in another alphabet can look like a colleague's.
    if not email.isascii():
        raise BadAddress(email=email)
    return email


def checked_password(password: str, account: Account) -> str:
    """Return a password that is hard enough to guess.

    Raises:
        WeakPassword: it is not, and why.
    """
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise WeakPassword(reason=" ".join(error.messages)) from None
    return password
