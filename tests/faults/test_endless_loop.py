"""A run that goes round and round for ever is stopped, and keeps nobody else waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.queue import QueueEntry
from engine.queries import journals
from tests.support.crew import Crew, a_crew, until
from tests.support.drawings import line
from tests.support.floor import Floor, timer

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

LOOP = (
    '<startEvent id="start"/><exclusiveGateway id="again" default="on"/>'
    '<exclusiveGateway id="merge"/><scriptTask id="count"><extensionElements>'
    '<zeebe:script expression="=if n = null then 1 else n + 1" resultVariable="n"/>'
    '</extensionElements></scriptTask><endEvent id="end"/>'
    '<sequenceFlow id="a" sourceRef="start" targetRef="merge"/>'
    '<sequenceFlow id="b" sourceRef="merge" targetRef="count"/>'
    '<sequenceFlow id="c" sourceRef="count" targetRef="again"/>'
    '<sequenceFlow id="on" sourceRef="again" targetRef="merge"/>'
    '<sequenceFlow id="out" sourceRef="again" targetRef="end">'
    "<conditionExpression>n &lt; 0</conditionExpression></sequenceFlow>"
)


#: The product's own limit takes a worker a minute and a half; 4 transactions show the same.
LIMIT = 40_000


@pytest.fixture
def crew(floor: Floor) -> Iterator[Crew]:
    with a_crew() as crew:
        crew.environ = {**crew.environ, "RUN_TRANSITIONS": str(LIMIT)}
        yield crew


def state(run: Instance) -> str:
    run.refresh_from_db()
    return run.state


def test_an_endless_loop_becomes_an_incident_and_blocks_nobody(floor: Floor, crew: Crew) -> None:
    floor.deploy(LOOP)
    endless = floor.start()
    floor.deploy(line(timer(duration="PT0S")))
    others = [floor.start() for _ in range(20)]
    crew.hire_sweeper()
    crew.hire_worker()

    until(lambda: all(state(run) == "COMPLETED" for run in others), "the others have ended")
    until(lambda: state(endless) == "FAILED", "the loop was stopped")

    [incident] = Incident.objects.filter(instance=endless)
    assert incident.code == "engine.run_runaway"
    assert incident.cause.startswith(f"The run took {LIMIT} steps")
    assert not QueueEntry.objects.exists()
    assert list(journals.faults(floor.office.unit.pk)) == []
    with transaction.atomic():
        assert list(journals.differences(endless.pk)) == []

    late = floor.start()
    until(lambda: state(late) == "COMPLETED", "another run ends after that")
