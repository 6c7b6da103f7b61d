"""The History tab: each setting an admin keeps tells who changed what of it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client

from governance.models.boards import Board
from governance.models.connections import Connection, EgressDestination
from governance.models.units import Role
from governance.queries.history import LABELS, SILENT, history_of
from tests.support.office import Office, actor_of, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    office = an_office()
    with office.open():
        office.person("Helena", Role.ADMIN)
        office.person("Vera", Role.VIEWER)
    return office


@pytest.fixture
def helena(client: Client, office: Office) -> Client:
    client.force_login(office.people["Helena"].accounts.get())
    return client


def test_every_field_that_is_kept_has_a_name_people_read() -> None:
    kept = [model for model in apps.get_models() if hasattr(model, "history")]

    assert len(kept) >= 4
    for model in kept:
        fields = {field.name for field in model._meta.fields}
        assert fields <= {*LABELS, *SILENT}, model.__name__


def test_a_board_tells_who_changed_its_quorum(helena: Client, office: Office) -> None:
    with office.open(actor_of(office.people["Helena"])):
        board = Board.objects.create(unit=office.unit, key="cab", name="CAB", quorum=2)
        board.quorum = 3
        board.save()
        newest, first = history_of(board)

    assert first.is_first
    assert (newest.who, [(str(c.label), c.before, c.after) for c in newest.changes]) == (
        "Helena",
        [("Quorum", "2", "3")],
    )
    page = helena.get(f"/governance/access/boards/{board.pk}/history").content.decode()
    assert "Quorum" in page
    assert "Helena" in page


def test_connections_and_destinations_are_listed_with_their_history(
    helena: Client, office: Office
) -> None:
    with office.open():
        desk = Connection.objects.create(
            unit=office.unit, key="itsm", name="Service desk", base_url="http://old.example"
        )
        desk.base_url = "http://new.example"
        desk.save()
        port = EgressDestination.objects.create(
            unit=office.unit, host="new.example", port=443, reason="Tickets"
        )

    listing = helena.get("/governance/access/connections").content.decode()
    for address in (
        f"/governance/access/connections/{desk.pk}/history",
        f"/governance/access/destinations/{port.pk}/history",
    ):
        assert address in listing
        assert helena.get(address).status_code == 200
    page = helena.get(f"/governance/access/connections/{desk.pk}/history").content.decode()
    assert "http://old.example" in page
    assert "the product" in page


def test_a_setting_of_another_unit_does_not_exist(helena: Client, office: Office) -> None:
    other = an_office("retail")
    with other.open():
        board = Board.objects.create(unit=other.unit, key="cab", name="Secret board", quorum=1)
        desk = Connection.objects.create(
            unit=other.unit, key="itsm", name="Desk", base_url="http://a.example"
        )

    assert helena.get(f"/governance/access/boards/{board.pk}/history").status_code == 404
    assert helena.get(f"/governance/access/connections/{desk.pk}/history").status_code == 404
    assert helena.get(f"/governance/access/connections/{office.unit.pk}/history").status_code == 404


def test_who_keeps_nothing_sees_no_history(client: Client, office: Office) -> None:
    with office.open():
        board = Board.objects.create(unit=office.unit, key="cab", name="CAB", quorum=2)
    client.force_login(office.people["Vera"].accounts.get())

    assert client.get(f"/governance/access/boards/{board.pk}/history").status_code == 403
    assert client.get("/governance/access/connections").status_code == 403
