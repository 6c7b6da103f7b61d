"""Backup and restore of the embedded server: nothing is written over, and what is lost is told."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.console import Console, Trouble
from config.supervisor import archives, backups
from config.supervisor.installation import Installation, installation

ROOT = Path(__file__).resolve().parents[3]


class Place:
    """An installation in a folder of its own, of which PostgreSQL alone ever runs."""

    def __init__(self, data: Path) -> None:
        shell = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        settings = {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
        self.here: Installation = installation(ROOT, {**shell, **settings})
        self.out = io.StringIO()
        self.console = Console(self.out)

    def run(self, role: str, *command: str) -> str:
        environ = {**self.here.environment("test", role=role), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(  # noqa: S603
            [sys.executable, *command],
            cwd=ROOT,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def live(self, day: str) -> dict[str, Any]:
        """Live a day, and let it be sealed."""
        with backups.server(self.here, self.console):
            said = self.run("owner", "-m", "tests.support.days", day)
            self.run("audit", "manage.py", "seal_audit", "--once")
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
        return found

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has, as the superuser, whom no wall stops."""
        assert self.here.postgres is not None
        with (
            backups.server(self.here, self.console),
            self.here.postgres.connect("interlock") as one,
        ):
            names = one.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return {
                str(name): int(str(row[0]))
                for (name,) in names.fetchall()
                for row in one.execute(f'SELECT count(*) FROM "{name}"').fetchall()  # noqa: S608
            }


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    # A short path: that of a Unix socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="ilk-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        place = Place(Path(folder) / "var")
        try:
            with backups.server(place.here, place.console):
                place.run("owner", "manage.py", "migrate", "--verbosity=0")
            yield place
        finally:
            place.here.places.forget_servers()


@pytest.fixture(scope="module")
def whole(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that several tests look at."""
    return backups.back_up(place.here, place.console, tmp_path_factory.mktemp("backups"))


def test_what_happened_after_the_backup_is_told_and_held(place: Place, tmp_path: Path) -> None:
    first = place.live("first")
    before = place.rows()
    file = backups.back_up(place.here, place.console, tmp_path)
    second = place.live("second")
    assert file.stat().st_mode & 0o777 == 0o600

    backups.restore(place.here, place.console, file)

    said = place.out.getvalue()
    assert "links are lost" in said
    assert "HELD RUN-1001 calls: sealed to event" in said
    assert f"GONE run {second['begins']}" in said
    assert "2 runs are held and 1 are gone" in said
    after = place.rows()
    grown = {name for name in before if after[name] != before[name]}
    assert grown <= {"engine_hold", "governance_auditentry", "governance_auditpayload"}
    third = place.live("third")
    assert set(third["held"]) == {first["calls"], first["moves"], second["begins"]}
    assert third["runs"] == ["calls", "moves", "rests"]
    assert third["key_while_held"] is None
    assert third["key"] == second["key"] is not None
    with backups.server(place.here, place.console):
        assert "verified" in place.run("audit", "manage.py", "verify_audit")
        assert "0 faults" in place.run("engine", "manage.py", "verify_history")


def test_a_damaged_backup_changes_nothing(place: Place, whole: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.backup"
    content = bytearray(whole.read_bytes())
    with tarfile.open(whole) as tar:
        member = tar.getmember(archives.DUMP)
        content[member.offset_data + member.size // 2] ^= 1
    damaged.write_bytes(content)
    before = place.rows()

    with pytest.raises(Trouble, match="is not as it was written"):
        backups.restore(place.here, place.console, damaged)
    with pytest.raises(Trouble, match="is no backup"):
        backups.restore(place.here, place.console, Path(__file__))
    with pytest.raises(Trouble, match="is there already"):
        backups.back_up(place.here, place.console, whole)

    assert place.rows() == before


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"product": "9.0.0"}, "another major version"),
        ({"migrations": [["engine", "9999_of_tomorrow"]]}, "9999_of_tomorrow is not known here"),
        ({"postgres": 99}, "PostgreSQL 99"),
        ({"roles": ["a", "b", "c"]}, "rights to a, b, c"),
    ],
)
def test_what_this_release_cannot_go_on_with_is_refused(
    place: Place, whole: Path, tmp_path: Path, facts: dict[str, Any], words: str
) -> None:
    manifest = archives.read_manifest(whole)
    archives.unpack(whole, manifest, tmp_path / "members")
    members = {name: tmp_path / "members" / name for name in manifest["files"]}
    kept = {name: manifest[name] for name in ("product", "at", "postgres", "migrations", "roles")}
    other = tmp_path / "other.backup"
    archives.pack(other, members, {**kept, **facts})

    with pytest.raises(Trouble, match=words):
        backups.restore(place.here, place.console, other)


def test_secrets_are_in_it_only_where_somebody_asked(
    place: Place, whole: Path, tmp_path: Path
) -> None:
    shell = {**place.here.shell, "SECRETS": "yes"}
    asked = replace(place.here, shell=shell)
    full = backups.back_up(asked, place.console, tmp_path / "full.backup")

    assert not [name for name in archives.read_manifest(whole)["files"] if "secrets" in name]
    assert "secrets/secret-key" in archives.read_manifest(full)["files"]


def test_a_server_of_ones_own_is_restored_into_an_empty_database(
    place: Place, whole: Path, tmp_path: Path
) -> None:
    before = place.rows()
    own = {
        "DATABASE_URL": place.here.settings.database_url,
        "SECRET_KEY": place.here.settings.secret_key,
        "DATA_DIR": str(tmp_path / "other"),
    }
    with backups.server(place.here, place.console):
        other = installation(ROOT, {**place.here.shell, **own})
        with pytest.raises(Trouble, match="is not empty"):
            backups.restore(other, place.console, whole)
        assert place.here.postgres is not None
        with place.here.postgres.connect("postgres") as superuser:
            superuser.execute("ALTER DATABASE interlock RENAME TO before")
            superuser.execute("CREATE DATABASE interlock OWNER interlock_owner")

        backups.restore(other, place.console, whole)

    assert "nothing can tell what the backup has lost" in place.out.getvalue()
    assert place.rows() == before


def test_the_dump_is_complete_though_walls_hold_for_its_owner(place: Place) -> None:
    with backups.server(place.here, place.console):
        address = place.here.settings.database_url
        with psycopg.connect(address) as owner:
            found = owner.execute("SELECT count(*) FROM engine_instance").fetchone()
    assert found == (0,)
    if not place.rows()["engine_instance"]:
        place.live("first")
    assert place.rows()["engine_instance"] > 0
