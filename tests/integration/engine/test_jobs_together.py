"""Many jobs at a time: claimed, begun and handed in together, and none spoils another's."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import tenancy
from engine import leases
from engine.actions import jobs as actions
from engine.actions.jobs import Report
from engine.connectors import registry
from engine.connectors.base import Call, Connector, Done, Outcome
from engine.errors import WorkerLost
from engine.leases import Wanted
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.queue import JOB_QUEUES, QueueEntry
from engine.queries import journals
from engine.semantics.effects import key_of
from engine.workers import jobs as worker
from tests.support.drawings import line
from tests.support.floor import Floor

pytestmark = pytest.mark.django_db(transaction=True)

STEP = (
    '<serviceTask id="step" name="Step"><extensionElements>'
    '<zeebe:taskDefinition type="{job_type}"/></extensionElements></serviceTask>'
)


class Slow:
    """Waits until it is told to go on."""

    job_type = "slow:1"
    required_inputs: frozenset[str] = frozenset()
    goes_on = threading.Event()

    def run(self, call: Call) -> Outcome:
        del call
        self.goes_on.wait(20)
        return Done()


class Quick:
    """Is done at once."""

    job_type = "quick:1"
    required_inputs: frozenset[str] = frozenset()

    def run(self, call: Call) -> Outcome:
        del call
        return Done()


@pytest.fixture(autouse=True)
def connectors(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mapping[str, Connector]]:
    """Let models name two connectors of this test; both are real ones."""
    assert isinstance(registry.CONNECTORS, dict)
    for one in (Slow(), Quick()):
        monkeypatch.setitem(registry.CONNECTORS, one.job_type, one)
    Slow.goes_on.clear()
    yield registry.CONNECTORS
    Slow.goes_on.set()


def begun(floor: Floor, job_type: str, count: int = 1) -> list[Instance]:
    floor.deploy(line(STEP.format(job_type=job_type)))
    return [floor.start() for _ in range(count)]


def states(runs: list[Instance]) -> set[str]:
    found = Instance.objects.filter(pk__in=[run.pk for run in runs])
    return set(found.values_list("state", flat=True))


def test_all_that_is_due_is_done_for_one_message(floor: Floor) -> None:
    runs = begun(floor, "quick:1", 30)

    worker.run_job(str(Job.objects.order_by("pk")[7].pk))

    assert states(runs) == {"COMPLETED"}
    assert not QueueEntry.objects.exists()
    for run in runs:
        assert list(journals.differences(run.pk)) == []


def test_the_statements_do_not_grow_with_the_jobs(floor: Floor) -> None:
    counted = []
    for count in (2, 20):
        runs = begun(floor, "quick:1", count)
        with CaptureQueriesContext(connection) as asked:
            worker.drain(JOB_QUEUES)
        assert states(runs) == {"COMPLETED"}
        counted.append(len(asked))

    assert counted[0] == counted[1]


def test_a_slow_system_holds_up_nobody_else(floor: Floor) -> None:
    slow = begun(floor, "slow:1")
    quick = begun(floor, "quick:1", 5)
    done: set[str] = set()

    def watch() -> None:
        with tenancy.units_in_scope([floor.office.unit.pk]):
            for _ in range(200):
                if states(quick) == {"COMPLETED"}:
                    done.update(states(slow))
                    break
                time.sleep(0.05)
        Slow.goes_on.set()
        connection.close()

    watcher = threading.Thread(target=watch)
    watcher.start()
    worker.drain(JOB_QUEUES)
    watcher.join()

    assert done == {"RUNNING"}
    assert states(slow) == {"COMPLETED"}


def test_what_the_database_refuses_stays_alone(floor: Floor) -> None:
    runs = begun(floor, "quick:1", 7)
    poisoned = runs[3].pk
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.id = '{poisoned}' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER poison BEFORE UPDATE ON engine_instance"
            " FOR EACH ROW EXECUTE FUNCTION poison()"
        )
    try:
        worker.drain(JOB_QUEUES)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION poison CASCADE")

    assert states([run for run in runs if run.pk != poisoned]) == {"COMPLETED"}
    assert states([runs[3]]) == {"RUNNING"}
    assert Job.objects.get(instance=poisoned).starts == 1


class Died(BaseException):
    """The end of a worker: nobody above hands in anything."""


def test_a_job_that_kills_its_workers_is_set_aside_without_its_mates(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = begun(floor, "quick:1", 6)
    deadly = Job.objects.get(instance=runs[2])
    its_key = key_of(deadly.instance_id, deadly.pk, deadly.generation)
    deaths = []

    def run(_self: Quick, call: Call) -> Outcome:
        if call.key == its_key:
            deaths.append(call.key)
            raise Died
        return Done()

    monkeypatch.setattr(Quick, "run", run)
    for _ in range(actions.STARTS + 1):
        with suppress(Died):
            worker.drain(["connector"])
        QueueEntry.objects.update(lease_until=None)

    assert states([run for run in runs if run.pk != deadly.instance_id]) == {"COMPLETED"}
    assert len(deaths) == actions.STARTS
    assert Job.objects.get(pk=deadly.pk).code == WorkerLost.code


def test_jobs_of_one_run_are_handed_in_one_after_another(floor: Floor) -> None:
    several = "<multiInstanceLoopCharacteristics><loopCardinality>4</loopCardinality>"
    step = STEP.format(job_type="quick:1")
    end = "</multiInstanceLoopCharacteristics></serviceTask>"
    looped = step.replace("</serviceTask>", several + end)
    floor.deploy(line(looped))
    run = floor.start()

    worker.drain(JOB_QUEUES)

    assert states([run]) == {"COMPLETED"}
    assert list(journals.differences(run.pk)) == []


def test_what_was_taken_over_meanwhile_is_let_go(floor: Floor) -> None:
    runs = begun(floor, "quick:1", 3)
    first = leases.claim(Wanted(leases.JOBS, limit=10))
    works = actions.begin_jobs([claim.lease for claim in first])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE engine_queueentry SET lease_until = engine_now() - interval '1 second'"
            " WHERE id = %s",
            [first[0].lease.entry_id],
        )
    [taken] = leases.claim(Wanted(leases.JOBS, limit=10))

    reports = [Report(lease, work, Done()) for lease, work in works.items()]
    handed_in = actions.report_jobs(actor=worker.ACTOR, reports=reports)

    assert handed_in.again == []
    assert [entry.pk for entry in QueueEntry.objects.all()] == [taken.lease.entry_id]
    assert states(runs) == {"COMPLETED", "RUNNING"}
