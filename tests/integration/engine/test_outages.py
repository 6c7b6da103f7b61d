"""A database that has no room is an outage: whoever meets it waits, and nobody is blamed."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError, connection
from django.test import Client

from common import tenancy
from common.context import automation
from engine import runtime
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.queue import JOB_QUEUES
from engine.runtime import Ask
from engine.semantics.commands import Pause
from engine.workers import jobs as worker
from tests.support.drawings import line
from tests.support.floor import Floor, call, user_task
from tests.support.outages import full_disk

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = automation("worker")


def states() -> set[str]:
    return set(Instance.objects.values_list("state", flat=True))


def test_a_batch_that_meets_a_full_disk_is_not_halved(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    asks = [Ask(floor.start().pk, Pause("Freeze"), WORKER) for _ in range(8)]

    with full_disk("engine_instance") as refusals:
        with pytest.raises(OperationalError):
            runtime.advance(asks)
        assert refusals() == 1

    assert states() == {"WAITING"}
    assert all(outcome.refusal is None for outcome in runtime.advance(asks))


def test_a_result_waits_for_room(floor: Floor) -> None:
    floor.deploy(line(call(url="http://127.0.0.1:1/nobody")))
    run = floor.start()
    done = threading.Event()

    def work() -> None:
        with tenancy.units_in_scope([floor.office.unit.pk]):
            worker.drain(JOB_QUEUES)
        done.set()
        connection.close()

    with full_disk("engine_instance") as refusals:
        thread = threading.Thread(target=work)
        thread.start()
        while refusals() <= worker._TRIES and thread.is_alive():
            time.sleep(0.05)
    thread.join(20)

    # The call failed, for good or for now; that was handed in once, by who had made it.
    job = Job.objects.get(instance=run)
    assert done.is_set()
    assert (job.starts, job.attempts + job.stalls) == (0, 1)


def test_a_request_that_meets_a_full_disk_may_be_repeated(client: Client, floor: Floor) -> None:
    floor.deploy(line(user_task()))
    client.force_login(floor.office.people["Ben Carter"].accounts.get())

    def ask() -> tuple[int, str, str]:
        answer = client.post(
            "/api/v1/runs",
            data={"process": floor.process.key},
            content_type="application/json",
            headers={"Idempotency-Key": "once"},
        )
        return answer.status_code, answer.json().get("code", ""), answer.get("Retry-After", "")

    with full_disk("engine_instance"):
        assert ask() == (503, "common.database_away", "5")
    assert ask()[0] == 201
    assert ask()[0] == 201

    assert Instance.objects.count() == 1


def test_a_page_says_that_the_database_is_away(client: Client, floor: Floor) -> None:
    floor.deploy(line(user_task()))
    client.force_login(floor.office.people["Ben Carter"].accounts.get())

    with full_disk("engine_instance"):
        answer = client.post(f"/runs/start/{floor.process.key}", data={"title": "Try"})

    assert answer.status_code == 503
    assert "The database cannot do this just now" in answer.content.decode()
