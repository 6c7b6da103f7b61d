"""One supervisor at a time, and what a killed one left behind.

A lock that the kernel frees with its holder says whether a supervisor runs. Processes are known by
the mark in their environment, PostgreSQL by the folder it works in; a recorded process id is never
trusted, since by now it may be anybody's.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.console import Trouble
from config.supervisor.places import Places
from config.supervisor.processes import MARK


@contextmanager
def only_one(places: Places) -> Iterator[None]:
    """Hold the lock of this installation.

    Raises:
        Trouble: another supervisor holds it.
    """
    with _lock_file(places).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(
                f"Interlock is already running here (process {_holder(places)}).",
                "Use it, or stop it with Ctrl-C in its window or with `make stop`.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def running(places: Places) -> int | None:
    """Return the process id of the supervisor that runs, 0 before it has said so, or None."""
    try:
        with _lock_file(places).open("r", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(places)
    except FileNotFoundError:
        return None
    return None


def stop_leftovers(places: Places, patience: float = 8.0) -> int:
    """Stop what a supervisor that was killed left running; return how many processes it was."""
    found = _ours(places)
    _signal(found, polite=True)
    deadline = time.monotonic() + patience
    while (left := _ours(places)) and time.monotonic() < deadline:
        time.sleep(0.05)
    _signal(left, polite=False)
    while _ours(places) and time.monotonic() < deadline + patience:
        time.sleep(0.05)
    return len(found)


def _ours(places: Places) -> dict[int, bool]:
    """Return our processes by id, and whether each is PostgreSQL's."""
    data = places.servers / "postgres"
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            if (folder / "cwd").readlink() == data:
                found[int(folder.name)] = True
            elif f"{MARK}={places.data}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found[int(folder.name)] = False
        except OSError:
            # Gone meanwhile, or somebody else's.
            continue
    return found


def _signal(found: dict[int, bool], *, polite: bool) -> None:
    for process, is_postgres in found.items():
        # PostgreSQL's own children take SIGTERM and SIGINT from nobody but their parent well; all
        # of them understand SIGQUIT: stop at once, the journal repairs the rest.
        hard = signal.SIGQUIT if is_postgres else signal.SIGKILL
        soft = signal.SIGINT if is_postgres else signal.SIGTERM
        try:
            os.kill(process, soft if polite else hard)
        except ProcessLookupError:
            continue


def _holder(places: Places) -> int:
    try:
        return int(_lock_file(places).read_text(encoding="ascii") or 0)
    except ValueError:
        return 0


def _lock_file(places: Places) -> Path:
    return places.data / "supervisor.pid"
