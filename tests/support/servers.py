"""The servers of a test run: the product's own embedded PostgreSQL and Valkey, in a folder apart.

One pair for the whole run, however many workers share it, started by the process that runs pytest
and stopped at its end. Nobody waits for them who tests pure code only.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from config.supervisor import places
from config.supervisor.postgres import Postgres
from config.supervisor.processes import Process, last_words, start
from config.supervisor.valkey import Valkey

_PATIENCE = 30.0


class Servers:
    """The pair, and the folder that goes with it."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o755)  # Fails where somebody was here before us: never share a folder.
        self.home = home
        self._running: list[Process] = []

    def start(self, owner_url: str) -> None:
        """Start both and let the owner of that address sign in."""
        chosen = places.choose(self.home)
        postgres = Postgres(chosen, durable=False)
        valkey = Valkey(chosen)
        postgres.prepare()
        self._running = [start(valkey.program(self.home)), start(postgres.program(self.home))]
        self._await(valkey.is_ready, self._running[0])
        self._await(postgres.is_ready, self._running[1])
        parts = urlsplit(owner_url)
        owner, password = unquote(parts.username or ""), unquote(parts.password or "")
        postgres.provide(parts.path.lstrip("/"), owner, password)

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


def wanted() -> Path | None:
    """Return the folder that the settings chose, or None where the shell names real servers."""
    home = os.environ.get("INTERLOCK_TEST_SERVERS")
    return Path(home) if home else None
