"""Changing one's own password: the old one is asked for, and every other session ends."""

from __future__ import annotations

import pytest
from django.test import Client

from governance.actions.attempts import PER_PLACE
from governance.models.audit import AuditEntry
from governance.models.units import Role
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

OLD = "correct horse battery"
NEW = "another long enough phrase"
SIGN_IN = {"email": "ana@shared-it.example", "password": OLD}
CHANGE = {"old": OLD, "new": NEW, "again": NEW}


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open():
        office.person("Ana", Role.MODELLER)
    return office


@pytest.fixture
def ana(client: Client, office: Office) -> Client:
    client.post("/sign-in", SIGN_IN)
    return client


def test_this_session_goes_on_and_the_others_end(ana: Client, office: Office) -> None:
    elsewhere = Client()
    elsewhere.post("/sign-in", SIGN_IN)
    key = ana.session.session_key

    answer = ana.post("/account", CHANGE)

    assert answer.headers["Location"] == "/account"
    assert ana.session.session_key != key
    assert ana.get("/account").status_code == 200
    assert elsewhere.get("/account").headers["Location"].startswith("/sign-in")
    assert Client().post("/sign-in", SIGN_IN).status_code == 403
    assert Client().post("/sign-in", {**SIGN_IN, "password": NEW}).status_code == 302
    with office.open():
        entry = AuditEntry.objects.get(code="account.password_changed")
        assert entry.payload.facts["actor"] == "Ana"
        assert NEW not in entry.payload.values


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"old": "something else entirely"}, "This is not your password"),
        ({"new": "short", "again": "short"}, "too weak"),
        ({"new": OLD, "again": OLD}, "It is the one you have"),
        ({"again": "a slip of the hand here"}, "Write the new password twice"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    ana: Client, office: Office, change: dict[str, str], said: str
) -> None:
    answer = ana.post("/account", CHANGE | change)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert OLD not in page
    assert ana.get("/account").status_code == 200
    assert Client().post("/sign-in", SIGN_IN).status_code == 302


def test_the_old_one_cannot_be_guessed_at(ana: Client, office: Office) -> None:
    for _ in range(PER_PLACE):
        assert ana.post("/account", CHANGE | {"old": "a guess"}).status_code == 422

    assert ana.post("/account", CHANGE).status_code == 429


def test_who_is_not_signed_in_has_no_account_page(client: Client, office: Office) -> None:
    assert client.get("/account").headers["Location"].startswith("/sign-in")
    assert client.post("/account", CHANGE).headers["Location"].startswith("/sign-in")
