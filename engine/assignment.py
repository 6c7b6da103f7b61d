"""Who is offered a user task: the names in a model, resolved to persons and groups of the unit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection

from engine.semantics.events import UserTaskCreated

# A name is an account's address or a person's id. Only who belongs to the unit in some way can be
# named: a variable must not be able to show a task to a stranger.
_PEOPLE = """
SELECT named.text, p.id
FROM unnest(%s::text[]) AS named(text)
JOIN governance_person p
  ON p.id::text = lower(named.text)
  OR EXISTS (SELECT 1 FROM governance_account a
             WHERE a.person_id = p.id AND a.is_active AND lower(a.email) = lower(named.text))
WHERE EXISTS (SELECT 1 FROM governance_roleassignment r
              WHERE r.person_id = p.id AND r.unit_id = %s)
   OR EXISTS (SELECT 1 FROM governance_teammember t
              WHERE t.person_id = p.id AND t.unit_id = %s)
   OR EXISTS (SELECT 1 FROM governance_boardmember b
              WHERE b.person_id = p.id AND b.unit_id = %s)
"""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may do a user task. `unresolved` are names that nobody here has."""

    assignee: UUID | None = None
    persons: list[UUID] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)


def resolve(created: UserTaskCreated, unit_id: UUID, owners: Collection[UUID]) -> Candidates:
    """Return who is offered the task.

    Work that nobody could do falls to the owners of its process, so that it is never lost.
    """
    wanted = [name for name in (created.assignee, *created.candidate_users) if name]
    known = people(wanted, unit_id) if wanted else {}
    persons = [known[name] for name in created.candidate_users if name in known]
    assignee = known.get(created.assignee)
    if not (persons or assignee or created.candidate_groups):
        persons = list(owners)
    return Candidates(
        assignee=assignee,
        persons=persons,
        groups=list(created.candidate_groups),
        unresolved=[name for name in wanted if name not in known],
    )


def people(names: Collection[str], unit_id: UUID) -> Mapping[str, UUID]:
    """Return the persons of a unit by the names that were given for them."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [list(names), unit_id, unit_id, unit_id])
        return dict(cursor.fetchall())
