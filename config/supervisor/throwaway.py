"""A pair of servers for a while: the embedded PostgreSQL and Valkey, in a folder of their own.

For a run of the tests, and for a command that plays on real tables without touching anybody's.
"""

from __future__ import annotations

import secrets
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from config.supervisor import places
from config.supervisor.postgres import Postgres
from config.supervisor.processes import Process, last_words, start
from config.supervisor.valkey import Valkey

_PATIENCE = 30.0


class Servers:
    """The pair, and the folder that goes with it. `durable`: what was committed is on the disk."""

    def __init__(self, home: Path, *, survives: bool = False, durable: bool = False) -> None:
        home.mkdir(mode=0o755)  # Fails where somebody was here before us: never share a folder.
        self.home = home
        self._survives = survives
        self._durable = durable
        self._running: list[Process] = []

    def start(self, owner_url: str) -> None:
        """Start both and let the owner of that address sign in."""
        chosen = places.choose(self.home)
        postgres = Postgres(chosen, durable=self._durable, survives=self._survives)
        valkey = Valkey(chosen)
        postgres.prepare()
        self._running = [start(valkey.program(self.home)), start(postgres.program(self.home))]
        self._await(valkey.is_ready, self._running[0])
        self._await(postgres.is_ready, self._running[1])
        parts = urlsplit(owner_url)
        owner, password = unquote(parts.username or ""), unquote(parts.password or "")
        postgres.provide(parts.path.lstrip("/"), owner, password)

    def stop_database_at_once(self) -> None:
        """Stop PostgreSQL as a crash would (`pg_ctl stop -m immediate`)."""
        self._running[1].popen.send_signal(signal.SIGQUIT)
        self._running[1].popen.wait()

    @property
    def has_database(self) -> bool:
        """Return whether PostgreSQL is running."""
        return self._running[1].is_alive

    def start_database(self) -> None:
        """Start PostgreSQL again; what was committed is there, where the pair survives."""
        chosen = places.choose(self.home)
        postgres = Postgres(chosen, durable=self._durable, survives=self._survives)
        self._running[1] = start(postgres.program(self.home))
        self._await(postgres.is_ready, self._running[1])

    def environment(self) -> dict[str, str]:
        """Return what a process needs to be told to find them; the secrets are fresh ones."""
        run = self.home / "servers" / "run"
        owner = f"interlock_owner:{secrets.token_urlsafe(24)}"
        return {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATABASE_URL": f"postgresql://{owner}@/interlock?host={run}/postgres",
            "BROKER_URL": f"redis+socket://{run}/valkey.sock?virtual_host=0",
            "CHANNEL_URL": f"unix://{run}/valkey.sock?db=1",
            "DATA_DIR": str(self.home),
        }

    def stop(self) -> None:
        """Stop both and forget what they held."""
        for process in reversed(self._running):
            process.stop()
        places.choose(self.home).forget_servers()
        shutil.rmtree(self.home, ignore_errors=True)

    def _await(self, ready: Callable[[], bool], process: Process) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            if not process.is_alive or time.monotonic() > deadline:
                raise RuntimeError(f"{process.program.name}: {last_words(process.program.log)}")
            time.sleep(0.02)


@contextmanager
def borrowed(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """Start a pair in a temporary folder, and give the environment in which it is found."""
    with tempfile.TemporaryDirectory(prefix="interlock-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL runs as a user of its own when we are root; it must reach its files.
        Path(folder).chmod(0o755)
        servers = Servers(Path(folder) / "home", durable=durable)
        told = servers.environment()
        try:
            servers.start(told["DATABASE_URL"])
            yield told
        finally:
            servers.stop()
