"""Two worker hosts, one of them cut off in the middle of its work, and then the other."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction

from config.supervisor import places
from engine.leases import LEASE
from engine.models.instances import Instance
from engine.models.pulses import Pulse
from engine.models.queue import Kind, QueueEntry
from engine.queries import clock, journals
from governance.models.connections import Connection, EgressDestination
from tests.support.crew import Crew, Place, a_crew, until
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, call, timer
from tests.support.network import HUB_ADDRESS, Network, a_network, missing
from tests.support.office import an_office

pytestmark = [
    pytest.mark.faults,
    pytest.mark.proof,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(missing()), reason=missing() or "namespaces can be made"),
]

RUNS = 30
MORE = 6
AT_ONCE = 3
"""Processes of a worker."""
_DESK, _DATABASE, _BROKER = 8401, 5432, 6379
_SLOW = 4.0
"""Seconds that the first calls take: so long they are in the middle of their work."""
_ASK = """
import sys, urllib.request
body = sys.argv[2].encode() if sys.argv[2:] else None
request = urllib.request.Request(sys.argv[1], body, {"Content-Type": "application/json"})
sys.stdout.buffer.write(urllib.request.urlopen(request).read())
"""


@dataclass
class Site:
    """The crew spread over hosts `one` and `two`; servers and service desk stand at the hub."""

    crew: Crew
    network: Network

    def open(self) -> None:
        """Bring the servers to the hub."""
        hub = Place(self.network.hub.inside)
        folder = Path(connection.settings_dict["HOST"])
        broker = places.choose(self.crew.folder).valkey_socket
        doors = (f"{_DATABASE}={folder / '.s.PGSQL.5432'}", f"{_BROKER}={broker}")
        self.crew.hire("gate", "-m", "tests.support.gate", HUB_ADDRESS, *doors, at=hub)
        data = self.crew.folder / "desk"
        data.mkdir()
        at = ("--host", HUB_ADDRESS, "--port", str(_DESK), "--data", str(data))
        self.crew.hire("desk", "-m", "demo.itsm", *at, at=hub)
        self.crew.hire_sweeper()

    def man(self, name: str) -> None:
        """Start a worker on a host."""
        self.crew.hire_worker(name, Place(self.network.hosts[name].inside, self._environ()))

    def ask(self, path: str, **body: Any) -> Any:
        """Ask the service desk, from where it stands."""
        said = [f"http://{HUB_ADDRESS}:{_DESK}{path}", *([json.dumps(body)] if body else [])]
        command = [*self.network.hub.inside, sys.executable, "-c", _ASK, *said]
        return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)  # noqa: S603

    def heard(self, name: str) -> bool:
        """Tell whether a host's worker has been heard of within the last seconds."""
        pid = self.crew.running[name].pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        lately = clock.engine_now() - LEASE
        heard = Pulse.objects.filter(seen_at__gt=lately).values_list("worker", flat=True)
        return any(worker.rpartition("/")[0].rpartition(":")[2] in children for worker in heard)

    def _environ(self) -> dict[str, str]:
        """Return where a host finds database and broker: all that it is told beside its secrets."""
        engine = urlsplit(self.crew.environ["DATABASE_URL_ENGINE"])
        who = engine.netloc.rpartition("@")[0]
        there = (engine.scheme, f"{who}@{HUB_ADDRESS}:{_DATABASE}", engine.path, "", "")
        return {
            "DATABASE_URL_ENGINE": urlunsplit(there),
            "BROKER_URL": f"redis://{HUB_ADDRESS}:{_BROKER}/0",
            "CHANNEL_URL": f"redis://{HUB_ADDRESS}:{_BROKER}/1",
        }


@pytest.fixture
def floor() -> Iterator[Floor]:
    if not str(connection.settings_dict["HOST"]).startswith("/"):
        pytest.skip("the database of this run has no Unix socket to bring into a namespace")
    with an_office().open() as office:
        yield a_floor(office)


@pytest.fixture
def site(floor: Floor) -> Iterator[Site]:
    unit = floor.office.unit
    url = f"http://{HUB_ADDRESS}:{_DESK}"
    Connection.objects.create(unit=unit, key="itsm", name="Service desk", base_url=url)
    EgressDestination.objects.create(unit=unit, host=HUB_ADDRESS, port=_DESK, reason="A test's.")
    with a_network("one", "two") as network, a_crew() as crew:
        site = Site(crew, network)
        site.open()
        yield site


def wait_for(site: Site, count: int) -> None:
    try:
        until(lambda: Instance.objects.filter(state="COMPLETED").count() >= count, "runs end")
    except TimeoutError as error:
        raise AssertionError(f"{error}\n{site.crew.words()}") from error


def at_work() -> int:
    """Return how many jobs are in a worker's hands."""
    return QueueEntry.objects.filter(kind=Kind.JOB, lease_until__gt=clock.engine_now()).count()


def test_a_host_that_is_cut_off_loses_nothing_and_doubles_nothing(floor: Floor, site: Site) -> None:
    chat = '=connection.itsm + "/api/chat/changes"'
    tell = call("tell", url=chat, body='={text: "Done"}')
    floor.deploy(line(call("open"), timer(duration="PT1S"), tell))
    site.man("one")
    until(lambda: site.heard("one"), "the first host is at work")
    site.ask("/control/faults", mode="delay", seconds=_SLOW, times=6)
    for _ in range(RUNS):
        floor.start()

    until(lambda: at_work() >= AT_ONCE, "the first host is in the middle of calls")
    site.network.cut("one")
    began = time.monotonic()
    site.man("two")
    wait_for(site, RUNS)
    time.sleep(max(0.0, LEASE.total_seconds() + _SLOW - (time.monotonic() - began)))

    site.network.mend("one")
    until(lambda: site.heard("one"), "the host is heard of again")
    site.network.cut("two")
    for _ in range(MORE):
        floor.start()
    wait_for(site, RUNS + MORE)

    effects = site.ask("/api/effects")
    assert effects["calls"] > effects["keys"], "what the lost host was at was asked for again"
    assert effects["keys"] == effects["effects"] == 2 * (RUNS + MORE)
    assert not QueueEntry.objects.exists()
    assert list(journals.faults(floor.office.unit.pk)) == []
    with transaction.atomic():
        for run in Instance.objects.all():
            assert list(journals.differences(run.pk)) == []
