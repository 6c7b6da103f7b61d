"""RabbitMQ as the broker, by its address alone: it dies, a worker dies, and every run ends once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import transaction

from config import health
from engine.models.instances import Instance
from engine.models.pulses import Pulse
from engine.models.queue import QueueEntry
from engine.queries import clock, journals
from engine.workers import pulses
from governance.models.connections import Connection, EgressDestination
from tests.support.crew import Crew, a_crew, until
from tests.support.drawings import line
from tests.support.floor import Floor, call, timer
from tests.support.rabbitmq import RabbitMQ, a_rabbitmq, missing

pytestmark = [
    pytest.mark.faults,
    pytest.mark.proof,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(missing()), reason=missing() or "RabbitMQ is here"),
]

RUNS = 20


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[RabbitMQ]:
    with a_rabbitmq(tmp_path) as rabbit:
        until(lambda: rabbit.is_ready, "RabbitMQ answers")
        yield rabbit


@pytest.fixture
def crew(floor: Floor, rabbit: RabbitMQ) -> Iterator[Crew]:
    with a_crew(rabbit.url) as crew:
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
        raise AssertionError(f"{error}\n{crew.words()}") from error


def is_heard(since: datetime) -> bool:
    """Tell whether messages have gone through the broker to every queue since then."""
    heard = Pulse.objects.filter(seen_at__gt=since).values_list("queue", flat=True)
    return set(heard) == {"engine", *pulses.IN_TURN}


def nothing_is_lost_or_doubled(floor: Floor, crew: Crew) -> None:
    effects = crew.effects()
    assert effects["keys"] == effects["effects"] == 2 * RUNS
    assert not QueueEntry.objects.exists()
    assert list(journals.faults(floor.office.unit.pk)) == []
    with transaction.atomic():
        for run in Instance.objects.all():
            assert list(journals.differences(run.pk)) == []


def test_every_run_ends_once_whatever_becomes_of_rabbitmq(
    floor: Floor, crew: Crew, rabbit: RabbitMQ
) -> None:
    chat = '=connection.itsm + "/api/chat/changes"'
    tell = call("tell", url=chat, body='={text: "Done"}')
    floor.deploy(line(call("open"), timer(duration="PT1S"), tell))
    crew.hire_sweeper()
    crew.hire_worker()
    began = clock.engine_now()
    until(lambda: is_heard(began), "pulses come through RabbitMQ")
    assert health.worker(rabbit.url, "worker@fault")
    for _ in range(RUNS):
        floor.start()

    wait_for(crew, RUNS // 4)
    crew.kill("worker")
    crew.hire_worker()
    wait_for(crew, RUNS // 2)
    rabbit.kill()
    assert not health.worker(rabbit.url, "worker@fault")
    wait_for(crew, RUNS)

    nothing_is_lost_or_doubled(floor, crew)
    again = clock.engine_now()
    rabbit.start()
    until(lambda: is_heard(again), "the same worker hears pulses again")
    floor.start()
    wait_for(crew, RUNS + 1)
