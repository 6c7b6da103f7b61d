"""Who belongs to a unit, and what they hold there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from common.problems import NotFound
from governance.access_table import ROLES
from governance.models.boards import Board, BoardMember
from governance.models.people import Account, Person
from governance.models.processes import Process, ProcessGrant
from governance.models.units import RoleAssignment, Team, TeamMember


@dataclass
class Member:
    """A person of a unit: a role, a seat on a board, a place in a team, a right."""

    person: Person
    accounts: list[Account] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    boards: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    owns: list[Process] = field(default_factory=list)

    @property
    def is_guest(self) -> bool:
        """Tell whether they hold no role here (rule 7)."""
        return not self.roles


@dataclass(frozen=True, slots=True)
class Grant:
    """A right on one process."""

    process: Process
    right: str
    words: str


def list_people(unit_id: UUID) -> list[Person]:
    """Return the persons with a role in the unit, or asked onto a board or team, by name."""
    here = Q(roles__unit_id=unit_id) | Q(boards__unit_id=unit_id) | Q(teams__unit_id=unit_id)
    return list(Person.objects.filter(here).distinct().order_by("name"))


def names_by_code(unit_id: UUID) -> dict[str, str]:
    """Return what the unit's teams and boards are called by key, and its people by address."""
    people = Account.objects.filter(person__in=list_people(unit_id), is_active=True)
    return {
        **dict(Board.objects.filter(unit_id=unit_id).values_list("key", "name")),
        **dict(Team.objects.filter(unit_id=unit_id).values_list("key", "name")),
        **dict(people.values_list("email", "person__name")),
    }


def list_members(unit_id: UUID) -> list[Member]:
    """Return everyone of the unit with all they hold in it."""
    members = {person.pk: Member(person) for person in list_people(unit_id)}
    for account in Account.objects.filter(person_id__in=members).order_by("email"):
        members[account.person_id].accounts.append(account)
    for person_id, role in RoleAssignment.objects.filter(unit_id=unit_id).values_list(
        "person_id", "role"
    ):
        members[person_id].roles.add(role)
    for person_id, name in BoardMember.objects.filter(unit_id=unit_id).values_list(
        "person_id", "board__name"
    ):
        members[person_id].boards.append(name)
    for person_id, name in TeamMember.objects.filter(unit_id=unit_id).values_list(
        "person_id", "team__name"
    ):
        members[person_id].teams.append(name)
    _add_grants(unit_id, members)
    for process in Process.objects.filter(unit_id=unit_id, owner_id__in=members):
        members[process.owner_id].owns.append(process)
    return list(members.values())


def get_member(unit_id: UUID, person_id: UUID) -> Member:
    """Return one person with all they hold in the unit.

    Raises:
        NotFound: they are nobody here; whether they are somebody elsewhere is not told.
    """
    found = next((m for m in list_members(unit_id) if m.person.pk == person_id), None)
    if found is None:
        raise NotFound
    return found


def count_roles(members: Sequence[Member]) -> dict[str, int]:
    """Return how many persons hold each role."""
    counts = dict.fromkeys(ROLES, 0)
    for member in members:
        for role in member.roles:
            counts[role] += 1
    return counts


def _add_grants(unit_id: UUID, members: dict[UUID, Member]) -> None:
    """Add each right once, though a person may hold it under several accounts."""
    rows = ProcessGrant.objects.filter(content_object__unit_id=unit_id).select_related(
        "content_object", "permission", "user"
    )
    found: dict[UUID, dict[tuple[UUID, str], Grant]] = defaultdict(dict)
    for row in rows:
        right = Grant(row.content_object, row.permission.codename, row.permission.name)
        found[row.user.person_id][row.content_object.pk, row.permission.codename] = right
    for person_id, rights in found.items():
        if person_id in members:
            members[person_id].grants = list(rights.values())
