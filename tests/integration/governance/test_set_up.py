"""The first administrator, and what an admin makes after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from common import tenancy
from common.context import automation
from common.problems import NotFound
from governance import access
from governance.actions import boards, egress, grants, installation, people, roles, teams, units
from governance.errors import (
    AlreadyExists,
    AlreadySetUp,
    BadAddress,
    DemoRefused,
    NotAllowed,
    NotBuilt,
    OwnWork,
    UnsafeDestination,
    WeakPassword,
)
from governance.models.audit import AuditEntry
from governance.models.people import Account
from governance.models.units import Role, RoleAssignment
from tests.support.office import Office, actor_of, an_office

pytestmark = pytest.mark.django_db

SET_UP = automation("set-up")
FIRST = installation.FirstAdministrator(
    unit_key="shared-it",
    unit_name="Shared IT",
    name="Helena Brandt",
    email="Helena@interlock.example",
    password="a long enough phrase",
)


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        yield office


def test_the_first_administrator_may_manage_people() -> None:
    account = installation.set_up(actor=SET_UP, first=FIRST)

    helena = actor_of(account.person)
    unit_id = access.sight_of(account.person_id)[0][0]
    with tenancy.units_in_scope([unit_id]):
        access.require_in_unit("person.keep", actor=helena, unit_id=unit_id)
    assert account.email == "helena@interlock.example"
    assert account.check_password("a long enough phrase")


def test_setting_up_is_recorded_act_by_act() -> None:
    account = installation.set_up(actor=SET_UP, first=FIRST)

    with tenancy.units_in_scope(access.sight_of(account.person_id)[0]):
        codes = AuditEntry.objects.order_by("id").values_list("code", flat=True)
        assert list(codes) == [
            "unit.created",
            "person.created",
            "account.created",
            "role.given",
            "installation.set_up",
        ]


def test_setting_up_is_refused_a_second_time() -> None:
    installation.set_up(actor=SET_UP, first=FIRST)

    with pytest.raises(AlreadySetUp):
        installation.set_up(actor=SET_UP, first=replace(FIRST, unit_key="retail"))


def test_a_first_administrator_with_a_weak_password_leaves_nothing_behind() -> None:
    with pytest.raises(WeakPassword):
        installation.set_up(actor=SET_UP, first=replace(FIRST, password="short"))

    assert not Account.objects.exists()


def test_nobody_gives_themselves_a_role(office: Office) -> None:
    helena = office.person("Helena", Role.ADMIN)

    with pytest.raises(OwnWork):
        roles.give_role(
            actor=helena,
            unit_id=office.unit.pk,
            person_id=office.people["Helena"].pk,
            role=Role.REVIEWER,
        )


def test_a_role_is_given_and_taken_by_an_admin_and_by_nobody_else(office: Office) -> None:
    helena, ben = office.person("Helena", Role.ADMIN), office.person("Ben", Role.OPERATOR)
    ana = office.person("Ana").person_id
    assert ana is not None

    with pytest.raises(NotAllowed):
        roles.give_role(actor=ben, unit_id=office.unit.pk, person_id=ana, role=Role.MODELLER)
    roles.give_role(actor=helena, unit_id=office.unit.pk, person_id=ana, role=Role.MODELLER)
    assert access.roles_in(office.person("Ana"), office.unit.pk) == {"MODELLER", "VIEWER"}

    roles.take_role(actor=helena, unit_id=office.unit.pk, person_id=ana, role=Role.MODELLER)
    assert not RoleAssignment.objects.filter(person_id=ana).exists()


def test_an_admin_opens_no_second_door_to_a_person(office: Office) -> None:
    """Whoever knows a password of a reviewer could vote as them."""
    helena = office.person("Helena", Role.ADMIN)
    priya = office.person("Priya", Role.REVIEWER).person_id
    assert priya is not None

    with pytest.raises(AlreadyExists):
        people.add_account(
            actor=helena,
            unit_id=office.unit.pk,
            person_id=priya,
            email="priya.two@interlock.example",
            password="a long enough phrase",
        )


def test_an_admin_adds_no_account_to_a_person_of_another_unit(office: Office) -> None:
    helena = office.person("Helena", Role.ADMIN)
    other = an_office("retail")
    with tenancy.units_in_scope([office.unit.pk, other.unit.pk]):
        stella = other.person("Stella", Role.REVIEWER).person_id
        other.people["Stella"].accounts.all().delete()
    assert stella is not None

    with office.open(helena), pytest.raises(NotFound):
        people.add_account(
            actor=helena,
            unit_id=office.unit.pk,
            person_id=stella,
            email="stella.two@interlock.example",
            password="a long enough phrase",
        )


def test_an_address_that_only_looks_like_a_colleagues_is_refused(office: Office) -> None:
    helena = office.person("Helena", Role.ADMIN)
    twin = people.add_person(actor=helena, unit_id=office.unit.pk, name="Twin")

    with pytest.raises(BadAddress):
        people.add_account(
            actor=helena,
            unit_id=office.unit.pk,
            person_id=twin.pk,
            email="helena@shared-\u0456t.example",
            password="a long enough phrase",
        )


def test_demo_accounts_are_refused_where_the_demo_is(office: Office, settings: object) -> None:
    settings.ALLOW_DEMO = False  # type: ignore[attr-defined]
    person = people.add_person(actor=SET_UP, unit_id=office.unit.pk, name="Dora")

    with pytest.raises(DemoRefused):
        people.add_account(
            actor=SET_UP,
            unit_id=office.unit.pk,
            person_id=person.pk,
            email="dora@interlock.example",
            password="a long enough phrase",
            is_demo=True,
        )


def test_people_create_no_units(office: Office) -> None:
    with pytest.raises(NotAllowed):
        units.create_unit(actor=office.person("Helena", Role.ADMIN), key="mine", name="Mine")


def test_nobody_gives_a_right_to_an_account_of_theirs(office: Office) -> None:
    helena = office.person("Helena", Role.ADMIN)
    second = office.account("Helena", "helena.second@interlock.example")
    process = office.process(board=office.board())

    with pytest.raises(OwnWork):
        grants.give_grant(
            actor=helena, process_id=process.pk, account_id=second.pk, right="start_run"
        )


def test_a_right_is_given_and_taken(office: Office) -> None:
    helena, ben = office.person("Helena", Role.ADMIN), office.person("Ben", Role.OPERATOR)
    process = office.process(board=office.board())
    assert ben.account_id is not None

    grants.give_grant(
        actor=helena, process_id=process.pk, account_id=ben.account_id, right="start_run"
    )
    assert access.may("run.start", actor=ben, subject=process)

    grants.take_grant(
        actor=helena, process_id=process.pk, account_id=ben.account_id, right="start_run"
    )
    assert not access.may("run.start", actor=ben, subject=process)


def test_boards_and_teams_take_members_once(office: Office) -> None:
    helena, ben = office.person("Helena", Role.ADMIN), office.person("Ben").person_id
    assert ben is not None
    board = boards.create_board(
        actor=helena, unit_id=office.unit.pk, key="cab", name="Change board", quorum=2
    )
    team = teams.create_team(actor=helena, unit_id=office.unit.pk, key="platform", name="Platform")

    for _ in range(2):
        boards.add_member(actor=helena, board_id=board.pk, person_id=ben)
        teams.add_member(actor=helena, team_id=team.pk, person_id=ben)

    assert access.groups_of(ben, office.unit.pk) == {"cab", "platform"}
    assert AuditEntry.objects.filter(code__endswith="member_added").count() == 2


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "api.localhost",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0.0.0.0",
        "[::1]",
        "::ffff:127.0.0.1",
        "169.254.169.254",
        "LOCALHOST.",
    ],
)
def test_this_machine_is_no_destination_where_there_is_no_demo(
    host: str, office: Office, settings: object
) -> None:
    settings.ALLOW_DEMO = False  # type: ignore[attr-defined]

    with pytest.raises(UnsafeDestination):
        egress.allow_destination(
            actor=SET_UP, unit_id=office.unit.pk, host=host, port=80, reason="Stand-in"
        )


def test_the_demo_may_reach_its_stand_in_on_this_machine(office: Office) -> None:
    allowed = egress.allow_destination(
        actor=SET_UP, unit_id=office.unit.pk, host="127.0.0.1", port=8401, reason="Stand-in"
    )

    assert str(allowed) == "127.0.0.1:8401"


def test_one_person_alone_is_not_offered_to_allow_a_destination(office: Office) -> None:
    with pytest.raises(NotBuilt):
        egress.allow_destination(
            actor=office.person("Helena", Role.ADMIN),
            unit_id=office.unit.pk,
            host="itsm.example.org",
            port=443,
            reason="Tickets",
        )
