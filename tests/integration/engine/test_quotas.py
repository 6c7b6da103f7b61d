"""A unit starts as many runs as its limits allow, exactly, and what comes in has a size."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from common import tenancy
from common.context import automation
from engine.actions import drains, instances, messages
from engine.errors import PayloadTooLarge, TooManyRuns, TooManyStarts
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.timers import StartTimer
from governance.models.limits import UnitLimits
from tests.integration.engine.test_timers import later
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, call, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db

EVERY_HOUR = (
    '<startEvent id="start"><timerEventDefinition><timeCycle>R/PT1H</timeCycle>'
    "</timerEventDefinition></startEvent>"
)
ROUND = (
    '<startEvent id="start"/><exclusiveGateway id="again"/><intermediateThrowEvent id="step"/>'
    '<sequenceFlow id="a" sourceRef="start" targetRef="again"/>'
    '<sequenceFlow id="b" sourceRef="again" targetRef="step"/>'
    '<sequenceFlow id="c" sourceRef="step" targetRef="again"/>'
)


@pytest.fixture
def limits(floor: Floor) -> UnitLimits:
    return UnitLimits.objects.create(unit=floor.office.unit)


def limit(limits: UnitLimits, **wanted: int) -> None:
    for name, value in wanted.items():
        setattr(limits, name, value)
    limits.save()


def test_a_unit_starts_so_many_runs_in_any_minute(floor: Floor, limits: UnitLimits) -> None:
    limit(limits, starts_per_minute=2)
    floor.deploy(line(user_task()))
    floor.start()
    floor.start()

    with pytest.raises(TooManyStarts) as refused:
        floor.start()

    assert 1 <= refused.value.context["retry_after"] <= 60
    later(timedelta(seconds=61))
    floor.start()


def test_a_unit_has_so_many_runs_alive(floor: Floor, limits: UnitLimits) -> None:
    limit(limits, runs_alive=1)
    floor.deploy(line(user_task()))
    run = floor.start()
    with pytest.raises(TooManyRuns):
        floor.start()

    instances.cancel_instance(actor=floor.ben, instance_id=run.pk, reason="Enough")

    floor.start()


def test_a_request_that_is_repeated_is_answered_beyond_the_limit_too(
    floor: Floor, limits: UnitLimits
) -> None:
    limit(limits, runs_alive=1)
    floor.deploy(line(user_task()))
    run = floor.start(idempotency_key="k")

    assert floor.start(idempotency_key="k").pk == run.pk


def test_the_api_says_when_to_come_again(client: Client, floor: Floor, limits: UnitLimits) -> None:
    limit(limits, starts_per_minute=1)
    floor.deploy(line(user_task()))
    floor.start()
    client.force_login(floor.office.people["Ben Carter"].accounts.get())

    answer = client.post(
        "/api/v1/runs",
        data={"process": floor.process.key},
        content_type="application/json",
        headers={"Idempotency-Key": "once"},
    )

    assert answer.status_code == 429
    assert answer.json()["code"] == "engine.too_many_starts"
    assert int(answer["Retry-After"]) == answer.json()["retry_after"]


def test_a_start_that_time_asks_for_waits_for_room(floor: Floor, limits: UnitLimits) -> None:
    limit(limits, runs_alive=1)
    floor.deploy(line(user_task()).replace('<startEvent id="start"/>', EVERY_HOUR))
    later(timedelta(hours=1, minutes=1))
    drains.drain(actor=automation("sweeper"))
    first = Instance.objects.get()
    later(timedelta(hours=2, minutes=2))
    drains.drain(actor=automation("sweeper"))
    assert Instance.objects.count() == 1
    assert StartTimer.objects.exists()

    instances.cancel_instance(actor=floor.ben, instance_id=first.pk, reason="Enough")
    later(timedelta(hours=2, minutes=3))
    drains.drain(actor=automation("sweeper"))

    assert Instance.objects.count() == 2


def test_what_comes_in_has_a_size(floor: Floor, limits: UnitLimits) -> None:
    limit(limits, payload_bytes=100)
    floor.deploy(line(user_task()))

    with pytest.raises(PayloadTooLarge):
        messages.publish_message(
            actor=floor.ben,
            process_id=floor.process.pk,
            name="asked",
            correlation_key=None,
            variables={"text": "x" * 100},
        )


def test_a_run_that_goes_round_is_stopped_where_its_unit_says(
    floor: Floor, limits: UnitLimits
) -> None:
    limit(limits, transitions=50)
    floor.deploy(ROUND)

    floor.start()
    drains.drain(actor=automation("worker"))

    assert "50" in Incident.objects.get().cause
    assert Instance.objects.get().transitions <= 51


@pytest.mark.django_db(transaction=True)
def test_starts_at_once_are_as_many_as_may_be() -> None:
    quota, asked, hands = 20, 200, 12
    with an_office().open() as office:
        UnitLimits.objects.create(unit=office.unit, runs_alive=quota)
        floor = a_floor(office)
        floor.deploy(line(user_task()))

        def start(_number: int) -> bool:
            with tenancy.units_in_scope([office.unit.pk]):
                try:
                    floor.start()
                except TooManyRuns:
                    return False
                finally:
                    connections.close_all()
            return True

        with ThreadPoolExecutor(hands) as pool:
            begun = sum(pool.map(start, range(asked)))

        assert begun == Instance.objects.count() == quota


@pytest.mark.parametrize(
    ("more", "attempts"), [("", 2), ('<interlock:retry cap="PT1M"/>', 3), ("retries", 4)]
)
def test_a_step_that_says_nothing_of_retries_gets_what_the_unit_set(
    more: str, attempts: int, limits: UnitLimits, floor: Floor
) -> None:
    limit(limits, retry_attempts=2)
    body = call(more="" if more == "retries" else more)
    if more == "retries":
        body = body.replace('type="http:1"', 'type="http:1" retries="4"')
    floor.deploy(line(body))

    floor.start()

    assert Job.objects.get().max_attempts == attempts


def test_a_unit_that_set_nothing_gets_what_the_installation_says(
    floor: Floor, settings: Any
) -> None:
    settings.RETRY_ATTEMPTS = 7
    floor.deploy(line(call()))

    floor.start()

    assert Job.objects.get().max_attempts == 7
