"""Actions on grants: a right on one process, for one account."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm

from common.context import Actor
from governance import access, audit
from governance.audit_codes import Code
from governance.errors import UnknownRight
from governance.models.people import Account
from governance.models.processes import Process

#: The rights there are, by the name the access table asks for.
RIGHTS = tuple(name for name, _words in Process._meta.permissions)


@transaction.atomic
def give_grant(*, actor: Actor, process_id: UUID, account_id: UUID, right: str) -> None:
    """Give an account a right on a process, besides the role that the right needs.

    Raises:
        NotAllowed, NotFound: the actor may not give rights in the process's unit.
        OwnWork: nobody gives themselves a right, under no account of theirs.
        UnknownRight: there is no such right.
    """
    grant = _judged(actor, process_id, account_id, right)
    assign_perm(right, grant.account, grant.process)
    audit.record(Code.GRANT_GIVEN, actor=actor, subject=grant, after=grant.words(right))


@transaction.atomic
def take_grant(
    *, actor: Actor, process_id: UUID, account_id: UUID, right: str, reason: str = ""
) -> None:
    """Take a right on a process from an account.

    Raises:
        NotAllowed, NotFound: the actor may not give rights in the process's unit.
        OwnWork: nobody changes their own rights.
        UnknownRight: there is no such right.
    """
    grant = _judged(actor, process_id, account_id, right)
    remove_perm(right, grant.account, grant.process)
    audit.record(
        Code.GRANT_TAKEN, actor=actor, subject=grant, reason=reason, before=grant.words(right)
    )


@transaction.atomic
def change_for_person(
    *, actor: Actor, process_id: UUID, person_id: UUID, right: str, give: bool
) -> None:
    """Give a right to every account of a person, or take it from all of them.

    Raises:
        NotAllowed, NotFound: the actor may not give rights in the process's unit.
        OwnWork: nobody changes their own rights.
        UnknownRight: there is no such right.
    """
    change = give_grant if give else take_grant
    for account_id in Account.objects.filter(person_id=person_id).values_list("pk", flat=True):
        change(actor=actor, process_id=process_id, account_id=account_id, right=right)


def labels() -> list[tuple[str, str]]:
    """Return each right with its words."""
    return [(name, str(words)) for name, words in Process._meta.permissions]


class Grant(audit.InUnit):
    """A process, with the account whose right on it is at stake."""

    def __init__(self, process: Process, account: Account) -> None:
        super().__init__(process, process.unit_id)
        self.process = process
        self.account = account

    def __str__(self) -> str:
        return f"{self.process.name} ({self.account.person.name})"

    def excluded(self, person_id: UUID | None) -> str:
        """Return why rule 1 excludes a person, or nothing."""
        return "the right would be their own" if person_id == self.account.person_id else ""

    def words(self, right: str) -> dict[str, str]:
        """Return what the audit says of it."""
        return {"right": right, "person": self.account.person.name, "account": self.account.email}


def _judged(actor: Actor, process_id: UUID, account_id: UUID, right: str) -> Grant:
    process = Process.objects.select_for_update().get(pk=process_id)
    account = Account.objects.select_related("person").get(pk=account_id)
    grant = Grant(process, account)
    access.require("grant.give", actor=actor, subject=grant)
    if right not in RIGHTS:
        raise UnknownRight(right=right, rights=", ".join(RIGHTS))
    return grant
