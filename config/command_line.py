"""Django's command line, with the database sign-in and the environment that each command needs.

A server's processes are told everything by their environment. Whoever types a command in a
checkout gets that checkout's own installation; a command about a file alone needs none at all.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from config.console import Console, Trouble

ROOT = Path(__file__).resolve().parents[1]

#: Everything else runs as the web does. Only what changes the schema is the owner.
_ROLE_OF_COMMAND = {
    "migrate": "owner",
    "makemigrations": "owner",
    "sqlmigrate": "owner",
    "showmigrations": "owner",
    # Played on the real tables it makes a database of its own; in memory it asks none.
    "conformance": "owner",
    "sweep": "engine",
    "seal_audit": "audit",
    "verify_audit": "audit",
    "verify_history": "engine",
    # It may take out rows that no journal knows, which no worker may.
    "rebuild": "owner",
    "compare_checkpoints": "owner",
    "upgrade_check": "owner",
}

#: Commands that ring for workers need the broker; the others need not wait for Celery to load.
_RINGING = {"sweep", "seed_demo"}

#: Commands about the whole installation, which Django is a part of.
_OF_THE_INSTALLATION = {"backup", "restore", "loadtest"}

#: What a shell says of a program whose output nobody reads any more: 128 and SIGPIPE.
_CLOSED_PIPE = 141

#: Commands about files alone: they run where nothing was ever set up to run.
_ABOUT_FILES = {
    "",
    "help",
    "faults",
    "feel",
    "dmn",
    "script",
    "validate",
    "diff",
    "roundtrip",
    "conformance",
}


def run(line: Sequence[str]) -> int:
    """Run the command of a line and return the exit status."""
    command = line[1] if len(line) > 1 else ""
    if isinstance(sys.stdout, TextIOWrapper):
        # What a terminal cannot show, such as half of a character, is escaped.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        if command in _OF_THE_INSTALLATION:
            return _of_the_installation(command, line)
        with _servers(line, os.environ) as found, _unheard():
            os.environ.update(found)
            os.environ.update(environment(command, os.environ))
            _execute(command, line)
    except Trouble as trouble:
        Console().trouble(trouble)
        return 1
    return 0


def _of_the_installation(command: str, line: Sequence[str]) -> int:
    try:
        if command == "loadtest":
            from config.loadtest.__main__ import main as measure  # noqa: PLC0415

            return measure(list(line[2:]))
        from config.supervisor.__main__ import main  # noqa: PLC0415  (servers have none)
    except ModuleNotFoundError as error:
        _become_own_python(line, error)
    return main(list(line[1:]))


@contextmanager
def _unheard() -> Iterator[None]:
    """End quietly once whoever reads our output has seen enough, as `head` has."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # What is still to be written, at the latest by Python's own end, goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_CLOSED_PIPE)


@contextmanager
def _servers(line: Sequence[str], shell: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Give the servers of a command that plays on real tables, unless the shell names some."""
    is_durable = "conformance" in line[1:2] and any("durable" in word for word in line[2:])
    if not is_durable or shell.get("DATABASE_URL"):
        yield {}
        return
    from config.supervisor.throwaway import borrowed  # noqa: PLC0415  (servers have none)

    with borrowed() as found:
        yield found


def environment(command: str, shell: Mapping[str, str], root: Path = ROOT) -> dict[str, str]:
    """Return what the command still needs to be told.

    Raises:
        Trouble: it needs an installation, and there is none.
    """
    role = shell.get("INTERLOCK_ROLE") or _ROLE_OF_COMMAND.get(command, "app")
    settings = shell.get("DJANGO_SETTINGS_MODULE") or "config.settings.dev"
    chosen = {"INTERLOCK_ROLE": role, "DJANGO_SETTINGS_MODULE": settings}
    if shell.get("SECRET_KEY") or settings == "config.settings.test":
        return chosen
    if _is_installed(root, shell):
        return {**_of_installation(root, shell, role), **chosen}
    if command in _ABOUT_FILES:
        # Never kept and never used: no such command signs anything or asks a database.
        nobody = "postgresql://nobody@127.0.0.1/nothing"
        return {**chosen, "SECRET_KEY": secrets.token_urlsafe(48), "DATABASE_URL": nobody}
    raise Trouble(f"`{command}` needs an installation, and there is none here.", "Run `make up`.")


def _is_installed(root: Path, shell: Mapping[str, str]) -> bool:
    data = Path(shell.get("DATA_DIR") or root / "var")
    return os.access(data / "secrets" / "secret-key", os.R_OK)


def _of_installation(root: Path, shell: Mapping[str, str], role: str) -> dict[str, str]:
    from config.supervisor.installation import installation  # noqa: PLC0415  (servers have none)

    return installation(root, shell).environment("manage", role=role)


def _execute(command: str, line: Sequence[str]) -> None:
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415
        from django.db import OperationalError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        _become_own_python(line, error)
    if command in _RINGING:
        import config.celery  # noqa: PLC0415, F401
    try:
        execute_from_command_line(list(line))
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Trouble(
            f"The database does not answer: {reason}", "Start it with `make up`."
        ) from error


def _become_own_python(line: Sequence[str], error: ModuleNotFoundError) -> NoReturn:
    """Begin this very command anew, by the Python of this checkout.

    Raises:
        Trouble: there is none, or it is that one which lacks something.
    """
    own = ROOT / ".venv" / "bin" / "python"
    if own.exists() and own.parent != Path(sys.executable).parent:
        os.execv(own, [str(own), *line])  # noqa: S606  (ours)
    raise Trouble(
        f"This Python ({sys.executable}) has not what Interlock needs.",
        "Run `make setup`, then try again.",
    ) from error
