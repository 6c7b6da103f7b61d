"""On what figures were taken: when, by which version, on which machine, under which load."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from common import clock
from config import env

_SETTINGS = ("server_version", "synchronous_commit", "fsync", "shared_buffers")
_WRITES = 20
_PAGE = b"x" * 8192


def head() -> dict[str, Any]:
    """Return date, commit, machine and load, with which every file of figures begins."""
    return {
        "date": clock.now().isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": {"processors": os.cpu_count(), "architecture": platform.machine()},
        "load": [round(figure, 2) for figure in os.getloadavg()],
    }


def about(url: str, folder: Path) -> dict[str, Any]:
    """Return versions, what the database was told of durability, and how long a write takes.

    `fsync_ms` is the median of writing a page to a file in `folder`, and on to the disk.
    """
    with psycopg.connect(url) as connection:
        told = {name: _setting(connection, name) for name in _SETTINGS}
    return {
        "interlock": env.version(),
        "python": platform.python_version(),
        "postgresql": told.pop("server_version"),
        **told,
        "fsync_ms": round(_fsync_ms(folder), 3),
    }


def _setting(connection: psycopg.Connection[tuple[Any, ...]], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _fsync_ms(folder: Path) -> float:
    spent = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_WRITES):
            began = time.perf_counter()
            file.write(_PAGE)
            file.flush()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - began)
    return 1000 * statistics.median(spent)


def _commit() -> str:
    """Return the commit of a checkout, with a plus where files differ from it; else nothing."""
    try:
        changed = _git("status", "--porcelain", "--", ".", ":!docs/proof")
        return _git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*arguments: str) -> str:
    asked = subprocess.run(
        ["git", *arguments],  # noqa: S607  (whichever git made the checkout)
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()
