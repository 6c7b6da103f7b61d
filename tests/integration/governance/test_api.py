"""Governance's API: what is offered, who one is, the audit, and what an admin keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from governance import audit
from governance.access_table import TABLE
from governance.audit_codes import Code
from governance.models.units import Role, RoleAssignment
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

NEWCOMER = {
    "name": "Sofia Lindqvist",
    "email": "sofia@interlock.example",
    "password": "a long enough phrase",
    "roles": ["REVIEWER"],
}


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open():
        office.person("Helena", Role.ADMIN)
        office.person("Ben", Role.OPERATOR)
        office.process(board=office.board())
    return office


@pytest.fixture
def helena(client: Client, office: Office) -> Client:
    client.force_login(office.people["Helena"].accounts.get())
    return client


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def acts(client: Client) -> dict[str, Any]:
    return {row["act"]: row for row in client.get("/api/v1/acts").json()["acts"]}


def test_every_act_of_the_table_says_whether_it_is_built_and_offered(helena: Client) -> None:
    found = acts(helena)

    assert set(found) == set(TABLE)
    assert found["board.keep"]["offered"] is True
    assert found["review.vote"]["offered"] is False
    assert found["review.vote"]["remedy"]
    assert found["release.create"]["built"] is False


def test_an_act_that_is_not_built_is_offered_to_nobody(client: Client, office: Office) -> None:
    with office.open():
        office.person("Everything", *Role)
    client.force_login(office.people["Everything"].accounts.get())

    for row in acts(client).values():
        assert row["built"] or not row["offered"], row["act"]


def test_one_learns_who_one_is(helena: Client, office: Office) -> None:
    me = helena.get("/api/v1/me").json()

    assert me["person"]["name"] == "Helena"
    assert me["roles"] == ["ADMIN", "VIEWER"]
    assert me["unit"]["key"] == "shared-it"


@pytest.mark.parametrize("address", ["/api/v1/acts", "/api/v1/me", "/api/v1/audit"])
def test_a_parameter_nobody_knows_is_refused(address: str, helena: Client) -> None:
    answer = helena.get(f"{address}?unit=retail")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "unit"


def test_the_audit_is_read_page_by_page(helena: Client, office: Office) -> None:
    for number in range(60):
        with office.open(), transaction.atomic():
            audit.record(
                Code.PROCESS_CHANGED,
                actor=office.person("Ben"),
                subject=audit.InUnit(office.unit, office.unit.pk),
                reason=f"{number}",
            )

    first = helena.get("/api/v1/audit?code=process.changed").json()
    second = helena.get(f"/api/v1/audit?code=process.changed&before={first['older']}").json()

    reasons = [int(entry["reason"]) for entry in first["entries"] + second["entries"]]
    assert reasons == list(range(59, -1, -1))
    assert second["older"] is None

    entry = helena.get(f"/api/v1/audit/{first['entries'][0]['id']}").json()
    assert len(entry["proof"]["payload_digest"]) == 64


def test_an_admin_adds_a_person_with_roles(helena: Client, office: Office) -> None:
    answer = post(helena, "/api/v1/people", NEWCOMER)

    assert answer.status_code == 201, answer.json()
    names = [row["name"] for row in helena.get("/api/v1/people").json()["people"]]
    assert "Sofia Lindqvist" in names
    fresh = Client()
    given = {"email": NEWCOMER["email"], "password": NEWCOMER["password"]}
    assert fresh.post("/sign-in", given).status_code == 302


def test_a_person_half_made_is_not_made(helena: Client, office: Office) -> None:
    assert post(helena, "/api/v1/people", {**NEWCOMER, "password": "short"}).status_code == 422

    names = [row["name"] for row in helena.get("/api/v1/people").json()["people"]]
    assert "Sofia Lindqvist" not in names


@pytest.mark.parametrize("extra", [{"is_superuser": True}, {"is_demo": True}, {"unit": "retail"}])
def test_no_field_is_smuggled_in(extra: dict[str, Any], helena: Client) -> None:
    assert post(helena, "/api/v1/people", {**NEWCOMER, **extra}).status_code == 400


def test_roles_are_given_and_taken_but_never_ones_own(helena: Client, office: Office) -> None:
    ben, own = office.people["Ben"].pk, office.people["Helena"].pk

    assert post(helena, f"/api/v1/people/{ben}/roles", {"role": "MODELLER"}).status_code == 204
    assert helena.delete(f"/api/v1/people/{ben}/roles/modeller").status_code == 204
    answer = post(helena, f"/api/v1/people/{own}/roles", {"role": "REVIEWER"})
    assert answer.json()["code"] == "governance.own_work"
    with office.open():
        assert RoleAssignment.objects.filter(person_id=own).count() == 1


def test_an_admin_keeps_boards_teams_and_rights(helena: Client, office: Office) -> None:
    ben = office.people["Ben"]
    board = post(helena, "/api/v1/boards", {"key": "sec", "name": "Security", "quorum": 2}).json()
    team = post(helena, "/api/v1/teams", {"key": "ops", "name": "Operations"}).json()
    member = {"person": str(ben.pk)}
    right = {"account": str(ben.accounts.get().pk), "right": "start_run"}
    grants = "/api/v1/processes/production-change/grants"

    assert post(helena, f"/api/v1/boards/{board['id']}/members", member).status_code == 204
    assert post(helena, f"/api/v1/teams/{team['id']}/members", member).status_code == 204
    assert post(helena, grants, right).status_code == 204
    row = next(r for r in helena.get("/api/v1/people").json()["people"] if r["name"] == "Ben")
    assert (row["boards"], row["teams"]) == (["Security"], ["Operations"])
    assert row["grants"][0]["process"] == "production-change"

    assert helena.delete(grants, right, content_type="application/json").status_code == 204
    assert (
        post(helena, "/api/v1/boards", {"key": "sec", "name": "S", "quorum": 2}).status_code == 409
    )


def test_what_belongs_to_another_unit_does_not_exist(helena: Client, office: Office) -> None:
    retail = an_office("retail")
    with retail.open():
        board = retail.board("retail-board")
    member = {"person": str(office.people["Ben"].pk)}

    assert post(helena, f"/api/v1/boards/{board.pk}/members", member).status_code == 404


def test_only_admins_keep_anything(client: Client, office: Office) -> None:
    client.force_login(office.people["Ben"].accounts.get())
    somebody = office.people["Helena"].pk

    for address, body in (
        ("/api/v1/people", NEWCOMER),
        (f"/api/v1/people/{somebody}/roles", {"role": "VIEWER"}),
        ("/api/v1/boards", {"key": "x", "name": "X", "quorum": 1}),
        ("/api/v1/teams", {"key": "x", "name": "X"}),
        ("/api/v1/processes/production-change/grants", {}),
    ):
        answer = post(client, address, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "governance.not_allowed")


def test_nobody_is_answered_with_a_problem_document(client: Client, office: Office) -> None:
    answer = client.get("/api/v1/acts")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "common.not_signed_in"


def test_an_admin_learns_the_ids_of_boards_teams_and_accounts(
    helena: Client, office: Office
) -> None:
    with office.open():
        team = office.team("platform", "Ben")

    teams = helena.get("/api/v1/teams").json()["teams"]
    boards = helena.get("/api/v1/boards").json()["boards"]
    people = helena.get("/api/v1/people").json()["people"]

    assert teams == [{"id": str(team.pk), "key": "platform", "name": "Platform"}]
    assert all(set(board) == {"id", "key", "name"} for board in boards)
    assert all(account["id"] for person in people for account in person["accounts"])
