"""Forgets the data of an installation: the database, the secrets, the stand-in's tickets."""

from __future__ import annotations

import shutil
import sys

from config.console import Console, Trouble
from config.supervisor import leftovers
from config.supervisor.installation import Installation

#: What we ever put into the data folder, so that a DATA_DIR somebody shares loses nothing else.
_OURS = {
    "secrets",
    "itsm",
    "static",
    "checkpoints",
    "keys",
    "demo-sign-ins.txt",
}


def reset(installation: Installation, console: Console) -> None:
    """Ask, then forget everything.

    Raises:
        Trouble: Interlock runs, its data is on a real server, or nobody said yes.
    """
    places = installation.places
    if installation.postgres is None:
        raise Trouble(
            "The data is on the server that DATABASE_URL names, and is not ours to remove.",
            "Drop and create that database yourself.",
        )
    if leftovers.running(places) is not None:
        raise Trouble("Interlock is running here.", "Stop it first: make stop")
    leftovers.stop_leftovers(places)
    _ask(installation)
    with console.step("Data", "forgetting") as step:
        places.forget_servers()
        for entry in places.data.iterdir():
            if entry.name not in _OURS:
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        step.done("forgotten; `make up` begins anew")


def _ask(installation: Installation) -> None:
    if installation.shell.get("YES") == "1":
        return
    question = f"Forget every process, run and audit row in {installation.places.data}? [y/N] "
    if not sys.stdin.isatty():
        raise Trouble("Nobody is there to be asked.", "To forget the data anyway: make reset YES=1")
    sys.stdout.write(question)
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise Trouble("Nothing was forgotten.", "The data is as it was.")
