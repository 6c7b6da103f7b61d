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


@pytest.mark.parametrize(("method", "path", "act"), ADDRESSES)
def test_the_door_opens_to_those_whom_the_table_names(
    method: str, path: str, act: str, office: Office, client: Client
) -> None:
    for role in ROLES:
        client.force_login(office.people[role].accounts.get())
        status = knock(client, method, path).status_code
        may = act in (PUBLIC, SIGNED_IN) or role in MAY[act].roles or bool(MAY[act].opens)
        assert (status == 403) != may, (role, status)
        assert status != 501
        assert status < 500, (role, status)


@pytest.mark.parametrize(("method", "path", "act"), ADDRESSES)
def test_a_stranger_is_sent_to_the_door(
    method: str, path: str, act: str, office: Office, client: Client
) -> None:
    answer = knock(client, method, path)

    if act == PUBLIC:
        assert answer.status_code not in (401, 403)
    elif path.startswith("api/"):
        assert answer.status_code == 401
    else:
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=/")
