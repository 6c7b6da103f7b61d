"""Whether a process does its work, seen from outside: for the supervisor and for containers.

`python -m config.health web http://127.0.0.1:8400/health/ready`
`python -m config.health worker engine`
`python -m config.health session sweeper`
"""

from __future__ import annotations

import http.client
import os
import socket
import sys
from urllib.parse import urlsplit

import psycopg

from config import env


def web(url: str) -> bool:
    """Return whether the address answers 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker(broker_url: str, node: str) -> bool:
    """Return whether the worker of that name answers a ping through the broker."""
    # Celery is slow to import and only workers' checks need it.
    from celery import Celery  # noqa: PLC0415
    from kombu.exceptions import OperationalError  # noqa: PLC0415

    with Celery(broker=broker_url, set_as_current=False) as app:
        try:
            return bool(app.control.ping(destination=[node], timeout=1.0, limit=1))
        except (OSError, OperationalError):
            return False


def session(database_url: str, name: str) -> bool:
    """Return whether a process of that name holds a session with the database."""
    asked = "SELECT 1 FROM pg_stat_activity WHERE usename = current_user AND application_name = %s"
    try:
        with psycopg.connect(
            database_url, connect_timeout=2, application_name="health"
        ) as database:
            return database.execute(asked, [name]).fetchone() is not None
    except psycopg.Error:
        return False


def host() -> str:
    """Return this machine's name, as workers put it behind theirs."""
    return socket.gethostname()


def main(arguments: list[str]) -> int:
    """Check what the arguments name, with this process's own sign-ins; 0 says well."""
    match arguments:
        case ["web", url]:
            well = web(url)
        case ["worker", name]:
            well = worker(env.read().broker_url, f"{name}@{host()}")
        case ["session", name]:
            settings = env.read()
            well = session(settings.url_for(settings.interlock_role), f"interlock-{name}")
        case _:
            sys.stderr.write((__doc__ or "") + "\n")
            return 2
    return 0 if well else 1


if __name__ == "__main__":
    os.environ.setdefault("INTERLOCK_ROLE", "app")
    sys.exit(main(sys.argv[1:]))
