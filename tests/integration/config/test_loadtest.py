"""`manage.py loadtest`: it measures and checks, refuses where work is under way, leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import psycopg
import pytest
from django.db import connection

from config.loadtest import __main__ as program
from config.loadtest.ground import LiveRuns, ground
from tests.support.drawings import line
from tests.support.floor import a_floor, user_task
from tests.support.office import an_office

ROOT = Path(__file__).resolve().parents[3]
_COMMAND = [sys.executable, str(ROOT / "manage.py"), "loadtest"]
#: All but the broker: what happens without one, the fault tests see to.
_SCENARIOS = ("jobs", "user task", "web", "loop", "people", "past", "timers", "ended runs")
_ONLY = [word for title in _SCENARIOS for word in ("--only", title)]
_ROWS = {
    *("advances", "workflows", "steps", "completion_p50", "completion_p99", "web"),
    *("loop", "several", "resume", "rows_read", "timers", "list", "report"),
}


_PATIENCE = 120.0


@pytest.fixture
def nothing_left(db: None) -> Iterator[None]:
    yield
    # Another test's may be there for as long as that runs.
    until = time.monotonic() + _PATIENCE
    while (left := _load_databases()) and time.monotonic() < until:
        time.sleep(0.5)
    assert left == []


def _load_databases() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%\\_load\\_%'")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.usefixtures("nothing_left")
def test_every_row_is_measured_and_what_was_done_is_checked(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"

    done = subprocess.run(  # noqa: S603  (ours)
        [*_COMMAND, "--profile", "smoke", "--json", str(target), *_ONLY],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    figures = json.loads(target.read_text(encoding="utf-8"))
    rows = figures["figures"]["rows"]
    assert set(rows) == _ROWS
    assert {name for name, row in rows.items() if "not_measured" in row} == {"workflows", "steps"}
    measured = [row for row in rows.values() if "not_measured" not in row]
    assert all(len(row["limits"]) >= 2 and row["ratio"] > 0 for row in measured)
    assert all(bool(row.get("profile")) is not row["reaches_goal"] for row in measured)
    what = figures["figures"]["what"]
    assert {"postgresql", "synchronous_commit", "fsync", "fsync_ms", "server"} <= set(what)
    assert {"date", "commit", "machine", "load"} <= set(figures)
    assert done.stdout.count("│") == len(measured)
    picture = ET.fromstring(target.with_suffix(".svg").read_text(encoding="utf-8"))  # noqa: S314
    assert sum(one.get("class") == "rail" for one in picture.iter()) == len(measured)


@pytest.mark.usefixtures("nothing_left")
def test_whoever_stops_it_finds_nothing_of_it_left(tmp_path: Path) -> None:
    command = [*_COMMAND, "--profile", "smoke", "--json", str(tmp_path / "figures.json")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603
        assert running.stderr is not None
        assert "Load test on the server that DATABASE_URL names" in running.stderr.readline()
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()

    assert running.returncode == 130
    assert "Stopped." in said
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("nothing_left")
def test_a_session_that_a_worker_leaves_behind_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))

    with ground(own_servers=False) as where:
        # The owner may not end the sessions of another role.
        left_behind = psycopg.connect(where.environment["DATABASE_URL_ENGINE"])
        threading.Timer(0.5, left_behind.close).start()


@pytest.mark.django_db(transaction=True)
def test_it_refuses_where_runs_are_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    office = an_office()
    with office.open():
        floor = a_floor(office)
        floor.deploy(line(user_task()))
        floor.start()
    monkeypatch.setitem(os.environ, "DATABASE_URL", _address())

    with pytest.raises(LiveRuns, match="1 runs are under way"), ground(own_servers=False):
        pass


def test_a_profile_that_is_not_there_is_told_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        program.main(["--profile", "nothing"])

    assert ended.value.code == 2
    assert "choose from" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "status"), [("", 0), ("raise SystemExit(3)", 3)])
def test_a_part_of_the_product_is_measured_in_a_process_of_its_own(
    text: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tests" / "proof"
    folder.mkdir(parents=True)
    (folder / "mine.py").write_text(text)
    monkeypatch.setattr(program, "_PARTS", folder)
    monkeypatch.chdir(tmp_path)

    assert program.main(["--profile", "mine"]) == status


def _address() -> str:
    """Return the address of the database of this test."""
    told = connection.settings_dict
    user, password = quote(told["USER"]), quote(told["PASSWORD"])
    query = urlencode({"host": told["HOST"]})
    return f"postgresql://{user}:{password}@/{told['NAME']}?{query}"
