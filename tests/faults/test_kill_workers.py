"""Workers die, the broker forgets everything, and every run ends with each effect once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction

from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.queue import QueueEntry
from engine.queries import journals
from governance.models.connections import Connection, EgressDestination
from tests.support.crew import Crew, a_crew, until
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, call, timer
from tests.support.office import an_office

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

RUNS = 200
KILLS = 3


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


@pytest.fixture
def crew(floor: Floor) -> Iterator[Crew]:
    with a_crew() as crew:
        unit = floor.office.unit
        Connection.objects.create(unit=unit, key="itsm", name="Service desk", base_url=crew.itsm)
        EgressDestination.objects.create(
            unit=unit, host="127.0.0.1", port=crew.itsm_port, reason="The stand-in."
        )
        yield crew


def ended() -> int:
    return Instance.objects.filter(state="COMPLETED").count()


def wait_for(crew: Crew, count: int) -> None:
    try:
        until(lambda: ended() >= count, f"{count} runs have ended")
    except TimeoutError as error:
        states = Counter(Instance.objects.values_list("state", flat=True))
        causes = Counter(Job.objects.values_list("cause", flat=True))
        raise AssertionError(f"{error}: {states} {causes}\n{crew.words()}") from error


def test_every_run_ends_and_each_effect_is_there_once(floor: Floor, crew: Crew) -> None:
    chat = '=connection.itsm + "/api/chat/changes"'
    tell = call("tell", url=chat, body='={text: "Done"}')
    floor.deploy(line(call("open"), timer(duration="PT1S"), tell))
    crew.hire_sweeper()
    crew.hire_worker()
    for _ in range(RUNS):
        floor.start()

    for kill in range(KILLS):
        wait_for(crew, RUNS * kill // (KILLS + 1))
        crew.kill("worker")
        if kill == 1:
            crew.flush()
        crew.hire_worker()
    wait_for(crew, RUNS)

    effects = crew.effects()
    assert effects["keys"] == effects["effects"] == 2 * RUNS
    assert not QueueEntry.objects.exists()
    assert list(journals.faults(floor.office.unit.pk)) == []
    with transaction.atomic():
        for run in Instance.objects.all():
            assert list(journals.differences(run.pk)) == []
