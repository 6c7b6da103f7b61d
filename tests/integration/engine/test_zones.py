"""Jobs wait by kind and trust zone, and a worker begins none of a zone that it does not serve."""

from __future__ import annotations

import pytest

from engine.connectors import registry
from engine.connectors.base import Call, Done, Outcome
from engine.models.instances import Instance
from engine.models.queue import CONNECTOR, INTERNAL, JOB_QUEUES, SCRIPT, QueueEntry
from engine.workers import jobs
from tests.support.drawings import line
from tests.support.floor import Floor, call

pytestmark = pytest.mark.django_db

INSIDE = '="http://10.1.2.3:8080/tickets"'
OUTSIDE = '="https://api.example.org/tickets"'
SCRIPT_TASK = (
    '<scriptTask id="s" scriptFormat="starlark"><extensionElements>'
    '<zeebe:ioMapping><zeebe:output source="=result" target="r"/></zeebe:ioMapping>'
    "</extensionElements><script>1 + 1</script></scriptTask>"
)


class Answering:
    """Answers at once, and notes whom it was asked to call."""

    job_type = "http:1"
    required_inputs: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.asked: list[str] = []

    def run(self, call: Call) -> Outcome:
        self.asked.append(str(call.inputs["url"]))
        return Done({"response": {"status": 200}})


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Answering:
    answering = Answering()
    monkeypatch.setitem(registry.CONNECTORS, "http:1", answering)
    return answering


def queue_of(run: Instance) -> str:
    return QueueEntry.objects.get(instance_id=run.pk).queue


@pytest.mark.parametrize(
    ("body", "queue"),
    [(call(url=INSIDE), INTERNAL), (call(url=OUTSIDE), CONNECTOR), (SCRIPT_TASK, SCRIPT)],
)
def test_a_job_waits_where_its_workers_look(body: str, queue: str, floor: Floor) -> None:
    floor.deploy(line(body))

    assert queue_of(floor.start()) == queue


def test_a_worker_leaves_other_zones_alone(floor: Floor, outside: Answering) -> None:
    floor.deploy(line(call(url=INSIDE)))
    run = floor.start()

    assert jobs.drain([CONNECTOR, SCRIPT]) == 0
    assert outside.asked == []
    assert jobs.drain([INTERNAL]) == 1
    run.refresh_from_db()
    assert run.state == "COMPLETED"


@pytest.mark.parametrize(("url", "wrong"), [(INSIDE, CONNECTOR), (OUTSIDE, INTERNAL)])
def test_a_job_in_the_wrong_queue_is_not_begun_but_moved(
    url: str, wrong: str, floor: Floor, outside: Answering
) -> None:
    """As an earlier release queued it, or before it was known what it calls."""
    floor.deploy(line(call(url=url)))
    run = floor.start()
    right = queue_of(run)
    QueueEntry.objects.update(queue=wrong)

    jobs.drain([wrong])

    assert outside.asked == []
    assert queue_of(run) == right
    assert QueueEntry.objects.get().lease_until is None
    jobs.drain([right])
    assert len(outside.asked) == 1


def test_a_worker_of_all_queues_begins_it_wherever_it_waits(
    floor: Floor, outside: Answering
) -> None:
    floor.deploy(line(call(url=INSIDE)))
    floor.start()
    QueueEntry.objects.update(queue=CONNECTOR)

    jobs.drain(JOB_QUEUES)

    assert len(outside.asked) == 1


def test_a_worker_that_goes_on_with_a_run_stops_where_its_zone_ends(
    floor: Floor, outside: Answering
) -> None:
    floor.deploy(line(call("first", url=OUTSIDE), call("second", url=INSIDE)))
    run = floor.start()

    jobs.drain([CONNECTOR])

    assert len(outside.asked) == 1
    assert queue_of(run) == INTERNAL
