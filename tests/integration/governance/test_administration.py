"""An admin who starts with an empty installation can make it one that others work in."""

from __future__ import annotations

import pytest
from django.test import Client

from governance import access
from governance.models.boards import Board
from governance.models.people import Account
from governance.models.units import Role, RoleAssignment, Team
from tests.support.office import Office, actor_of, an_office

pytestmark = pytest.mark.django_db

BEN = {
    "name": "Ben Carter",
    "email": "ben@interlock.example",
    "password": "a long enough phrase",
    "time_zone": "Europe/London",
    "roles": ["OPERATOR", "REVIEWER"],
}


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open():
        office.person("Helena", Role.ADMIN)
    return office


@pytest.fixture
def helena(client: Client, office: Office) -> Client:
    client.force_login(office.people["Helena"].accounts.get())
    return client


def test_an_admin_adds_a_person_a_board_a_team_and_a_right(helena: Client, office: Office) -> None:
    assert helena.post("/governance/access/new", BEN).status_code == 302
    ben = Account.objects.get(email=BEN["email"]).person
    helena.post("/governance/access/boards", {"name": "Change Advisory Board", "quorum": 1})
    helena.post("/governance/access/teams", {"name": "Platform"})
    with office.open():
        board, team = Board.objects.get(), Team.objects.get()
        office.people["Ben Carter"] = ben
        process = office.process(owner="Ben Carter", board=board)
    helena.post("/governance/access/boards/members", {"person": ben.pk, "board": board.pk})
    helena.post("/governance/access/teams/members", {"person": ben.pk, "team": team.pk})
    right = {"process": process.pk, "right": "start_run"}
    helena.post(f"/governance/access/people/{ben.pk}/grants", right)

    with office.open():
        assert access.groups_of(ben.pk, office.unit.pk) == {"change-advisory-board", "platform"}
        assert access.may("run.start", actor=actor_of(ben), subject=process)
    people = helena.get("/governance/access").content.decode()
    assert f"/governance/access/people/{ben.pk}" in people
    assert "/governance/access/new" in people
    for address in (f"/governance/access/people/{ben.pk}", "/governance/access/groups"):
        assert "Ben Carter" in helena.get(address).content.decode()

    helena.post(f"/governance/access/people/{ben.pk}/grants", {**right, "take": "1"})
    with office.open():
        assert not access.may("run.start", actor=actor_of(ben), subject=process)


def test_a_role_is_given_and_taken(helena: Client, office: Office) -> None:
    helena.post("/governance/access/new", BEN)
    ben = Account.objects.get(email=BEN["email"]).person
    address = f"/governance/access/people/{ben.pk}/roles"

    helena.post(address, {"role": "AUDITOR"})
    helena.post(address, {"role": "REVIEWER", "take": "1"})

    with office.open():
        held = RoleAssignment.objects.filter(person=ben).values_list("role", flat=True)
        assert set(held) == {"OPERATOR", "AUDITOR"}


def test_ones_own_page_offers_no_change_and_a_forged_one_is_refused(
    helena: Client, office: Office
) -> None:
    own = office.people["Helena"].pk

    assert (
        "Another admin changes them."
        in helena.get(f"/governance/access/people/{own}").content.decode()
    )
    answer = helena.post(
        f"/governance/access/people/{own}/roles", {"role": "REVIEWER"}, follow=True
    )
    assert "cannot decide this: it is about themselves" in answer.content.decode()


def test_a_refused_person_keeps_what_was_typed(helena: Client) -> None:
    answer = helena.post("/governance/access/new", {**BEN, "password": "short"})

    assert answer.status_code == 422
    assert "This password is too weak" in answer.content.decode()
    assert str(BEN["email"]) in answer.content.decode()
    assert "short" not in answer.content.decode().replace("too short", "")


def test_a_person_of_another_unit_is_nobody_here(helena: Client) -> None:
    retail = an_office("retail")
    with retail.open():
        retail.person("Stella", Role.ADMIN)

    address = f"/governance/access/people/{retail.people['Stella'].pk}"
    assert helena.get(address).status_code == 404
