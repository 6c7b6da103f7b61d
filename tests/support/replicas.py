"""A streaming replica of a running embedded PostgreSQL, for as long as a test needs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from config.supervisor import keys, places
from config.supervisor.places import Places
from config.supervisor.postgres import SUPERUSER, Postgres
from config.supervisor.processes import start

_PATIENCE = 60.0
_CAUGHT_UP = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"


@contextmanager
def a_replica(primary: Postgres, home: Path) -> Iterator[Postgres]:
    """Copy the primary while it runs, and follow it from then on."""
    replica = Postgres(_beside(primary.places, home), durable=False)
    program = replica.program(home)
    _copy(primary, Path(program.command[0]).with_name("pg_basebackup"), replica.data)
    server = start(program)
    try:
        _until(replica.is_ready)
        yield replica
    finally:
        server.popen.terminate()
        server.popen.wait()
        shutil.rmtree(replica.places.servers, ignore_errors=True)


def catch_up(primary: Postgres, replica: Postgres) -> None:
    """Wait until the replica has replayed all that the primary has written by now."""
    with primary.connect("postgres") as database:
        row = database.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone()
        database.execute("SELECT pg_switch_wal()")
    with replica.connect("postgres") as database:
        _until(lambda: database.execute(_CAUGHT_UP, row).fetchone() == (True,))


def _beside(primary: Places, home: Path) -> Places:
    """Return places of the primary's user, who alone reaches its socket."""
    home.mkdir(mode=0o755)
    chosen = replace(places.choose(home), server_uid=primary.server_uid)
    shutil.copy(primary.secrets / "postgres-superuser", chosen.secrets)
    if primary.server_uid is not None:
        for folder in (chosen.postgres_socket, chosen.servers):
            os.chown(folder, primary.server_uid, primary.server_uid)
    return chosen


def _copy(primary: Postgres, program: Path, target: Path) -> None:
    uid = primary.places.server_uid
    subprocess.run(
        [
            *(str(program), "-D", str(target), "-h", str(primary.places.postgres_socket)),
            *("-U", SUPERUSER, "-X", "stream", "-R", "-c", "fast", "--no-sync"),
        ],
        env={"PGPASSWORD": keys.key(primary.places.secrets, "postgres-superuser")},
        cwd="/",
        check=True,
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
    )


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "the replica does not follow"
        time.sleep(0.05)
