"""Signing in and out, and one's password: judged by it, slowed down by failures, recorded."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext as _

from common import tenancy
from common.context import Actor, automation
from governance import access, audit
from governance.actions import attempts
from governance.actions.people import checked_password
from governance.audit_codes import Code
from governance.errors import WeakPassword, WrongCredentials, WrongPassword
from governance.models.people import Account

# Hashing a password of a megabyte is work that a stranger could order.
_LONGEST_PASSWORD = 1_000


def sign_in(*, email: str, password: str, source: str, device: str = "") -> Account:
    """Return the account that the address and password open, and record it.

    `source` is the network address the request came from, `device` the browser where this account
    was signed in with it before. The failure is written in transactions of their own, because the
    refusal that follows undoes whatever is open.

    Raises:
        WrongCredentials: no such account, a wrong password, or an account that is closed.
        TooManyAttempts: too many failures within 15 minutes, see `attempts`.
    """
    email = email.strip().lower()
    attempt = attempts.begin(email=email, source=source, device=device)
    found = authenticate(username=email, password=password[:_LONGEST_PASSWORD])
    if not isinstance(found, Account) or (found.is_demo and not settings.ALLOW_DEMO):
        _record_failure(email)
        raise WrongCredentials
    attempt.take_back()
    _record(Code.SIGNED_IN, account=found, actor=as_actor(found))
    return found


def sign_out(*, actor: Actor) -> None:
    """Record that a person left; ending the session is the page's."""
    account = Account.objects.filter(pk=actor.account_id).first() if actor.account_id else None
    if account is not None:
        _record(Code.SIGNED_OUT, account=account, actor=actor)


def change_password(*, account: Account, old: str, new: str, source: str, device: str = "") -> None:
    """Give one's own account another password; with it, every session of the account ends.

    The old one is asked for, because a browser left open is not its owner; it may be tried as
    often as when signing in.

    Raises:
        WrongPassword: the old one is wrong.
        WeakPassword: the new one is too easy to guess, or is the old one.
        TooManyAttempts: too many failures within 15 minutes, see `attempts`.
    """
    attempt = attempts.begin(email=account.email, source=source, device=device)
    if not account.check_password(old[:_LONGEST_PASSWORD]):
        _record_failure(account.email)
        raise WrongPassword
    attempt.take_back()
    if new == old:
        raise WeakPassword(reason=_("It is the one you have."))
    _put_password(account, checked_password(new, account))


@transaction.atomic
def _put_password(account: Account, password: str) -> None:
    account.set_password(password)
    account.save(update_fields=["password"])
    _record(Code.PASSWORD_CHANGED, account=account, actor=as_actor(account))


def as_actor(account: Account) -> Actor:
    """Return the person behind an account as an actor."""
    return Actor(name=account.person.name, person_id=account.person_id, account_id=account.pk)


def _record_failure(email: str) -> None:
    account = Account.objects.filter(email__iexact=email).first()
    if account is not None:
        _record(Code.SIGN_IN_FAILED, account=account, actor=automation("sign-in"))


@transaction.atomic
def _record(code: Code, *, account: Account, actor: Actor) -> None:
    """Record in the person's first unit; who belongs to none leaves no entry anywhere."""
    unit_id = _home_of(account.person_id)
    if unit_id is None:
        return
    with tenancy.units_in_scope([unit_id]):
        audit.record(code, actor=actor, subject=audit.InUnit(account, unit_id))


def _home_of(person_id: UUID) -> UUID | None:
    return next(iter(access.units_reached_by(person_id)), None)
