"""A crew of real processes for fault tests: workers, a sweeper, a broker and a service desk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from config import brokers, celery, env
from config.supervisor import places
from config.supervisor.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE = 90.0
#: How many processes a worker has for its tasks.
CHILDREN = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a process runs: what its command begins with, and what else it is told."""

    inside: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)


HERE = Place()


@dataclass
class Crew:
    """Processes by name; each leads a group of its own, so that all of it can be killed at once."""

    folder: Path
    environ: Mapping[str, str]
    itsm_port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def itsm(self) -> str:
        return f"http://127.0.0.1:{self.itsm_port}"

    def hire(self, name: str, *command: str, at: Place = HERE) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*at.inside, sys.executable, *command],
                cwd=ROOT,
                env={**self.environ, **at.environ},
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def hire_worker(self, name: str = "worker", at: Place = HERE) -> None:
        quiet = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")
        celery = ("-m", "celery", "-A", "config.celery:app", "worker", "-c", str(CHILDREN), *quiet)
        self.hire(
            name, *celery, "-Q", "engine,connector,internal,script", "-n", f"{name}@fault", at=at
        )

    def hire_sweeper(self) -> None:
        self.hire("sweeper", "manage.py", "sweep")

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process and all that it started."""
        os.killpg(self.running[name].pid, number)

    def kill(self, name: str) -> None:
        """Kill without a word (kill -9), children and all."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def dismiss(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def flush(self) -> int:
        """Make the broker forget everything; return how much that was."""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(places.choose(self.folder).valkey_socket))
            client.sendall(b"DBSIZE\r\nFLUSHALL\r\n")
            said = client.recv(64)
        return int(said.split(b"\r\n")[0].removeprefix(b":"))

    def effects(self) -> dict[str, Any]:
        """Return what the service desk counted, by idempotency key."""
        with urllib.request.urlopen(f"{self.itsm}/api/effects") as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return found

    def words(self) -> str:
        """Return the end of every log, for whoever must find out what happened."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"== {log.name}\n{log.read_text()[-3000:]}" for log in logs)


@contextmanager
def a_crew(broker_url: str = "") -> Iterator[Crew]:
    """Yield a crew with a broker of its own and a service desk, on the test's database.

    `broker_url` names another broker than the Valkey, which then carries the live frames alone.
    """
    folder = Path(tempfile.mkdtemp(prefix="interlock-crew-"))
    folder.chmod(0o755)
    chosen = places.choose(folder)
    valkey = Valkey(chosen)
    broker_url = broker_url or valkey.broker_url
    crew = Crew(folder, _environ(valkey, broker_url), _free_port())
    # What this process rings for is heard by the crew.
    celery.app.conf.update(brokers.settings(broker_url))
    program = valkey.program(folder)
    with (folder / "valkey.log").open("ab") as log:
        crew.running["valkey"] = subprocess.Popen(
            list(program.command), env=dict(program.env), stdout=log, process_group=0
        )
    try:
        data = folder / "itsm"
        data.mkdir()
        crew.hire("itsm", "-m", "demo.itsm", "--port", str(crew.itsm_port), "--data", str(data))
        until(valkey.is_ready, "the broker answers")
        until(lambda: _is_open(crew.itsm_port), "the service desk answers")
        yield crew
    finally:
        crew.dismiss()
        chosen.forget_servers()
        shutil.rmtree(folder, ignore_errors=True)


def until(holds: Callable[[], bool], what: str, seconds: float = _PATIENCE) -> None:
    """Wait until something holds.

    Raises:
        TimeoutError: it did not in time.
    """
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"after {seconds:.0f} s it is still not true that {what}")
        time.sleep(0.1)


def _environ(valkey: Valkey, broker_url: str) -> dict[str, str]:
    """Return the environment of a worker, with the engine's sign-in to the test's database."""
    read = env.read()
    settings = connection.settings_dict
    name = read.role_name("engine")
    password = quote(read.role_password(name))
    host = settings["HOST"]
    where = f"{host}:{settings['PORT']}" if not host.startswith("/") else ""
    query = f"?host={quote(host)}" if host.startswith("/") else ""
    kept = ("PATH", "HOME", "LANG", "PYTHONPATH", "VIRTUAL_ENV")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "SECRET_KEY": read.secret_key,
        "INTERLOCK_ROLE": "engine",
        "DATABASE_URL_ENGINE": f"postgresql://{name}:{password}@{where}/{settings['NAME']}{query}",
        "BROKER_URL": broker_url,
        "CHANNEL_URL": valkey.channel_url,
        "LOG_LEVEL": "WARNING",
    }


def _is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
