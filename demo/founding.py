"""Found the demo company: units, people, teams, boards, and the way to the stand-in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from common.context import Actor, automation
from demo.cast import Cast, playing
from demo.company import PEOPLE, UNITS, Member, UnitPlan
from governance import access
from governance.actions import (
    boards,
    connections,
    egress,
    installation,
    people,
    roles,
    teams,
    units,
)
from governance.models.people import Account
from governance.models.units import Role

SEEDER = automation("demo seeding")

#: Without the letters and digits that one reads for another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_DEFAULT_PORT = 80


@dataclass(frozen=True, slots=True)
class SignIn:
    """What one types to be a person of the company."""

    name: str
    email: str
    password: str
    does: str


def found(cast: Cast, *, itsm_url: str) -> list[SignIn]:
    """Create the company and return how its people sign in.

    Raises:
        AlreadySetUp: the installation has a unit.
        DemoRefused: this installation takes no demo accounts.
    """
    first, *others = UNITS
    sign_ins = [_set_up(cast, first)]
    for plan in others:
        made = units.create_unit(actor=SEEDER, key=plan.key, name=plan.name, is_demo=True)
        cast.units[plan.key] = made.pk
    sign_ins += [_employ(cast, member) for member in PEOPLE if member.name not in cast.people]
    for member in PEOPLE:
        _give_roles(cast, member)
    for plan in UNITS:
        _arrange(cast, plan)
        _connect(cast, plan, itsm_url)
    return sign_ins


def _set_up(cast: Cast, plan: UnitPlan) -> SignIn:
    member = next(member for member in PEOPLE if member.name == plan.admin)
    password = _password()
    first = installation.FirstAdministrator(
        unit_key=plan.key,
        unit_name=plan.name,
        name=member.name,
        email=member.email,
        password=password,
        time_zone=member.time_zone,
        is_demo=True,
    )
    account = installation.set_up(actor=SEEDER, first=first)
    (cast.units[plan.key],) = access.units_reached_by(account.person_id)
    cast.people[member.name] = _actor(account)
    return SignIn(member.name, account.email, password, member.does)


def _employ(cast: Cast, member: Member) -> SignIn:
    home = next(iter(member.roles))
    admin = _admin_of(home)
    # A unit's first admin has nobody to add them; after that its admin adds everybody.
    actor = cast.people.get(admin, SEEDER)
    unit_id = cast.units[home]
    password = _password()
    with playing(actor, unit_id):
        person = people.add_person(
            actor=actor, unit_id=unit_id, name=member.name, time_zone=member.time_zone
        )
        account = people.add_account(
            actor=actor,
            unit_id=unit_id,
            person_id=person.pk,
            email=member.email,
            password=password,
            is_demo=True,
        )
        cast.people[member.name] = _actor(account)
        if member.name == admin:
            roles.give_role(actor=SEEDER, unit_id=unit_id, person_id=person.pk, role=Role.ADMIN)
    return SignIn(member.name, account.email, password, member.does)


def _give_roles(cast: Cast, member: Member) -> None:
    for unit, given in member.roles.items():
        admin = _admin_of(unit)
        actor = SEEDER if member.name == admin else cast.people[admin]
        with playing(actor, cast.units[unit]):
            for role in given:
                roles.give_role(
                    actor=actor,
                    unit_id=cast.units[unit],
                    person_id=cast.person(member.name),
                    role=Role(role),
                )


def _arrange(cast: Cast, plan: UnitPlan) -> None:
    unit_id = cast.units[plan.key]
    with cast.acting(plan.admin, plan.key) as admin:
        for team in plan.teams:
            made = teams.create_team(actor=admin, unit_id=unit_id, key=team.key, name=team.name)
            for name in team.members:
                teams.add_member(actor=admin, team_id=made.pk, person_id=cast.person(name))
        for board in plan.boards:
            kept = boards.create_board(
                actor=admin, unit_id=unit_id, key=board.key, name=board.name, quorum=board.quorum
            )
            for name in board.members:
                boards.add_member(actor=admin, board_id=kept.pk, person_id=cast.person(name))


def _connect(cast: Cast, plan: UnitPlan, itsm_url: str) -> None:
    unit_id = cast.units[plan.key]
    address = urlsplit(itsm_url)
    with cast.acting(plan.admin, plan.key) as admin:
        connections.create_connection(
            actor=admin, unit_id=unit_id, key="itsm", name="Service desk", base_url=itsm_url
        )
    with playing(SEEDER, unit_id):
        egress.allow_destination(
            actor=SEEDER,
            unit_id=unit_id,
            host=address.hostname or "",
            port=address.port or _DEFAULT_PORT,
            reason="The service desk that stands in for a real one in the demo.",
        )


def _admin_of(unit: str) -> str:
    return next(plan.admin for plan in UNITS if plan.key == unit)


def _actor(account: Account) -> Actor:
    return Actor(name=account.person.name, person_id=account.person_id, account_id=account.pk)


def _password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
