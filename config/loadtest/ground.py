"""Where a load test takes place: databases made for it, a broker of its own, and who is told.

A database and not a schema: advisory locks and notifications are shared by all that is in one
database, and the sweeper of an installation would meet the load test's there.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config import env
from config.console import Trouble
from config.supervisor import places
from config.supervisor.installation import installation
from config.supervisor.processes import Process, start
from config.supervisor.throwaway import borrowed
from config.supervisor.valkey import Valkey

_ROLES = ("owner", "app", "engine", "audit")
#: Databases beside the one of the engine: what is measured without it, and what peers need empty.
LIMIT, PEER = "limit", "peer"
_IS_THERE = "SELECT to_regclass('engine_instance') IS NOT NULL"
#: Seconds. A statement of a worker ends after half of it at the latest.
_PATIENCE, _PAUSE = 60.0, 0.1
# Every unit is looked into: row-level security would hide their runs even from the owner.
_SEE_ALL = """
SELECT set_config('interlock.units', coalesce(string_agg(id::text, ','), ''), false)
FROM governance_unit
"""
_ALIVE = "SELECT count(*) FROM engine_instance WHERE ended_at IS NULL"
_ONE_AT_A_TIME = "SELECT pg_advisory_lock(125535)"
_LEFT_BEHIND = """
SELECT datname FROM pg_database d WHERE datname ~ %s AND pg_catalog.pg_has_role(datdba, 'USAGE')
    AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)
"""


class LiveRuns(Trouble):
    """The database holds runs that have not ended, which a load test would slow down."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} runs are under way in this installation's database.",
            "A load test would slow them down: wait until they have ended, or measure this machine"
            " with --own-servers.",
        )


@dataclass(frozen=True)
class Ground:
    """Where it takes place.

    Attributes:
        environment: what every process of the load test is told.
        where: whose servers these are, in words.
        folder: where logs and sockets lie.
        broker: the Valkey; `broker_url` of `environment` names it.
    """

    environment: Mapping[str, str]
    where: str
    folder: Path
    broker: Broker

    def address(self, database: str = "") -> str:
        """Return the owner's address of the engine's database, or of one beside it."""
        url = self.environment["DATABASE_URL"]
        return _in_database(url, f"{_name(url)}_{database}") if database else url


@dataclass
class Broker:
    """A Valkey of our own, which can be killed and started again."""

    places: places.Places
    running: Process

    def kill(self) -> None:
        """End it at once, and what it holds with it."""
        self.running.kill()

    def start(self) -> None:
        """Start it again, empty."""
        self.running = _valkey(self.places)


@contextmanager
def ground(*, own_servers: bool) -> Iterator[Ground]:
    """Make the databases, tell this process of them, and take them away in the end.

    Raises:
        LiveRuns: runs are under way in the database of this installation.
        Trouble: there is no server, or it does not let its owner make a database.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interlock-load-")))
        folder.chmod(0o755)
        told, where = _servers(stack, own_servers=own_servers)
        given = env.read(told)
        _refuse_live_runs(given.url_for("owner"))
        name = stack.enter_context(_databases(given.url_for("owner")))
        valkey = places.choose(folder)
        broker = Broker(valkey, _valkey(valkey))
        stack.callback(valkey.forget_servers)
        stack.callback(broker.kill)
        environment = _environment(given, name, folder, Valkey(valkey))
        os.environ.update(environment)
        yield Ground(environment, where, folder, broker)


def _servers(stack: ExitStack, *, own_servers: bool) -> tuple[Mapping[str, str], str]:
    """Return the sign-ins of a PostgreSQL, and whose it is."""
    if not own_servers:
        if any(os.environ.get(f"DATABASE_URL{end}") for end in ("", "_APP", "_ENGINE")):
            return os.environ, "the server that DATABASE_URL names"
        here = installation(env.ROOT)
        if os.access(here.places.secrets / "secret-key", os.R_OK):
            return here.environment("loadtest", role="owner"), "this installation's server"
    return stack.enter_context(borrowed(durable=True)), "a server started for it"


def _environment(given: env.Env, name: str, folder: Path, valkey: Valkey) -> dict[str, str]:
    addresses = {
        "DATABASE_URL" if role == "owner" else f"DATABASE_URL_{role.upper()}": _in_database(
            given.url_for(role), name
        )
        for role in _ROLES
    }
    return addresses | {
        # A replica has the installation's data, and none of ours.
        "DATABASE_URL_REPORTS": "",
        "SECRET_KEY": given.secret_key,
        "BROKER_URL": valkey.broker_url,
        "CHANNEL_URL": valkey.channel_url,
        "DATA_DIR": str(folder),
        # The web of a load test is asked on the loopback, without TLS.
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "INTERLOCK_ROLE": "owner",
        "LOG_LEVEL": "ERROR",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _refuse_live_runs(url: str) -> None:
    with _signed_in(url) as connection:
        if connection.execute(_IS_THERE).fetchone() == (True,):
            connection.execute(_SEE_ALL)
            found = connection.execute(_ALIVE).fetchone()
            if found and found[0]:
                raise LiveRuns(int(found[0]))


@contextmanager
def _databases(url: str) -> Iterator[str]:
    """Make the databases, give the name of the engine's, and drop them all.

    Raises:
        Trouble: the owner may not.
    """
    head = f"{_name(url)}_load_"
    name = f"{head}{os.getpid()}"
    names = [name, *(f"{name}_{beside}" for beside in (LIMIT, PEER))]
    with ExitStack() as stack:
        with _signed_in(url) as connection:
            # One after the other: what another has made and is not in yet looks left behind.
            connection.execute(_ONE_AT_A_TIME)
            for (left,) in connection.execute(_LEFT_BEHIND, [f"^{head}\\d+"]).fetchall():
                _drop(connection, left)
            # In the end each is dropped, whatever becomes of the others, or of making them.
            for one in names:
                stack.callback(_dropped, url, one)
            _make(url, names)
            for one in names:
                stack.enter_context(_signed_in(_in_database(url, one)))
        yield name


def _make(url: str, names: list[str]) -> None:
    try:
        with _signed_in(url) as connection:
            for one in names:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(one)))
    except psycopg.errors.InsufficientPrivilege as error:
        owner = urlsplit(url).username
        raise Trouble(
            f"{owner} may not make the databases that a load test needs.",
            f'Let it, with ALTER ROLE "{owner}" CREATEDB, or measure with --own-servers.',
        ) from error


def _dropped(url: str, name: str) -> None:
    with _signed_in(url) as connection:
        _drop(connection, name)


def _drop(connection: psycopg.Connection[tuple[Any, ...]], name: str) -> None:
    """Drop a database, once those whom the owner may not send away have left it.

    A worker that was killed leaves its session behind until its last statement has ended.

    Raises:
        Trouble: somebody stays in it.
    """
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute(statement)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse) as error:
            if time.monotonic() > until:
                raise Trouble(
                    f"Somebody stays in the database {name}, which the load test made.",
                    "Drop it, or begin another load test later: that does.",
                ) from error
            time.sleep(_PAUSE)
        else:
            return


def _signed_in(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Trouble(
            f"The database does not answer: {reason}",
            "Start it with `make up`, or measure with --own-servers.",
        ) from error


def _valkey(chosen: places.Places) -> Process:
    return start(Valkey(chosen).program(chosen.data))


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _in_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
