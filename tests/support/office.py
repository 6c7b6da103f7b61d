"""A small office for tests: a unit, people in every role, a board, a process. Explicit defaults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from guardian.shortcuts import assign_perm

from common import context, tenancy
from common.context import Actor
from governance.models.boards import Board, BoardMember
from governance.models.people import Account, Person
from governance.models.processes import Process
from governance.models.units import Role, RoleAssignment, Team, TeamMember, Unit


@dataclass
class Office:
    """One business unit with a person per role; `ana` is who a name says she is."""

    unit: Unit
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, *roles: str, email: str = "") -> Actor:
        """Return the actor for a person, made with these roles when first named."""
        if name not in self.people:
            self.people[name] = Person.objects.create(name=name)
            self.account(name, email or f"{name.lower().replace(' ', '.')}@{self.unit.key}.example")
        for role in roles:
            RoleAssignment.objects.get_or_create(
                unit=self.unit, person=self.people[name], role=role
            )
        return actor_of(self.people[name])

    def account(self, name: str, email: str) -> Account:
        """Return one more account of a person; its password is `correct horse battery`."""
        account = Account(person=self.people[name], email=email)
        account.set_password("correct horse battery")
        account.save()
        return account

    def board(self, key: str = "cab", *, quorum: int = 2, members: tuple[str, ...] = ()) -> Board:
        """Return a board; its members are reviewers."""
        board = Board.objects.create(unit=self.unit, key=key, name=key.upper(), quorum=quorum)
        for name in members:
            self.person(name, Role.REVIEWER)
            BoardMember.objects.create(unit=self.unit, board=board, person=self.people[name])
        return board

    def team(self, key: str, *members: str) -> Team:
        """Return a team with these members, who need no role."""
        team = Team.objects.create(unit=self.unit, key=key, name=key.title())
        for name in members:
            self.person(name)
            TeamMember.objects.create(unit=self.unit, team=team, person=self.people[name])
        return team

    def process(
        self, key: str = "production-change", *, owner: str = "Olga", board: Board
    ) -> Process:
        """Return a registry entry."""
        self.person(owner, Role.MODELLER)
        return Process.objects.create(
            unit=self.unit,
            key=key,
            name=key.replace("-", " ").capitalize(),
            owner=self.people[owner],
            board=board,
        )

    def grant(self, name: str, right: str, process: Process) -> None:
        """Give every account of a person a right on a process."""
        for account in self.people[name].accounts.all():
            assign_perm(right, account, process)

    @contextmanager
    def open(self, actor: Actor | None = None) -> Iterator[Office]:
        """Run the block as the web would for a person of this unit."""
        scene = context.Scene(request_id="test", actor=actor, unit_id=self.unit.pk)
        with context.scene(scene), tenancy.units_in_scope([self.unit.pk]):
            yield self


def an_office(key: str = "shared-it") -> Office:
    """Return a new, empty unit."""
    return Office(Unit.objects.create(key=key, name=key.replace("-", " ").title()))


def actor_of(person: Person) -> Actor:
    """Return the actor for a person, through their first account."""
    account = person.accounts.order_by("created_at").first()
    return Actor(name=person.name, person_id=person.pk, account_id=account.pk if account else None)
