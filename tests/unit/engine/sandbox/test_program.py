"""The program of the sandbox reaches nothing, and ends in time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engine.sandbox import runner
from tests.unit.engine.sandbox.models import MODEL, a_scenario, request

ROOT = Path(__file__).parents[4]

#: Plays a request as the program does, with a model that has reached our own code's rights.
_TRAITOR = """
import socket, sys
from engine.sandbox import program, trial

def betray(*_):
    found = {}
    for name, reach in (
        ("socket", lambda: socket.socket()),
        ("address", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), 1)),
        ("name", lambda: socket.getaddrinfo("localhost", 80)),
        ("pair", lambda: socket.socketpair()),
        ("file", lambda: open("/etc/hostname")),
        ("write", lambda: open("/tmp/betrayed", "w")),
    ):
        try:
            reach()
            found[name] = "reached"
        except OSError as error:
            found[name] = type(error).__name__
    return found

trial.play = betray
program.main()
"""


def test_reports_come_back_in_order() -> None:
    first, second = runner.play(request(a_scenario(), a_scenario(steps=[])))

    assert (first["state"], second["state"]) == ("completed", "waiting")


def test_code_that_wants_out_finds_no_door() -> None:
    done = subprocess.run(  # noqa: S603  (ours)
        [sys.executable, "-P", "-c", _TRAITOR, "5", str(1024**3), "9"],
        input=json.dumps(request(a_scenario())).encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )

    [found] = json.loads(done.stdout)["reports"]
    assert set(found.values()) == {"OSError"}


def test_no_connector_and_no_database_is_loaded() -> None:
    told = (
        "import sys, engine.sandbox.program\n"
        "print([name for name in sys.modules if name.startswith("
        "('django', 'httpx', 'httpcore', 'psycopg', 'smtplib', 'celery',"
        " 'engine.connectors', 'engine.models', 'engine.scripts'))])"
    )
    done = subprocess.run(  # noqa: S603  (ours)
        [sys.executable, "-P", "-c", told],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )

    assert done.stdout.decode().strip() == "[]"


def test_a_loop_without_end_is_ended() -> None:
    loop = MODEL.replace('targetRef="gate"/>', 'targetRef="ticket"/>', 1)

    [report] = runner.play(request(a_scenario(steps=[]), model=loop))

    assert report["refused"] is not None or report["incidents"]


def test_what_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_SECONDS", 0.05)

    with pytest.raises(runner.SandboxEnded):
        runner.play(request(a_scenario()))


def test_a_file_that_cannot_be_read_is_refused_in_words() -> None:
    with pytest.raises(runner.ScenarioRefused):
        runner.play(request(a_scenario(), model="<no"))
    with pytest.raises(runner.ScenarioRefused):
        runner.play(request({"at": "soon"}))
