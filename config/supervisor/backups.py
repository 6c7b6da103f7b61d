"""`make backup` and `make restore`: the database to a file and back, embedded or not.

A restore never writes over anything: embedded data is moved aside first, and comes back when
something fails; a server of one's own must have an empty database. What the restored database has
lost is told by the signed checkpoints, which are not taken back.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import env
from config.console import Console, Trouble
from config.supervisor import archives, dumps, leftovers, migrations
from config.supervisor.installation import DATABASE, OWNER, Installation
from config.supervisor.postgres import MAJOR
from config.supervisor.processes import last_words, start

_PATIENCE = 60.0
_ROLES = ("app", "engine", "audit")


def back_up(here: Installation, console: Console, file: Path | None = None) -> Path:
    """Write a backup of everything but the secrets, which lie apart (SECRETS=yes adds them).

    Raises:
        Trouble: the database does not answer, or the file cannot be written.
    """
    at = datetime.now(UTC)  # noqa: TID251  (the name of a file; the supervisor has no other clock)
    file = file or Path.cwd()
    if file.is_dir():
        file = file / f"interlock-{at:%Y%m%d-%H%M%S}.backup"
    if file.exists():
        raise Trouble(f"{file} is there already.", "Name another file with FILE=.")
    with server(here, console), console.step("Backup", "writing") as step:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".interlock-") as folder:
            members = _checkpoints(here)
            if here.shell.get("SECRETS") == "yes":
                members |= _files(here.places.secrets, archives.SECRETS)
            with dumps.snapshot(_owner(here)) as moment:
                members[archives.DUMP] = Path(folder) / archives.DUMP
                dumps.dump(_owner(here), moment, members[archives.DUMP])
            archives.pack(file, members, _facts(here, moment, at))
        step.done(f"{file} ({file.stat().st_size / 1e6:,.1f} MB)")
    return file


def restore(here: Installation, console: Console, file: Path) -> None:
    """Put a backup in the place of what is there, and hold the runs that it takes back.

    Raises:
        Trouble: Interlock runs, the file is damaged or of a release that is not known here, or
            the database is not empty; whatever was there is as it was.
    """
    manifest = archives.read_manifest(file)
    _refuse_unknown(here, manifest)
    if leftovers.running(here.places) is not None:
        raise Trouble("Interlock is running here.", "Stop it first: make stop")
    with leftovers.only_one(here.places), tempfile.TemporaryDirectory() as folder:
        archives.unpack(file, manifest, Path(folder))
        with _emptied(here, console), server(here, console, locked=True):
            dumps.require_empty(_owner(here))
            with console.step("Database", "restoring") as step:
                roles = {name: here.settings.role_password(name) for name in _role_names(here)}
                dumps.make_roles(_owner(here), roles)
                dumps.load(_owner(here), Path(folder) / archives.DUMP)
                step.done(f"as of {manifest['at']}")
            _bring_checkpoints(here, console, Path(folder) / archives.CHECKPOINTS)
            _manage(here, console, "Schema", "migrate", "--no-color", "--verbosity=0")
            migrations.mend_sign_ins(here.settings)
            _manage(here, console, "Checkpoints", "compare_checkpoints")


# What is in the file


def _facts(here: Installation, moment: dumps.Snapshot, at: datetime) -> dict[str, Any]:
    return {
        "product": env.version(),
        "at": at.isoformat(timespec="seconds"),
        "postgres": moment.postgres,
        "migrations": moment.migrations,
        "roles": list(_role_names(here)),
        "units": len(moment.units.split(",")) if moment.units else 0,
    }


def _checkpoints(here: Installation) -> dict[str, Path]:
    """Return the checkpoints: what they say of the chains tells how far the backup goes."""
    return _files(here.places.data / "checkpoints", archives.CHECKPOINTS)


def _files(folder: Path, name: str) -> dict[str, Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return {f"{name}/{path.name}": path for path in found if path.is_file()}


def _role_names(here: Installation) -> tuple[str, ...]:
    return tuple(here.settings.role_name(role) for role in _ROLES)


def _refuse_unknown(here: Installation, manifest: Mapping[str, Any]) -> None:
    """Refuse what this release cannot go on with.

    Raises:
        Trouble: a later release or PostgreSQL wrote it, or for sign-ins of other names.
    """
    ours, theirs = env.version(), str(manifest["product"])
    if ours.partition(".")[0] != theirs.partition(".")[0]:
        raise Trouble(
            f"The backup is of Interlock {theirs}, another major version than {ours}.",
            f"Restore it with a checkout of {theirs}, then upgrade that.",
        )
    unknown = [
        f"{app}.{name}"
        for app, name in manifest["migrations"]
        if (here.root / app).is_dir()
        and not (here.root / app / "migrations" / f"{name}.py").exists()
    ]
    if unknown:
        raise Trouble(
            f"The backup's schema is newer: {unknown[-1]} is not known here.",
            f"Restore it with Interlock {theirs}, or a later release.",
        )
    if here.postgres is not None and int(manifest["postgres"]) > int(MAJOR):
        raise Trouble(
            f"The backup is of PostgreSQL {manifest['postgres']}; this Interlock brings {MAJOR}.",
            "Restore it into a server of that version, named with DATABASE_URL.",
        )
    if list(_role_names(here)) != manifest["roles"]:
        raise Trouble(
            f"The backup gives rights to {', '.join(manifest['roles'])}, which are not the "
            "sign-ins of this installation.",
            "Give the database the name it had, or name the sign-ins with DATABASE_URL_APP, "
            "_ENGINE and _AUDIT.",
        )


# Where it goes


def _owner(here: Installation) -> str:
    """Return the owner's address.

    Raises:
        Trouble: only sign-ins of others are known.
    """
    if not here.settings.database_url:
        raise Trouble(
            "The owner's address is not known here.", "Give it with DATABASE_URL, for this command."
        )
    return here.settings.database_url


@contextmanager
def server(here: Installation, console: Console, *, locked: bool = False) -> Iterator[None]:
    """Have the embedded server run for the block, where there is one and it does not run yet."""
    postgres = here.postgres
    if postgres is None or (not locked and leftovers.running(here.places) is not None):
        yield
        return
    if not locked:
        with leftovers.only_one(here.places), server(here, console, locked=True):
            yield
        return
    leftovers.stop_leftovers(here.places)
    with console.step("PostgreSQL", "starting") as step:
        step.done(postgres.prepare())
    process = start(postgres.program(here.root))
    try:
        deadline = time.monotonic() + _PATIENCE
        while not postgres.is_ready():
            if not process.is_alive or time.monotonic() > deadline:
                said = last_words(process.program.log)
                raise Trouble(f"PostgreSQL did not start: {said}", f"See {process.program.log}.")
            time.sleep(0.02)
        postgres.provide(DATABASE, OWNER, here.owner_password)
        yield
    finally:
        process.stop()


@contextmanager
def _emptied(here: Installation, console: Console) -> Iterator[None]:
    """Move embedded data aside for the block; whatever fails in it brings that back."""
    postgres = here.postgres
    if postgres is None:
        yield
        return
    leftovers.stop_leftovers(here.places)
    name = datetime.now(UTC).strftime("postgres.before-%Y%m%d-%H%M%S")  # noqa: TID251  (a name)
    aside = postgres.put_aside(name)
    try:
        yield
    except BaseException:
        postgres.put_back(aside)
        raise
    if aside is not None:
        console.line("Kept", f"what was there is in {aside}")


def _bring_checkpoints(here: Installation, console: Console, folder: Path) -> None:
    """Take the backup's checkpoints where none are left; those that are there know more."""
    ours = here.places.data / "checkpoints"
    if ours.exists() and any(ours.iterdir()):
        return
    if folder.is_dir():
        shutil.copytree(folder, ours, dirs_exist_ok=True)
    console.line("Checkpoints", "none are here: nothing can tell what the backup has lost")


def _manage(here: Installation, console: Console, title: str, *command: str) -> None:
    """Run one of Django's commands as the owner, and say what it said.

    Raises:
        Trouble: it failed.
    """
    done = subprocess.run(
        here.manage(*command),
        cwd=here.root,
        env=here.environment(command[0], role="owner"),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise Trouble(
            f"{command[0]} failed: {said[-1] if said else ''}",
            "What was there is as it was."
            if here.postgres is not None
            else "Drop the restored database and create an empty one before you try again.",
        )
    lines = done.stdout.strip().splitlines()
    console.line(title, "up to date" if not lines else "compared with what is outside")
    for line in lines:
        console.say(f"    {line}")
