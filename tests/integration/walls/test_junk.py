"""Junk at every address, from people who may do everything: a refusal in words, never a fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from governance.access_table import ROLES
from governance.models.boards import BoardMember
from tests.architecture.test_routes import methods_of, routes
from tests.integration.walls.test_doors import PARTS
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

ADDRESSES = sorted({(method, path) for path, view in routes() for method in methods_of(view)})

#: What a form, a query or a JSON body may be sent in any of the fields the product asks for.
FIELDS = """
    q state process before after entry since until text person code subject task kind
    started name key title board team quorum email password roles role right account unit
    theme next reason decision note comment digest verdict element xml variables
    correlation_key business_key version owner backup_owner purpose risk_class tags
    segment sort page
    """.split()  # noqa: SIM905  (read as a list of words)

JUNK: tuple[Any, ...] = (
    "\x00",
    "\ud800",
    "9" * 5_000,
    "9999-12-31T23:59:59-23:59",
    10**30,
    1e308 * 10,
    {"a": [[]]},
)


@pytest.fixture
def client() -> Iterator[Client]:
    with an_office().open() as office:
        yield client_of(office)


def client_of(office: Office) -> Client:
    """Return the browser of a person in every role, who is on a board, with a process there."""
    office.person("Rhea", *ROLES)
    board = office.board()
    BoardMember.objects.create(unit=office.unit, board=board, person=office.people["Rhea"])
    office.process("x", board=board)
    client = Client(raise_request_exception=False)
    client.force_login(office.people["Rhea"].accounts.get())
    return client


def address_of(path: str, text: str = "") -> str:
    return "/" + re.sub(
        r"<(\w+):\w+>", lambda part: text if text and part[1] == "str" else PARTS[part[1]], path
    )


def faults(answers: Iterator[tuple[str, Any]]) -> list[str]:
    return [f"{what} answers {got.status_code}" for what, got in answers if got.status_code >= 500]


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:30])
def test_no_query_or_form_field_breaks_a_page(junk: Any, client: Client) -> None:
    text = str(junk).encode("utf-8", "replace").decode()

    def knock() -> Iterator[tuple[str, Any]]:
        for method, path in ADDRESSES:
            what = f"{method} /{path}"
            if method == "GET":
                yield what, client.get(address_of(path), dict.fromkeys(FIELDS, text))
            elif not path.startswith("api/") and method == "POST":
                yield what, client.post(address_of(path), dict.fromkeys(FIELDS, text))

    assert not faults(knock())


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:30])
def test_no_field_of_a_body_breaks_the_api(junk: Any, client: Client) -> None:
    def knock() -> Iterator[tuple[str, Any]]:
        for method, path in ADDRESSES:
            if not path.startswith("api/") or method == "GET":
                continue
            for body in (dict.fromkeys(FIELDS, junk), junk):
                answer = client.generic(
                    method,
                    address_of(path),
                    json.dumps(body),
                    content_type="application/json",
                    headers={"If-Match": "9" * 5_000, "Idempotency-Key": "k" * 300},
                )
                yield f"{method} /{path}", answer

    assert not faults(knock())


def test_no_part_of_an_address_breaks_a_page(client: Client) -> None:
    def knock() -> Iterator[tuple[str, Any]]:
        for method, path in ADDRESSES:
            for part in ("%00", "9" * 300):
                yield (
                    f"{method} /{path}",
                    client.generic(
                        method, address_of(path, part), "{}", content_type="application/json"
                    ),
                )

    assert not faults(knock())


def test_no_cookie_breaks_a_page() -> None:
    def knock() -> Iterator[tuple[str, Any]]:
        for name in ("interlock_session", "interlock_csrf", "theme"):
            client = Client(raise_request_exception=False)
            cookie = f'{name}="abcdefgh\\000ijklmnopqrstuvwxyz012345"'
            yield name, client.get("/sign-in", headers={"Cookie": cookie})

    assert not faults(knock())
