"""The doors: signing in and out, the first administrator, the unit in play, the theme."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock, tenancy
from governance import set_up_code
from governance.models.audit import AuditEntry
from governance.models.people import Account
from governance.models.units import Role
from governance.queries.audit import Filter, list_entries
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

CREDENTIALS = {"email": "ana@shared-it.example", "password": "correct horse battery"}
FIRST = {
    "name": "Helena Brandt",
    "email": "helena@interlock.example",
    "password": "a long enough phrase",
    "again": "a long enough phrase",
    "unit_name": "Shared IT",
}


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open():
        office.person("Ana", Role.MODELLER)
    return office


def test_signing_in_leads_to_where_one_wanted_to_go(client: Client, office: Office) -> None:
    answer = client.get("/audit?code=run.started")
    assert answer.headers["Location"] == "/sign-in?next=/audit%3Fcode%3Drun.started"

    answer = client.post("/sign-in", {**CREDENTIALS, "next": "/audit?code=run.started"})
    assert answer.headers["Location"] == "/audit?code=run.started"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\t/evil.example",
        "work",
    ],
)
def test_signing_in_never_leads_out_of_this_site(
    elsewhere: str, client: Client, office: Office
) -> None:
    answer = client.post("/sign-in", {**CREDENTIALS, "next": elsewhere})

    assert answer.headers["Location"] == "/work"


def test_a_wrong_password_is_refused_beside_the_field(client: Client, office: Office) -> None:
    answer = client.post("/sign-in", {**CREDENTIALS, "password": "wrong"})

    assert answer.status_code == 403
    assert "Address and password do not match" in answer.content.decode()
    assert CREDENTIALS["email"] in answer.content.decode()
    assert "wrong" not in answer.content.decode()


def test_the_session_gets_a_new_key_at_sign_in(client: Client, office: Office) -> None:
    client.get("/sign-in")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key

    client.post("/sign-in", CREDENTIALS)

    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_takes_a_post(client: Client, office: Office) -> None:
    client.post("/sign-in", CREDENTIALS)

    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/audit").headers["Location"].startswith("/sign-in")


def test_a_session_ends_after_half_an_hour_unused(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/sign-in", CREDENTIALS)
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert client.get("/audit").headers["Location"].startswith("/sign-in")


def test_a_session_ends_after_twelve_hours_of_use(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/sign-in", CREDENTIALS)
    start = clock.now()
    for minutes in range(0, 12 * 60, 20):
        now = start + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        assert client.get("/audit").status_code == 403

    monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=12, seconds=1))
    assert client.get("/audit").headers["Location"].startswith("/sign-in")


def test_a_new_password_ends_every_session(client: Client, office: Office) -> None:
    client.post("/sign-in", CREDENTIALS)
    account = Account.objects.get(email=CREDENTIALS["email"])
    account.set_password("another long phrase")
    account.save()

    assert client.get("/audit").headers["Location"].startswith("/sign-in")


def test_a_form_without_its_token_is_refused(office: Office) -> None:
    careful = Client(enforce_csrf_checks=True)

    assert careful.post("/sign-in", CREDENTIALS).status_code == 403


def test_an_empty_installation_asks_for_its_first_administrator(client: Client) -> None:
    assert client.get("/sign-in").headers["Location"] == "/first-administrator"

    answer = client.post("/first-administrator", FIRST)
    assert answer.headers["Location"] == "/work"
    assert client.get("/audit").status_code == 200


def test_there_is_one_first_administrator(client: Client, office: Office) -> None:
    assert client.get("/first-administrator").headers["Location"] == "/sign-in"
    assert client.post("/first-administrator", FIRST).headers["Location"] == "/sign-in"
    assert not Account.objects.filter(email=FIRST["email"]).exists()


def test_a_mistyped_password_is_asked_for_again(client: Client) -> None:
    answer = client.post("/first-administrator", {**FIRST, "again": "something else"})

    assert answer.status_code == 422
    assert "This is not the same password." in answer.content.decode()


def test_on_a_server_only_who_can_read_its_code_sets_it_up(client: Client, settings: Any) -> None:
    settings.ALLOW_DEMO = False

    assert client.post("/first-administrator", FIRST).status_code == 422
    assert client.post("/first-administrator", {**FIRST, "code": "guess"}).status_code == 422
    given = {**FIRST, "code": set_up_code.current()}
    assert client.post("/first-administrator", given).status_code == 302


def test_a_person_puts_another_unit_of_theirs_in_play(client: Client, office: Office) -> None:
    retail = an_office("retail")
    with tenancy.units_in_scope([office.unit.pk, retail.unit.pk]):
        retail.people["Ana"] = office.people["Ana"]
        retail.person("Ana", Role.AUDITOR)
    client.post("/sign-in", CREDENTIALS)
    assert client.get("/audit").status_code == 403

    answer = client.post("/unit", {"unit": str(retail.unit.pk), "next": "/runs/42?step=x"})

    assert answer.headers["Location"] == "/runs"
    assert client.get("/audit").status_code == 200


def test_a_unit_of_others_does_not_exist(client: Client, office: Office) -> None:
    retail = an_office("retail")
    client.post("/sign-in", CREDENTIALS)

    assert client.post("/unit", {"unit": str(retail.unit.pk)}).status_code == 404


def test_the_theme_is_kept_and_only_light_or_dark(client: Client) -> None:
    client.post("/theme", {"theme": "dark", "next": "/sign-in"})
    assert client.cookies["theme"].value == "dark"

    client.post("/theme", {"theme": '"><script>', "next": "/sign-in"})
    assert client.cookies["theme"].value == ""


def test_a_refused_act_is_recorded_with_its_reason(client: Client, office: Office) -> None:
    client.post("/sign-in", CREDENTIALS)
    assert client.get("/audit").status_code == 403

    with office.open():
        entry = AuditEntry.objects.get(code="act.refused")
        assert "may not read the audit" in entry.payload.facts["reason"]
        assert entry.payload.facts["after"]["address"] == "GET /audit"
        assert entry.payload.facts["after"]["act"] == "audit.read"
        line = list_entries(office.unit.pk, Filter(code="act.refused")).lines[0]
        assert "".join([line.sentence[0], line.subject]) == "was refused: read the audit"
