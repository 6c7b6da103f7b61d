"""What the rules of drawing must know of people: who answers for a process, who could decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from designer.models.drafts import Draft
from designer.models.reviews import Review
from designer.queries.resources import Holder
from engine.lint import Facts
from governance.models.boards import BoardMember
from governance.models.people import Account, Person
from governance.models.processes import Process
from governance.models.units import RoleAssignment, TeamMember


def facts_of(holder: Holder) -> Facts:
    """Return the facts around a draft, a candidate or a version."""
    process = holder.process
    active = _active(process.unit_id)
    return Facts(
        tags=tuple(process.tags),
        backup_owner=process.backup_owner_id is not None,
        gone=_gone(process),
        groups=_groups(process.unit_id, set(active.values())),
        persons=active,
        authors=frozenset(map(str, _authors(holder))),
    )


def _authors(holder: Holder) -> Iterable[UUID]:
    if isinstance(holder, Draft):
        return holder.authors.values_list("person_id", flat=True)
    asked = [holder.submitted_by_id] if isinstance(holder, Review) else []
    return [*holder.authors, *asked]


def _active(unit_id: UUID) -> Mapping[str, str]:
    """Return the persons of a unit who can sign in, by each name that a model may give them."""
    members = [
        *RoleAssignment.objects.filter(unit_id=unit_id).values_list("person_id", flat=True),
        *TeamMember.objects.filter(unit_id=unit_id).values_list("person_id", flat=True),
        *BoardMember.objects.filter(unit_id=unit_id).values_list("person_id", flat=True),
    ]
    accounts = Account.objects.filter(person_id__in=set(members), is_active=True)
    found: dict[str, str] = {}
    for person_id, email in accounts.values_list("person_id", "email"):
        found[email] = found[str(person_id)] = str(person_id)
    return found


def _groups(unit_id: UUID, active: set[str]) -> Mapping[str, frozenset[str]]:
    """Return who is in each team and on each board of a unit, by key."""
    found: dict[str, set[str]] = defaultdict(set)
    teams = TeamMember.objects.filter(unit_id=unit_id).values_list("team__key", "person_id")
    boards = BoardMember.objects.filter(unit_id=unit_id).values_list("board__key", "person_id")
    for key, person_id in (*teams, *boards):
        if str(person_id) in active:
            found[key].add(str(person_id))
    return {key: frozenset(members) for key, members in found.items()}


def _gone(process: Process) -> tuple[str, ...]:
    """Return the owners who can no longer sign in, or hold no role in the unit."""
    owners = [one for one in (process.owner_id, process.backup_owner_id) if one is not None]
    here = RoleAssignment.objects.filter(unit_id=process.unit_id, person_id__in=owners)
    active = Account.objects.filter(
        person_id__in=here.values_list("person_id", flat=True), is_active=True
    )
    gone = set(owners) - set(active.values_list("person_id", flat=True))
    return tuple(Person.objects.filter(pk__in=gone).values_list("name", flat=True))
