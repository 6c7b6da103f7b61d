"""Signing in: by password, slowed down by failures, and recorded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from common import clock, tenancy
from governance.actions import accounts, attempts
from governance.errors import TooManyAttempts, WrongCredentials
from governance.models.audit import AuditEntry
from governance.models.sign_ins import FailedSignIn
from governance.models.units import Role
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
EMAIL = "ana@shared-it.example"


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open():
        office.person("Ana", Role.MODELLER)
    return office


def codes(office: Office) -> list[str]:
    with tenancy.units_in_scope([office.unit.pk]):
        return list(AuditEntry.objects.order_by("id").values_list("code", flat=True))


def test_the_right_password_signs_in_whatever_the_case_of_the_address(office: Office) -> None:
    account = accounts.sign_in(email=EMAIL.upper(), password=PASSWORD, source="10.0.0.1")

    assert account.person == office.people["Ana"]
    assert codes(office) == ["account.signed_in"]


def test_a_wrong_password_is_recorded_and_refused(office: Office) -> None:
    with pytest.raises(WrongCredentials):
        accounts.sign_in(email=EMAIL, password="wrong", source="10.0.0.1")

    assert codes(office) == ["account.sign_in_failed"]


def test_an_unknown_address_is_refused_in_the_same_words(office: Office) -> None:
    with pytest.raises(WrongCredentials):
        accounts.sign_in(email="nobody@shared-it.example", password=PASSWORD, source="10.0.0.1")


def test_a_closed_account_does_not_open(office: Office) -> None:
    office.people["Ana"].accounts.update(is_active=False)

    with pytest.raises(WrongCredentials):
        accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")


def test_a_demo_account_does_not_open_on_a_server(office: Office, settings: object) -> None:
    settings.ALLOW_DEMO = False  # type: ignore[attr-defined]
    office.people["Ana"].accounts.update(is_demo=True)

    with pytest.raises(WrongCredentials):
        accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")


def test_after_ten_failures_even_the_right_password_waits(office: Office) -> None:
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(email=EMAIL, password="wrong", source="10.0.0.1")

    with pytest.raises(TooManyAttempts):
        accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")


def test_a_stranger_locks_nobody_out_from_another_place(office: Office) -> None:
    for _ in range(10):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(email=EMAIL, password="wrong", source="10.0.0.1")

    assert accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.2")


def fail(count: int, *, email: str = EMAIL, source: str = "10.0.0.{n}", device: str = "") -> None:
    """Try a wrong password so often; `{n}` makes every address or source another one."""
    for n in range(count):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(
                email=email.format(n=n), password="wrong", source=source.format(n=n), device=device
            )


@pytest.mark.parametrize("email", [EMAIL, "nobody@shared-it.example"], ids=["known", "unknown"])
def test_many_sources_together_get_few_guesses_at_one_account(office: Office, email: str) -> None:
    fail(attempts.PER_ACCOUNT, email=email)

    with pytest.raises(TooManyAttempts) as refusal:
        accounts.sign_in(email=email, password=PASSWORD, source="192.0.2.1")
    assert refusal.value.context == {"minutes": 15}


def test_one_source_gets_few_guesses_at_many_accounts(office: Office) -> None:
    fail(attempts.PER_SOURCE, email="a{n}@shared-it.example", source="10.0.0.1")

    with pytest.raises(TooManyAttempts):
        accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")
    assert accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.2")


def test_strangers_keep_nobody_out_of_a_browser_they_have_used(office: Office) -> None:
    fail(attempts.PER_ACCOUNT)
    fail(attempts.PER_SOURCE - 1, email="a{n}@shared-it.example", source="10.0.0.1")

    assert accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1", device="d")

    fail(attempts.PER_PLACE, source="10.0.0.1", device="d")
    with pytest.raises(TooManyAttempts):
        accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1", device="d")


def test_the_wait_ends_and_is_not_prolonged_by_trying(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(attempts.PER_PLACE, source="10.0.0.1")
    began = clock.now()
    for minutes, left in ((5, 10), (14, 1)):
        later = began + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda later=later: later)
        for _ in range(attempts.PER_PLACE):
            with pytest.raises(TooManyAttempts) as refusal:
                accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")
        assert refusal.value.context == {"minutes": left}

    monkeypatch.setattr(clock, "now", lambda: began + timedelta(minutes=15, seconds=1))
    assert accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")


def test_who_signs_in_is_not_counted(office: Office) -> None:
    for _ in range(attempts.PER_PLACE + 1):
        accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")

    assert not FailedSignIn.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_guesses_at_once_no_more_are_looked_at(office: Office) -> None:
    def guess(_n: int) -> type[Exception]:
        try:
            accounts.sign_in(email=EMAIL, password="wrong", source="10.0.0.1")
        except (WrongCredentials, TooManyAttempts) as refusal:
            return type(refusal)
        finally:
            connection.close()
        raise AssertionError

    with ThreadPoolExecutor(20) as crowd:
        answers = list(crowd.map(guess, range(60)))

    assert answers.count(WrongCredentials) <= attempts.PER_PLACE


def test_a_browser_one_has_signed_in_with_is_known_again(office: Office, client: Client) -> None:
    right = {"email": EMAIL, "password": PASSWORD}
    assert client.post("/sign-in", right).status_code == 302
    client.post("/sign-out")
    fail(attempts.PER_ACCOUNT)

    assert client.post("/sign-in", right).status_code == 302
    for cookie in ("", "forged", client.cookies["interlock_device"].value[:-2] + "xx"):
        stranger = Client(headers={"Cookie": f"interlock_device={cookie}"})
        answer = stranger.post("/sign-in", right)
        assert answer.status_code == 429
        assert "Wait 15 min" in answer.content.decode()


def test_a_known_browser_is_known_for_its_own_account_alone(office: Office, client: Client) -> None:
    with office.open():
        office.person("Ben", Role.MODELLER)
    client.post("/sign-in", {"email": "ben@shared-it.example", "password": PASSWORD})
    client.post("/sign-out")
    fail(attempts.PER_ACCOUNT)

    assert client.post("/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 429


def test_signing_out_is_recorded(office: Office) -> None:
    account = accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")

    accounts.sign_out(actor=accounts.as_actor(account))

    assert codes(office) == ["account.signed_in", "account.signed_out"]
