"""Signing in: by password, slowed down by failures, and recorded."""

from __future__ import annotations

import pytest

from common import tenancy
from governance.actions import accounts
from governance.errors import TooManyAttempts, WrongCredentials
from governance.models.audit import AuditEntry
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


def test_signing_out_is_recorded(office: Office) -> None:
    account = accounts.sign_in(email=EMAIL, password=PASSWORD, source="10.0.0.1")

    accounts.sign_out(actor=accounts.as_actor(account))

    assert codes(office) == ["account.signed_in", "account.signed_out"]
