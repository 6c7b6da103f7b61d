"""Actions on teams."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from common.context import Actor
from common.names import clean_key, clean_name
from governance import access, audit
from governance.audit_codes import Code
from governance.errors import AlreadyExists
from governance.models.people import Person
from governance.models.units import Team, TeamMember


@transaction.atomic
def create_team(*, actor: Actor, unit_id: UUID, key: str, name: str) -> Team:
    """Create a team; models name its key as a candidate group.

    Raises:
        NotAllowed, NotFound: the actor may not keep teams in the unit.
        AlreadyExists: the key is taken.
        UnsafeName, BadKey: the name or the key cannot be taken.
    """
    access.require_in_unit("team.keep", actor=actor, unit_id=unit_id)
    key, name = clean_key(key), clean_name(name)
    if Team.objects.filter(unit_id=unit_id, key=key).exists():
        raise AlreadyExists(what=key)
    team = Team.objects.create(unit_id=unit_id, key=key, name=name)
    audit.record(Code.TEAM_CREATED, actor=actor, subject=team, after={"key": key, "name": name})
    return team


@transaction.atomic
def add_member(*, actor: Actor, team_id: UUID, person_id: UUID) -> TeamMember:
    """Put a person on a team; they may belong to another unit (rule 7).

    Raises:
        NotAllowed, NotFound: the actor may not keep teams in the unit.
    """
    team = Team.objects.select_for_update().get(pk=team_id)
    access.require("team.keep", actor=actor, subject=team)
    person = Person.objects.get(pk=person_id)
    member, created = TeamMember.objects.get_or_create(
        unit_id=team.unit_id, team=team, person=person
    )
    if created:
        audit.record(
            Code.TEAM_MEMBER_ADDED, actor=actor, subject=member, after={"person": person.name}
        )
    return member
