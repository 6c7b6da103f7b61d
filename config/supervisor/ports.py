"""Whether a port is free, and who has it when it is not."""

from __future__ import annotations

import socket
from pathlib import Path

from config.console import Trouble


def require_free(port: int, variable: str) -> None:
    """Make sure that we can listen on a port of the loopback address.

    Raises:
        Trouble: somebody else does, named where the system lets us see who.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"Port {port} cannot be used: {_reason(port, error)}.",
                f"Stop what uses it, or choose another: make up {variable}={port + 100}",
            ) from error


def _reason(port: int, error: OSError) -> str:
    holder = _holder(port)
    return f"{holder} listens on it" if holder else (error.strerror or "it is taken").lower()


def _holder(port: int) -> str:
    inodes = set(_listening_inodes(port))
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            links = {str(link.readlink()) for link in (folder / "fd").iterdir()}
            if links & inodes:
                return f"{(folder / 'comm').read_text().strip()} (process {folder.name})"
        except OSError:
            continue
    return ""


def _listening_inodes(port: int) -> list[str]:
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
                found.append(f"socket:[{columns[9]}]")
    return found
