"""Reports read a real streaming replica: as of then, in the same walls, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import InternalError, connection, connections
from django.test import Client

from common import replica
from config import env
from config.databases import database
from config.supervisor import places
from config.supervisor.postgres import Postgres
from governance.models.processes import Process
from governance.models.units import Role, RoleAssignment
from tests.support import servers
from tests.support.office import Office, an_office
from tests.support.replicas import a_replica, catch_up

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def reading(address: str) -> Iterator[None]:
    """Have reports read at an address, as `DATABASE_URL_REPORTS` does."""
    settings = {**connection.settings_dict, **database(address, "reports")}
    connections.databases[replica.ALIAS] = settings
    # A connection called otherwise would be refused to tests that were not told of it.
    connections[replica.ALIAS] = own = type(connections["default"])(settings, alias="default")
    try:
        yield
    finally:
        own.close()
        del connections[replica.ALIAS]
        del connections.databases[replica.ALIAS]


def dora(office: Office) -> Client:
    office.person("Dora", Role.AUDITOR)
    client = Client()
    client.force_login(office.people["Dora"].accounts.get())
    return client


def rows(client: Client) -> list[str]:
    page = client.get("/governance/ownership").content.decode()
    return re.findall(r'href="/processes/([\w-]+)"', page)


@contextmanager
def a_copy_of_the_tests_server(home: Path) -> Iterator[tuple[Postgres, str]]:
    """Give a replica that has everything of now and no more, and the web's address of it."""
    ours = servers.wanted()
    if ours is None:
        pytest.skip("a replica is made of the embedded server, and the shell named another")
    primary, role = Postgres(places.choose(ours), durable=False), env.read()
    app, name = role.role_name("app"), str(connection.settings_dict["NAME"])
    with a_replica(primary, home) as copy:
        catch_up(primary, copy)
        with copy.connect("postgres") as superuser:
            superuser.execute("SELECT pg_wal_replay_pause()")
        yield copy, copy.url(app, role.role_password(app), name)


def test_reports_read_the_replica_and_say_as_of_when(tmp_path: Path) -> None:
    other = an_office("retail")
    with other.open():
        other.process("foreign", board=other.board())
    with an_office().open() as office:
        board = office.board()
        office.process("early", board=board)
        client = dora(office)
        with a_copy_of_the_tests_server(tmp_path / "home") as (_copy, address):
            office.process("late", board=board)
            with reading(address):
                assert set(rows(client)) == {"early"}
                assert "Read from the replica, as of" in client.get("/governance").content.decode()
                assert client.get("/governance/usage.csv").status_code == 200
                nothing_is_written_there_and_only_reports_read_it()
                RoleAssignment.objects.filter(person=office.people["Dora"]).delete()
                assert client.get("/governance/ownership").status_code in {403, 404}


def nothing_is_written_there_and_only_reports_read_it() -> None:
    with replica.for_reports() as as_of:
        assert as_of is not None
        assert set(Process.objects.values_list("key", flat=True)) == {"early"}
    with pytest.raises(InternalError, match="read-only"), replica.for_reports():
        replica.connection().cursor().execute("DELETE FROM governance_process")
    assert Process.objects.filter(key="late").exists(), "all else reads where it writes"


def test_a_replica_that_is_away_is_done_without() -> None:
    with an_office().open() as office:
        office.process("here", board=office.board())
        client = dora(office)
        with reading("postgresql://nobody:x@/none?host=/nowhere"):
            assert rows(client) == ["here"]
            assert "replica" not in client.get("/governance").content.decode()
