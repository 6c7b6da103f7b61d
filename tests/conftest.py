"""What every test with a database shares."""

from __future__ import annotations

import os
from typing import Any

import pytest
from xdist.remote import Producer

from config.supervisor.throwaway import Servers
from tests.support import servers
from tests.support.scheduling import WholeFolders

_SERVERS = pytest.StashKey[Servers]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's servers, in the process that leads it, unless the shell named some."""
    home = servers.wanted()
    if home is None or hasattr(config, "workerinput") or _is_pure(config):
        return
    config.stash[_SERVERS] = pair = Servers(home)
    pair.start(os.environ["DATABASE_URL"])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop them again."""
    if _SERVERS in config.stash:
        config.stash[_SERVERS].stop()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> WholeFolders:
    """Keep together what shares one installation; in the order in which it was collected."""
    config.option.loadscopereorder = False
    return WholeFolders(config, log)


def _is_pure(config: pytest.Config) -> bool:
    """Tell whether only tests were asked for that know no database, or none are to be run."""
    folders = ("tests/unit", "tests/architecture", "tests/properties", "tests/conformance")
    asked = [argument.split("::")[0].removeprefix("./") for argument in config.args]
    return config.option.collectonly or all(name.startswith(folders) for name in asked)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let the end of a test empty the frozen tables, which nothing else ever may.

    Rows stay frozen: their own trigger against change and deletion is left as it is.
    """
    from django.db import connection  # noqa: PLC0415  (pure tests run without Django)

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'never_truncate'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER never_truncate')
