"""A system that does not answer has half of a worker's calls at most; the others go on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from engine.models.instances import Instance
from engine.models.queue import JOB_QUEUES
from engine.workers import jobs as worker
from governance.models.connections import EgressDestination
from governance.models.limits import UnitLimits
from tests.support import bad_services as bad
from tests.support.bad_services import BadService, a_bad_service
from tests.support.crew import until
from tests.support.desk import Desk, a_desk
from tests.support.drawings import line
from tests.support.floor import Floor, call

pytestmark = pytest.mark.django_db(transaction=True)

MANY, QUICK = worker.CALLS + 4, 5


@pytest.fixture
def desk() -> Iterator[Desk]:
    with a_desk() as desk:
        yield desk


def start(floor: Floor, port: int, runs: int) -> list[Instance]:
    unit = floor.office.unit
    EgressDestination.objects.create(unit=unit, host="127.0.0.1", port=port, reason="A test's.")
    floor.deploy(line(call(url=f"http://127.0.0.1:{port}/api/tickets")))
    return [floor.start() for _ in range(runs)]


def all_done(runs: list[Instance]) -> bool:
    found = Instance.objects.filter(pk__in=[run.pk for run in runs], state="COMPLETED")
    return found.count() == len(runs)


class Slow:
    """A system that answers nobody until it is told to go on."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()

    def __call__(self, client: socket.socket, over: threading.Event) -> None:
        self.goes_on.wait(25)
        bad.answering("200 OK")(client, over)


def watched(slow: Slow, system: BadService, desk: Desk) -> Callable[[], list[int]]:
    """Watch until the quick system has been called; return what tells how many are at the slow."""
    asked: list[int] = []

    def watch() -> None:
        try:
            until(lambda: len(desk.asked) == QUICK, "the quick ones are done", 20)
            until(lambda: system.asked >= worker.SHARE, "the slow one has its share", 20)
            time.sleep(0.3)  # for more to come, if they may
            asked.append(system.asked)
        finally:
            slow.goes_on.set()

    watcher = threading.Thread(target=watch)
    watcher.start()

    def told() -> list[int]:
        watcher.join()
        return asked

    return told


def test_a_slow_system_never_has_all_calls_of_a_worker(floor: Floor, desk: Desk) -> None:
    UnitLimits.objects.create(unit=floor.office.unit, jobs_per_target=1_000)
    slow = Slow()
    with a_bad_service(slow) as system:
        runs = start(floor, system.port, MANY) + start(floor, desk.port, QUICK)
        asked = watched(slow, system, desk)
        while worker.drain(JOB_QUEUES):
            continue

        assert asked() == [worker.SHARE]
    assert worker.SHARE * 2 == worker.CALLS
    assert all_done(runs)
    assert system.asked == MANY, "and then the slow ones are done too, each once"
