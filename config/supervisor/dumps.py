"""A database to a file and back, with PostgreSQL's own programs, signed in as the owner.

Row-level security holds for the owner, too: to dump every row it puts every business unit in scope,
under the very snapshot that is dumped. A restored table gets its walls after its rows.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import sql

from config.console import Trouble
from config.supervisor import postgres

_FACTS = """
SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000,
    (SELECT coalesce(string_agg(id::text, ','), '') FROM governance_unit),
    (SELECT json_agg(json_build_array(app, name) ORDER BY id) FROM django_migrations)::text
"""
_OTHERS = """
SELECT application_name FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND application_name LIKE 'interlock-%' LIMIT 1
"""
_TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


@dataclass(frozen=True)
class Snapshot:
    """A moment of the database that a dump can be taken of."""

    id: str
    postgres: int
    units: str
    migrations: list[list[str]]


@contextmanager
def snapshot(database_url: str) -> Iterator[Snapshot]:
    """Hold a moment of the database for the block.

    Raises:
        Trouble: the database does not answer, or was never migrated.
    """
    try:
        with psycopg.connect(database_url, connect_timeout=5) as database:
            database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            row: Any = database.execute(_FACTS).fetchone()
            yield Snapshot(row[0], row[1], row[2], json.loads(row[3] or "[]"))
    except psycopg.errors.UndefinedTable:
        raise Trouble("The database holds no Interlock.", "There is nothing to back up.") from None
    except psycopg.OperationalError as error:
        raise _silent(error) from error


def dump(database_url: str, moment: Snapshot, file: Path) -> None:
    """Write every row of a moment.

    Raises:
        Trouble: pg_dump ended with an error.
    """
    told = {"PGOPTIONS": f"-c interlock.units={moment.units}"}
    options = ("--format=custom", "--no-owner", "--enable-row-security")
    _run("pg_dump", database_url, told, *options, f"--snapshot={moment.id}", f"--file={file}")


def load(database_url: str, file: Path) -> None:
    """Restore a dump into an empty database: all of it, or nothing.

    Raises:
        Trouble: pg_restore ended with an error.
    """
    options = ("--no-owner", "--single-transaction", "--exit-on-error")
    _run("pg_restore", database_url, {}, *options, str(file))


def require_empty(database_url: str) -> None:
    """Make sure that nothing is there to be lost, and nobody at work.

    Raises:
        Trouble: somebody is, or something is.
    """
    try:
        with psycopg.connect(database_url, connect_timeout=5) as database:
            busy = database.execute(_OTHERS).fetchone()
            tables: Any = database.execute(_TABLES).fetchone()
    except psycopg.OperationalError as error:
        raise _silent(error) from error
    if busy:
        raise Trouble(
            f"Interlock runs on this database ({busy[0]}).", "Stop every part of it, then restore."
        )
    if tables[0]:
        raise Trouble(
            "The database is not empty, and a restore never writes over anything.",
            "Rename it and create an empty one of its name, owned by the same role.",
        )


def make_roles(database_url: str, roles: Mapping[str, str]) -> None:
    """Make the sign-ins that the dump gives rights to, by name and password, where missing."""
    with psycopg.connect(database_url, connect_timeout=5) as database:
        for name, password in roles.items():
            known = database.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            if not known.fetchone():
                database.execute(
                    sql.SQL(
                        "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
                        " PASSWORD {}"
                    ).format(sql.Identifier(name), sql.Literal(password))
                )


def _run(program: str, database_url: str, told: Mapping[str, str], *options: str) -> None:
    told = {**_environment(database_url), **told}
    done = subprocess.run(
        [_tool(program), f"--dbname={told['PGDATABASE']}", *options],
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error" in line] or [done.stderr]
        raise Trouble(f"{program} failed: {said[0].strip()[:300]}", "Nothing was changed.")


def _tool(name: str) -> str:
    """Return the program of the embedded server, or else the system's."""
    own = postgres.tool(name)
    found = str(own) if own is not None else shutil.which(name)
    if found is None:
        raise Trouble(f"{name} is not installed.", "Run `make setup`, or install PostgreSQL's own.")
    return found


def _environment(database_url: str) -> dict[str, str]:
    """Return the address for PostgreSQL's programs; a password on a command line is seen by all."""
    parts = urlsplit(database_url)
    query = dict(parse_qsl(parts.query))
    given = {
        "PGHOST": query.pop("host", parts.hostname or ""),
        "PGPORT": query.pop("port", str(parts.port or "")),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGSSLMODE": query.pop("sslmode", ""),
        "PATH": os.defpath,
        "LC_ALL": "C",
    }
    return {name: value for name, value in given.items() if value}


def _silent(error: Exception) -> Trouble:
    said = str(error).strip().splitlines()[0]
    return Trouble(f"The database does not answer: {said}", "Start it, or correct DATABASE_URL.")
