"""The embedded PostgreSQL by itself: who may sign in, and what a half-made one becomes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.env import Env
from config.supervisor import migrations, places
from config.supervisor.postgres import Postgres
from config.supervisor.throwaway import Servers

_OWNER = "postgresql://the_owner:its-password@/work"


@pytest.fixture(scope="module")
def socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pair = Servers(tmp_path_factory.mktemp("servers") / "home")
    pair.start(_OWNER)
    yield str(places.choose(pair.home).postgres_socket)
    pair.stop()


def test_the_owner_may_make_roles_but_stands_under_row_level_security(socket: str) -> None:
    with psycopg.connect(_OWNER, host=socket) as database:
        row = database.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles "
            "WHERE rolname = current_user"
        ).fetchone()

    assert row == (False, False, True)


@pytest.mark.parametrize("user", ["the_owner", "postgres"])
def test_nobody_signs_in_without_the_password(socket: str, user: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=socket, user=user, password="guessed", dbname="work")


def test_it_listens_on_no_network_and_checks_its_pages(socket: str) -> None:
    with psycopg.connect(_OWNER, host=socket) as database:
        row = database.execute(
            "SELECT current_setting('listen_addresses'), current_setting('data_checksums')"
        ).fetchone()

    assert row == ("", "on")


def test_another_secret_key_is_taken_over_by_the_derived_sign_ins(socket: str) -> None:
    before = Env(secret_key="one key", database_url=f"{_OWNER}?host={socket}")
    with psycopg.connect(before.database_url) as database:
        for role in ("app", "engine", "audit"):
            name = before.role_name(role)
            word = before.role_password(name)
            database.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{word}'")
    after = Env(secret_key="another key", database_url=before.database_url)

    migrations.mend_sign_ins(after)

    psycopg.connect(after.url_for("engine")).close()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(before.url_for("engine"))


def test_a_half_made_data_directory_is_made_again(tmp_path: Path) -> None:
    postgres = Postgres(places.choose(tmp_path / "var"), durable=False)
    half = postgres.data.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    try:
        said = postgres.prepare()

        assert said == "new database, ready"
        assert (postgres.data / "global" / "pg_control").exists()
        assert not half.exists()
    finally:
        postgres.places.forget_servers()
