"""may() and require(): who may do what. The one place that decides, for pages, API, live and jobs.

The table is data (`access_table`); here it meets the facts: the roles a person holds in the
subject's unit, the grants of their account on the process, and what the subject says of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from django.utils.translation import gettext as _
from guardian.core import ObjectPermissionChecker

from common import context, tenancy
from common.context import Actor
from common.problems import NotFound, title_of
from governance import access_table
from governance.access_table import TABLE, Rule
from governance.errors import NotAllowed, NotBuilt, OwnWork
from governance.models.boards import BoardMember
from governance.models.people import Account
from governance.models.processes import Process
from governance.models.units import RoleAssignment, TeamMember

View = TypeVar("View", bound=Callable[..., Any])


class Subject(Protocol):
    """What an act is done to. Its optional parts are looked for by name.

    `process` (the registry entry its grants hang on), `relations(person_id) -> set of str` and
    `excluded(person_id) -> str`, the reason in words why rule 1 excludes a person, or "".
    """

    @property
    def unit_id(self) -> UUID: ...  # noqa: D102


def act(name: str) -> Callable[[View], View]:
    """Classify a view or message handler by its act. What carries no act is refused.

    Raises:
        KeyError: the table has no such act.
    """
    if name not in (access_table.PUBLIC, access_table.SIGNED_IN):
        TABLE[name]

    def classify(view: View) -> View:
        view.act = name  # type: ignore[attr-defined]
        return view

    return classify


def may(name: str, *, actor: Actor, subject: Subject) -> bool:
    """Tell whether `require` would let the actor do the act."""
    return _refusal(name, actor, subject) is None


def require(name: str, *, actor: Actor, subject: Subject) -> None:
    """Let the act pass, or refuse it in words.

    Raises:
        NotFound: the subject's unit does not exist for this actor.
        NotBuilt: the act is not offered yet.
        OwnWork: rule 1 excludes the actor.
        NotAllowed: no role, grant or relation covers the act.
    """
    refusal = _refusal(name, actor, subject)
    if refusal is not None:
        raise refusal


def require_in_unit(name: str, *, actor: Actor, unit_id: UUID) -> None:
    """Let an act that has no subject yet pass, or refuse it, by the actor's roles in the unit.

    Raises:
        NotFound: the unit does not exist for this actor.
        NotBuilt: the act is not offered yet.
        NotAllowed: no role covers the act.
    """
    require(name, actor=actor, subject=_UnitAlone(unit_id))


def may_in_unit(name: str, *, actor: Actor, unit_id: UUID) -> bool:
    """Tell whether `require_in_unit` would let the actor do the act."""
    return may(name, actor=actor, subject=_UnitAlone(unit_id))


def may_somewhere(name: str, *, actor: Actor) -> bool:
    """Tell whether the act could be open to the actor in any unit in scope: what a route asks.

    The answer opens the door only; what lies behind asks again, with the subject.
    """
    rule = TABLE[name]
    if not rule.built:
        return False
    if not actor.is_human:
        return True
    if rule.relations and not rule.needs_relation:
        return True
    return any(rule.roles & roles_in(actor, unit_id) for unit_id in tenancy.current_units())


def roles_in(actor: Actor, unit_id: UUID) -> frozenset[str]:
    """Return the roles the actor's person holds in a unit; each role brings viewer with it."""
    if actor.person_id is None:
        return frozenset()
    return _roles_of(actor.person_id, unit_id)


