"""Doorbells may be doubled, lost or late: the queue decides, and workers look for themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from common import tenancy
from common.ids import new_id
from engine import leases
from engine.announce import Bell
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.pulses import Pulse
from engine.models.queue import JOB_QUEUES
from engine.queries import journals
from engine.workers import drains, jobs, polling, pulses
from engine.workers.sweeper import PAUSE, UNHEARD, Sweeper
from governance.models.connections import Connection, EgressDestination
from tests.integration.engine.test_timers import later
from tests.support.desk import Desk, a_desk
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, call, timer, user_task
from tests.support.office import an_office
from tests.support.queues import fill
from tests.support.sign_ins import signed_in_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(floor: Floor) -> Iterator[Desk]:
    with a_desk() as desk:
        unit = floor.office.unit
        Connection.objects.create(unit=unit, key="itsm", name="Desk", base_url=desk.url)
        EgressDestination.objects.create(
            unit=unit, host="127.0.0.1", port=desk.port, reason="A test's."
        )
        yield desk


def state(run: Instance) -> str:
    run.refresh_from_db()
    return run.state


def test_a_doorbell_that_rings_twice_does_the_work_once(floor: Floor, desk: Desk) -> None:
    floor.deploy(line(call()))
    run = floor.start()
    job = str(Job.objects.get().pk)

    jobs.run_job(job)
    jobs.run_job(job)
    jobs.run_job(str(new_id()))

    assert len(desk.asked) == 1
    assert state(run) == "COMPLETED"


def test_a_doorbell_for_a_shard_without_work_does_nothing(floor: Floor) -> None:
    for shard in range(16):
        drains.drain(shard)


def test_a_worker_finds_what_it_was_not_told(floor: Floor, desk: Desk) -> None:
    floor.deploy(line(call(), timer(duration="PT0S")))
    run = floor.start()
    assert polling.look(["engine", *JOB_QUEUES]) == 0, "what has just become due is left to bells"

    for turn in range(1, 4):
        later(turn * timedelta(seconds=5))
        polling.look(["engine", *JOB_QUEUES])

    assert state(run) == "COMPLETED"


def test_a_worker_looks_into_its_own_queues_only(floor: Floor, desk: Desk) -> None:
    floor.deploy(line(call()))
    floor.start()
    later(timedelta(seconds=5))

    assert polling.look(["engine"]) == 0
    assert desk.asked == []


def test_the_sweeper_rings_once_and_again_later(floor: Floor, desk: Desk) -> None:
    floor.deploy(line(call()))
    floor.start()
    rung: list[Bell] = []
    sweeper = Sweeper(ring=lambda bells: _add(rung, bells))

    sweeper.sweep()
    sweeper.sweep()

    assert [(bell.task, bell.queue) for bell in rung] == [("engine.run_job", "internal")]
    assert dict(rung[0].body) == {"job": str(Job.objects.get().pk)}


def test_the_sweeper_leaves_timers_to_workers_that_live(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT0S")))
    run = floor.start()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO engine_pulse VALUES ('w', 'engine', engine_now())")

    Sweeper(ring=lambda _: None).sweep()
    assert state(run) == "WAITING"
    later(pulses.DEAD * 2)
    Sweeper(ring=lambda _: None).sweep()

    assert state(run) == "COMPLETED"


def test_a_pulse_comes_back_as_a_row() -> None:
    pulses.pulse(0)

    assert Pulse.objects.count() == 1


def _add(rung: list[Bell], bells: Iterable[Bell]) -> None:
    rung += bells


@pytest.mark.django_db(transaction=True)
def test_the_web_runs_processes_with_its_own_rights() -> None:
    with an_office().open() as office:
        floor = a_floor(office)
        with signed_in_as("app"), tenancy.units_in_scope([office.unit.pk]):
            floor.deploy(line(user_task()))
            run = floor.start(idempotency_key="k")
            floor.complete(floor.task(run))
            assert state(run) == "COMPLETED"
        with signed_in_as("audit"), tenancy.units_in_scope([office.unit.pk]):
            assert list(journals.faults(office.unit.pk)) == []
        with signed_in_as("engine"):
            said = StringIO()
            call_command("verify_history", stdout=said)
            assert said.getvalue().endswith(": 0 faults.\n")


@pytest.mark.django_db(transaction=True)
def test_the_sweeper_calls_out_what_was_rung_for_in_vain() -> None:
    office = an_office()
    with tenancy.units_in_scope([office.unit.pk]):
        fill(office.unit.pk, 1, age=5)
        fill(office.unit.pk, 1, queue="script", age=0)
        with signed_in_as("engine") as worker:
            worker.ensure_connection()
            handle = worker.connection
            handle.execute("LISTEN engine_due")
            with signed_in_as("engine"):
                Sweeper(ring=lambda _: None).sweep()
            called = [notice.payload for notice in handle.notifies(timeout=2, stop_after=1)]
            called += [notice.payload for notice in handle.notifies(timeout=0.1)]

    assert called == ["connector"]


def test_the_sweeper_rests_until_the_next_is_due(floor: Floor) -> None:
    sweeper = Sweeper(ring=lambda _: None)
    sweeper.sweep()
    assert sweeper.rest == PAUSE.total_seconds()

    fill(floor.office.unit.pk, 1, age=-0.7)
    sweeper.sweep()
    assert 0 < sweeper.rest < 0.7

    fill(floor.office.unit.pk, 1, age=0.1)
    sweeper.sweep()
    assert sweeper.rest <= UNHEARD


@pytest.mark.django_db(transaction=True)
def test_a_worker_hears_its_queue_called_however_often() -> None:
    with signed_in_as("engine") as worker:
        worker.cursor().execute("LISTEN engine_due")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(call_out, ["engine"], ["connector"], ["connector"]).result()

        assert polling.is_called({"connector", "script"})
        assert polling.is_called({"script"}, seconds=0.2) is False


def call_out(*calls: list[str]) -> None:
    with signed_in_as("engine"):
        for queues in calls:
            leases.call(queues)
