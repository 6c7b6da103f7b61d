"""Every address, knocked at in every role: the door opens to those whom the table names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from governance.access_table import PUBLIC, ROLES, SIGNED_IN
from governance.gatekeeper import act_of
from tests.architecture.test_routes import methods_of, routes
from tests.integration.walls.test_matrix import ROWS
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

#: A value for each part of an address; nothing is there, so an open door answers "not found".
PARTS = {"uuid": "01980000-0000-7000-8000-000000000000", "slug": "nothing", "int": "9", "str": "x"}

MAY = {row.act: row for row in ROWS}
ADDRESSES = sorted(
    {
        (method, path, str(act_of(view, method)))
        for path, view in routes()
        for method in methods_of(view)
    }
)


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office().open() as office:
        for role in ROLES:
            office.person(role, role)
        yield office


def address_of(path: str) -> str:
    return "/" + re.sub(r"<(\w+):\w+>", lambda part: PARTS[part[1]], path)


def knock(client: Client, method: str, path: str) -> Any:
    return client.generic(method, address_of(path), "{}", content_type="application/json")


def is_open_to(role: str, act: str) -> bool:
    return act in (PUBLIC, SIGNED_IN) or role in MAY[act].roles or bool(MAY[act].opens)


@pytest.mark.parametrize("role", ROLES)
def test_the_door_opens_to_those_whom_the_table_names(role: str, office: Office) -> None:
    wrong = []
    for method, path, act in ADDRESSES:
        client = Client()
        client.force_login(office.people[role].accounts.get())
        status = knock(client, method, path).status_code
        if (status == 403) == is_open_to(role, act) or status >= 500:
            wrong.append(f"{method} /{path} answers {status} to {role}; it asks for {act}")

    assert not wrong


def test_a_stranger_is_sent_to_the_door(office: Office) -> None:
    wrong = []
    for method, path, act in ADDRESSES:
        answer = knock(Client(), method, path)
        if act == PUBLIC:
            fine = answer.status_code not in (401, 403)
        elif path.startswith("api/"):
            fine = answer.status_code == 401
        else:
            fine = answer.headers.get("Location", "").startswith("/sign-in?next=/")
        if not fine:
            wrong.append(f"{method} /{path} answers {answer.status_code}")

    assert not wrong