def sight_of(person_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """Return the units of a person's roles, and those where they are guests on a board or team."""
    with tenancy.as_person(person_id):
        return units_of(person_id), guest_units_of(person_id)


def units_reached_by(person_id: UUID) -> list[UUID]:
    """Return every unit a person belongs to in any way, in scope here or not."""
    home, guest = sight_of(person_id)
    return list(dict.fromkeys([*home, *guest]))


def units_of(person_id: UUID) -> list[UUID]:
    """Return the units in which a person holds a role, by the time they were given the first."""
    rows = RoleAssignment.objects.filter(person_id=person_id).order_by("created_at")
    return list(dict.fromkeys(rows.values_list("unit_id", flat=True)))


def guest_units_of(person_id: UUID) -> list[UUID]:
    """Return the units that ask a person onto a board or into a team (rule 7)."""
    boards = BoardMember.objects.filter(person_id=person_id).values_list("unit_id", flat=True)
    teams = TeamMember.objects.filter(person_id=person_id).values_list("unit_id", flat=True)
    return list(dict.fromkeys([*boards, *teams]))


def groups_of(person_id: UUID, unit_id: UUID) -> frozenset[str]:
    """Return the keys of the teams and boards of a unit that a person is on."""
    boards = BoardMember.objects.filter(person_id=person_id, unit_id=unit_id)
    teams = TeamMember.objects.filter(person_id=person_id, unit_id=unit_id)
    return frozenset(
        [*boards.values_list("board__key", flat=True), *teams.values_list("team__key", flat=True)]
    )


def has_grant(actor: Actor, grant: str, process: Process) -> bool:
    """Tell whether the actor's account holds a right on a process."""
    if actor.account_id is None:
        return False
    account = Account.objects.filter(pk=actor.account_id, is_active=True).first()
    # Rights are given to accounts alone: guardian's tables of groups are closed to every sign-in.
    return account is not None and grant in ObjectPermissionChecker(account).get_user_perms(process)


def _refusal(
    name: str, actor: Actor, subject: Subject
) -> NotFound | NotBuilt | OwnWork | NotAllowed | None:
    rule = TABLE[name]
    if not actor.is_human:
        # The product's own parts act for the person whose act began it; that one was judged.
        return None
    held, relations = _standing(actor, subject)
    if not held and not (relations & rule.relations):
        return NotFound()
    because = _excluded(rule, actor, subject)
    if not rule.built:
        refusal: NotBuilt | OwnWork | NotAllowed | None = NotBuilt(act=str(rule.words))
    elif because:
        refusal = OwnWork(who=actor.name, because=because)
    elif _covered(rule, held, relations, actor, subject):
        refusal = None
    else:
        refusal = NotAllowed(who=actor.name, act=str(rule.words), remedy=remedy(rule))
    return refusal


def _standing(actor: Actor, subject: Subject) -> tuple[frozenset[str], frozenset[str]]:
    """Return the actor's roles in the subject's unit, and what the subject calls them."""
    held = roles_in(actor, subject.unit_id)
    relations = getattr(subject, "relations", None)
    named = frozenset(relations(actor.person_id)) if relations is not None else frozenset()
    return held, named


def _excluded(rule: Rule, actor: Actor, subject: Subject) -> str:
    excluded = getattr(subject, "excluded", None)
    return str(excluded(actor.person_id)) if rule.own_work and excluded is not None else ""


def _covered(
    rule: Rule, held: frozenset[str], relations: frozenset[str], actor: Actor, subject: Subject
) -> bool:
    related = bool(rule.relations & relations)
    if rule.relations and not rule.needs_relation and related:
        return True
    if related and "member" in relations:
        # A guest on a board is a reviewer at home; the board's unit gave them no role (rule 7).
        held |= _roles_anywhere(actor)
    if not rule.roles & held:
        return False
    if rule.needs_relation:
        return related or (bool(rule.grant) and _granted(rule, actor, subject))
    return not rule.grant or _granted(rule, actor, subject)


def _granted(rule: Rule, actor: Actor, subject: Subject) -> bool:
    process = cast("Process | None", getattr(subject, "process", None))
    return process is not None and has_grant(actor, rule.grant, process)


def remedy(rule: Rule) -> str:
    """Return what would make a refused act pass, in words."""
    roles = ", ".join(sorted(role.lower() for role in rule.roles))
    if rule.roles == access_table.EVERY_ROLE:
        return _("It takes a role in this business unit. Ask an admin.")
    if rule.grant and rule.roles:
        return _("It takes the role {roles} and a grant on the process. Ask an admin.").format(
            roles=roles
        )
    if rule.needs_relation and rule.roles:
        who = " / ".join(sorted(rule.relations))
        return _("It takes the role {roles}, as its {who}.").format(roles=roles, who=who)
    if rule.roles:
        return _("It takes the role {roles}. Ask an admin.").format(roles=roles)
    return _("Nobody may, or only those it names.")


def _roles_of(person_id: UUID, unit_id: UUID) -> frozenset[str]:
    rows = RoleAssignment.objects.filter(person_id=person_id, unit_id=unit_id)
    roles = frozenset(rows.values_list("role", flat=True))
    return roles | {access_table.VIEWER} if roles else roles


def _roles_anywhere(actor: Actor) -> frozenset[str]:
    here = (roles_in(actor, unit_id) for unit_id in tenancy.current_units())
    return frozenset().union(*here)


class _UnitAlone:
    """A subject that is nothing but a place."""

    def __init__(self, unit_id: UUID) -> None:
        self.unit_id = unit_id


def acting() -> Actor:
    """Return the actor of the scene.

    Raises:
        NotFound: nobody acts here; nothing exists for nobody.
    """
    actor = context.current().actor
    if actor is None:
        raise NotFound
    return actor


def acting_unit() -> UUID:
    """Return the unit in play: where what is made now will belong.

    Raises:
        NotFound: whoever acts holds a role in no unit.
    """
    unit_id = context.current().unit_id
    if unit_id is None:
        raise NotFound
    return unit_id


def why_not(name: str, *, actor: Actor, subject: Subject) -> str:
    """Return the sentence with which `require` would refuse the act, "" where it would not."""
    refusal = _refusal(name, actor, subject)
    return "" if refusal is None else title_of(refusal)
