"""Measures what an idle installation asks of PostgreSQL, and how soon it takes up work.

Goals: at most 3 statements a second over all processes; work taken up within 100 ms with the
broker, and within 2 s without it. Statements are counted in PostgreSQL's own log.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from celery import Celery

from common.ids import new_id
from config.supervisor import keys, places
from config.supervisor.postgres import SUPERUSER
from config.supervisor.valkey import Valkey
from tests.support.proof import ROOT, write

_SECONDS = int(os.environ.get("SECONDS") or 60)
_TIMES = int(os.environ.get("TIMES") or 20)
_DATABASE = "interlock"
_PUT = """
INSERT INTO engine_queueentry (id, unit_id, instance_id, kind, shard, queue, due_at)
VALUES (%s, %s, %s, 'JOB', 0, 'connector', engine_now())
"""
_IS_TAKEN = "SELECT lease_until IS NOT NULL FROM engine_queueentry WHERE id = %s"


def main() -> None:
    """Bring up an empty installation, count, put work into its queue, and write the figures."""
    with tempfile.TemporaryDirectory(prefix="interlock-idle-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with _installation(folder) as database:
            asked = _statements(folder, database)
            broker = Celery(broker=Valkey(places.choose(folder)).broker_url)
            _ring(broker, new_id())  # Connecting for the first time is not a reaction.
            with_broker = _reactions(database, lambda job: _ring(broker, job))
            _still(folder, "valkey-server")
            without = _reactions(database, lambda _job: None)
    figures = {
        "what": "statements a second of an idle installation over all processes, and seconds "
        "from the commit of a job to its claim by a worker, with a doorbell and with the broker "
        "stopped (SIGSTOP)",
        "statements_per_second": asked,
        "with_broker": _summary(with_broker),
        "broker_dead": _summary(without),
    }
    sys.stdout.write(f"{write('idle', figures)}: {figures}\n")


@contextmanager
def _installation(folder: Path) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    environ = {**os.environ, "DATA_DIR": str(folder), "DEMO": "no", "PORT": "8490"}
    command = [sys.executable, "-m", "config.supervisor", "up"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            while "Ctrl-C stops" not in (line := process.stdout.readline()):
                assert line, "it ended before it was ready"
            with _superuser(folder) as database:
                yield database
        finally:
            _still(folder, "valkey-server", signal.SIGCONT)
            process.send_signal(signal.SIGTERM)
            process.communicate()


def _superuser(folder: Path) -> psycopg.Connection[tuple[Any, ...]]:
    chosen = places.choose(folder)
    return psycopg.connect(
        host=str(chosen.postgres_socket),
        user=SUPERUSER,
        password=keys.key(chosen.secrets, "postgres-superuser"),
        dbname=_DATABASE,
        autocommit=True,
    )


def _statements(folder: Path, database: psycopg.Connection[tuple[Any, ...]]) -> dict[str, float]:
    """Return how many statements each sign-in sends a second, and all together."""
    time.sleep(30)  # What starting up asks is not idle.
    database.execute("ALTER SYSTEM SET log_statement = 'all'")
    database.execute("SELECT pg_reload_conf()")
    log = places.choose(folder).logs / "postgres.log"
    time.sleep(1)
    began = log.stat().st_size
    time.sleep(_SECONDS)
    with log.open("rb") as file:
        file.seek(began)
        lines = file.read().decode().splitlines()
    database.execute("ALTER SYSTEM RESET log_statement")
    database.execute("SELECT pg_reload_conf()")
    found: dict[str, float] = {"all": 0}
    for line in lines:
        if " LOG:  statement: " in line or " LOG:  execute " in line:
            user = line.split("] ", 1)[1].split(" ", 1)[0]
            for name in (user, "all"):
                found[name] = round(found.get(name, 0) + 1 / _SECONDS, 3)
    return found


def _reactions(
    database: psycopg.Connection[tuple[Any, ...]], ring: Callable[[UUID], None]
) -> list[float]:
    """Return how long it takes each time until a worker claims a new job."""
    found = []
    for turn in range(_TIMES):
        # Not in step with anybody who looks at intervals.
        time.sleep(1 + turn * 0.37 % 1.2)
        job, unit = new_id(), new_id()
        database.execute(_PUT, [job, unit, job])
        began = time.monotonic()
        ring(job)
        while not (database.execute(_IS_TAKEN, [job]).fetchone() or [False])[0]:
            time.sleep(0.002)
        found.append(time.monotonic() - began)
        database.execute("DELETE FROM engine_queueentry WHERE id = %s", [job])
    return found


def _ring(broker: Celery, job: UUID) -> None:
    broker.send_task("engine.run_job", kwargs={"job": str(job)}, queue="connector", retry=False)


def _still(folder: Path, program: str, number: signal.Signals = signal.SIGSTOP) -> None:
    """Send a signal to a program of this installation."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(program.encode()) and str(folder).encode() in b" ".join(words):
            os.kill(int(entry.parent.name), number)


def _summary(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 3), "worst": round(max(seconds), 3)}


if __name__ == "__main__":
    main()
