"""The supervisor with real processes: what they are told, what a kill leaves, what it says."""

from __future__ import annotations

import os
import pwd
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import health

ROOT = Path(__file__).resolve().parents[3]
_PATIENCE = 90
#: What this test run was told about servers must not reach an installation of its own.
_OURS = ("DATABASE_URL", "BROKER_URL", "CHANNEL_URL", "SECRET_KEY", "INTERLOCK_ROLE", "DATA_DIR")


class Installation:
    """One installation in a folder of its own, driven as `make` drives it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = _free_port()
        self.said = data.with_name("said.txt")
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "config.supervisor", *arguments],
            cwd=ROOT,
            env={**self._environment(), **more},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def up(self) -> None:
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.supervisor", "up"],
                cwd=ROOT,
                env=self._environment(),
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _PATIENCE
        while "Ctrl-C stops" not in self.said.read_text():
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < deadline, self.said.read_text()
            time.sleep(0.1)

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(_PATIENCE)

    def forget(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end()
        self.command("reset", YES="1")

    def processes(self) -> dict[int, dict[str, str]]:
        """Return the environment of every process of this installation."""
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                pairs = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            environment = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
            if environment.get("INTERLOCK_SUPERVISED") == str(self.data):
                found[int(folder.name)] = environment
        return found

    def is_there(self) -> bool:
        return health.web(f"http://127.0.0.1:{self.port}/health/ready")

    def _environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        ours = {"DATA_DIR": str(self.data), "PORT": str(self.port), "DEMO": "no"}
        return {**kept, **ours, "ITSM_PORT": str(_free_port()), "ALLOWED_HOSTS": "127.0.0.1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "var")
    yield made
    made.forget()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("lasting") / "var")
    yield made
    made.forget()


@pytest.fixture
def running(lasting: Installation) -> Installation:
    """Return an installation that is up, whatever the test before did to it."""
    if lasting.process is None or lasting.process.poll() is not None:
        lasting.up()
    return lasting


def test_each_process_is_told_what_it_needs_and_none_the_owners_sign_in(
    running: Installation,
) -> None:
    by_role: dict[str, set[str]] = {}
    for environment in running.processes().values():
        addresses = sorted(key for key in environment if key.startswith("DATABASE_URL"))
        by_role.setdefault(environment.get("INTERLOCK_ROLE", "none"), set()).update(addresses)

    assert by_role["app"] == {"DATABASE_URL_APP"}
    assert by_role["engine"] == {"DATABASE_URL_ENGINE"}
    assert by_role["audit"] == {"DATABASE_URL_AUDIT"}
    assert "owner" not in by_role


def test_what_is_secret_is_for_the_owner_alone(running: Installation) -> None:
    private = [running.data / "secrets", *(running.data / "secrets").iterdir()]
    database = running.data / "servers" / "postgres"

    assert {path.stat().st_mode & 0o077 for path in [*private, database]} == {0}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as somebody else")
def test_root_starts_postgresql_as_an_id_no_account_has(running: Installation) -> None:
    owner = (running.data / "servers" / "postgres").stat().st_uid

    assert owner != 0
    assert owner not in {account.pw_uid for account in pwd.getpwall()}


def test_a_second_start_is_told_about_the_first(running: Installation) -> None:
    second = running.command("up")

    assert second.returncode == 1
    assert f"already running here (process {running.process.pid})" in second.stdout  # type: ignore[union-attr]
    assert "make stop" in second.stdout
    assert running.is_there()


def test_a_process_that_dies_is_started_again(running: Installation) -> None:
    first = _only(running, "interlock-web")
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not running.is_there():
        assert time.monotonic() < deadline
        time.sleep(0.1)

    assert _only(running, "interlock-web") != first
    assert "ended (killed by SIGKILL, see web.log); starting again" in running.said.read_text()


def test_ctrl_c_stops_everything_in_order_and_the_next_start_keeps_the_data(
    running: Installation,
) -> None:
    secret = (running.data / "secrets" / "secret-key").read_text()
    status = running.end(signal.SIGINT)
    said = running.said.read_text()
    stopped = re.findall(r"^  (\S.*?)  +stopped", said, re.MULTILINE)

    assert status == 0
    assert stopped[0] == "Web"
    assert stopped[-2:] == ["Valkey", "PostgreSQL"]
    assert running.processes() == {}

    running.up()
    assert "up to date" in running.said.read_text()
    assert (running.data / "secrets" / "secret-key").read_text() == secret


def test_children_that_outlive_a_killed_supervisor_are_stopped_by_the_next(
    running: Installation,
) -> None:
    web = _only(running, "interlock-web")
    os.kill(web, signal.SIGSTOP)
    running.end(signal.SIGKILL)

    running.up()

    assert "Left behind" in running.said.read_text()
    assert not Path(f"/proc/{web}").exists()


def test_lost_secrets_are_named_with_the_way_out(running: Installation) -> None:
    running.end()
    password = running.data / "secrets" / "postgres-superuser"
    kept = password.read_text()
    password.write_text("another")

    refused = running.command("up")

    password.write_text(kept)
    assert refused.returncode == 1
    assert "made with secrets other than" in refused.stdout
    assert "make reset" in refused.stdout


def test_stop_from_another_window_waits_until_all_is_down(running: Installation) -> None:
    assert "stopped" in running.command("stop").stdout
    assert running.processes() == {}


def test_a_port_in_use_is_named_with_who_has_it_and_the_way_out(
    installation: Installation,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", installation.port))
        taken.listen()
        refused = installation.command("up")

    assert refused.returncode == 1
    assert f"Port {installation.port} cannot be used" in refused.stdout
    assert f"(process {os.getpid()})" in refused.stdout
    assert "make up PORT=" in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr


def test_data_of_another_postgresql_is_left_alone_and_named(installation: Installation) -> None:
    foreign = installation.data / "servers" / "postgres"
    foreign.mkdir(parents=True)
    (foreign / "PG_VERSION").write_text("16\n")

    refused = installation.command("up")

    assert refused.returncode == 1
    assert "holds data of PostgreSQL 16; this Interlock brings 18" in refused.stdout
    assert (foreign / "PG_VERSION").read_text() == "16\n"


def test_reset_asks_first_and_forgets_nothing_without_a_yes(installation: Installation) -> None:
    (installation.data / "servers").mkdir(parents=True)

    refused = installation.command("reset")

    assert refused.returncode == 1
    assert "make reset YES=1" in refused.stdout
    assert (installation.data / "servers").exists()


def test_a_folder_that_is_not_ours_is_a_line_and_not_a_trace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    refused = Installation(tmp_path / "file" / "var").command("up")

    assert refused.returncode == 1
    assert "DATA_DIR=" in refused.stdout
    assert "Traceback" not in refused.stderr


def _only(installation: Installation, name: str) -> int:
    named = [
        process
        for process, environment in installation.processes().items()
        if environment.get("PGAPPNAME") == name
    ]
    assert len(named) == 1, named
    return named[0]
