"""An admin sets how much a unit may use: by page and by API, recorded, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from governance.models.audit import AuditEntry
from governance.models.limits import UnitLimits
from governance.models.units import Role
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

PAGE, API = "/governance/access/limits", "/api/v1/limits"


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        yield office


def signed_in(office: Office, name: str, role: Role) -> Client:
    office.person(name, role)
    client = Client()
    client.force_login(office.people[name].accounts.get())
    return client


@pytest.fixture
def helena(office: Office) -> Client:
    return signed_in(office, "Helena Brandt", Role.ADMIN)


def test_an_admin_sets_limits_on_a_page(helena: Client) -> None:
    answer = helena.post(PAGE, {"runs_alive": "500", "jobs_at_once": ""})

    assert answer.status_code == 302
    assert UnitLimits.objects.get().runs_alive == 500
    assert UnitLimits.objects.get().jobs_at_once is None
    entry = AuditEntry.objects.get(code="unit.limits_set")
    assert json.loads(entry.payload.values)["after"] == {"runs_alive": 500}


def test_a_number_that_cannot_be_is_refused_beside_its_field(helena: Client) -> None:
    answer = helena.post(PAGE, {"runs_alive": "0"})

    assert answer.status_code == 422
    assert "greater than or equal to 1" in answer.content.decode()
    assert not UnitLimits.objects.exists()


def test_the_api_sets_what_is_named_and_gives_back_by_null(helena: Client) -> None:
    helena.patch(API, {"runs_alive": 5, "transitions": 100}, content_type="application/json")
    answer = helena.patch(API, {"runs_alive": None}, content_type="application/json")

    assert answer.status_code == 200
    told = helena.get(API).json()["limits"]
    assert (told["runs_alive"], told["transitions"]) == (None, 100)


def test_the_api_names_what_cannot_be(helena: Client) -> None:
    answer = helena.patch(API, {"nested_calls": 1_000_000}, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json()["code"] == "governance.limit_out_of_range"
    assert [problem["field"] for problem in answer.json()["errors"]] == ["nested_calls"]


def test_a_change_is_in_the_history(helena: Client) -> None:
    helena.post(PAGE, {"runs_alive": "500"})
    helena.post(PAGE, {"runs_alive": "600"})

    history = helena.get(f"{PAGE}/history").content.decode()

    assert "Runs alive" in history
    assert "500" in history
    assert "600" in history


def test_nobody_else_sets_them(office: Office) -> None:
    ben = signed_in(office, "Ben Carter", Role.OPERATOR)

    assert ben.get(PAGE).status_code == 403
    answer = ben.patch(API, {"runs_alive": 5}, content_type="application/json")
    assert answer.status_code == 403
