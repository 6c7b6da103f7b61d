"""Servers of the harness's own, and a fresh database for each trial, copied from one that is ready.

They keep what was committed, as production's do: one of the faults is to stop them at once.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config import env
from config.supervisor import places
from config.supervisor.postgres import Postgres
from config.supervisor.throwaway import Servers
from tests.harness import disk as disks
from tests.harness.disk import Disk

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Ground:
    """The servers, and where to find them."""

    servers: Servers
    environment: dict[str, str]
    #: Where the logs of trials go: not on the disk that is filled.
    scratch: Path
    disk: Disk | None

    def fill_disk(self, seconds: float) -> None:
        """Leave the servers without room for so long."""
        if self.disk is None:
            raise RuntimeError("there is no disk to fill")
        self.disk.fill()
        time.sleep(seconds)
        self.disk.free()
        # Without room for its log PostgreSQL ends itself, as a supervisor then begins it again.
        if not self.servers.has_database:
            self.servers.start_database()

    @property
    def home(self) -> Path:
        """Return the folder in which everything lies."""
        return self.servers.home

    def database(self, name: str) -> None:
        """Make a database for one trial, all migrations applied."""
        owner = urlsplit(self.url("owner", "")).username or ""
        self._administer("CREATE DATABASE {} TEMPLATE interlock OWNER {}", name, owner)

    def drop(self, name: str) -> None:
        """Forget the database of a trial, whoever is still in it."""
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def url(self, role: str, database: str) -> str:
        """Return the address of a trial's database for a role."""
        parts = urlsplit(env.read(self.environment).url_for(role))
        return urlunsplit((*parts[:2], f"/{database}", *parts[3:]))

    def flush_broker(self) -> None:
        """Make the broker forget everything."""
        self._broker("FLUSHALL")

    def messages(self) -> int:
        """Return how many messages wait for somebody to take them."""
        from tests.harness.armed import QUEUES  # noqa: PLC0415  (needs Django's settings)

        return sum(int(self._broker(f"LLEN {queue}")[1:]) for queue in QUEUES)

    def _broker(self, command: str) -> bytes:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(places.choose(self.home).valkey_socket))
            client.sendall(f"{command}\r\n".encode())
            return client.recv(64).strip()

    def superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Return a connection that sees what everybody does."""
        return Postgres(places.choose(self.home)).connect("postgres")

    def _administer(self, statement: str, *names: str) -> None:
        parts = [sql.Identifier(name) for name in names]
        with self.superuser() as connection:
            connection.execute(sql.SQL(statement).format(*parts))


@contextmanager
def prepared() -> Iterator[Ground]:
    """Start servers in a temporary folder, migrate a database, and put both into our environment.

    Call it before Django's settings are read.
    """
    folder, scratch = (Path(tempfile.mkdtemp(prefix="interlock-faults-")) for _ in range(2))
    # PostgreSQL runs as a user of its own when we are root; it must reach its files.
    folder.chmod(0o755)
    disk = disks.mounted(folder)
    servers = Servers(folder / "home", survives=True)
    told = servers.environment() | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "INTERLOCK_ROLE": "owner",
        "LOG_LEVEL": "ERROR",
    }
    try:
        servers.start(told["DATABASE_URL"])
        for role in ("app", "engine", "audit"):
            os.environ.pop(f"DATABASE_URL_{role.upper()}", None)
        os.environ.update(told)
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True)
        yield Ground(servers, told, scratch, disk)
    finally:
        servers.stop()
        for place in (folder, scratch):
            shutil.rmtree(place, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
