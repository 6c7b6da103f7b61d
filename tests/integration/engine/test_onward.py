"""Going on with a run: the next job is begun with the hand-in of the last; nothing is skipped."""

from __future__ import annotations

import time
from collections.abc import Mapping
from uuid import UUID

import pytest
from django.db import connection

from engine import leases
from engine.actions import instances
from engine.actions import jobs as actions
from engine.actions.jobs import Report
from engine.actions.work import Work
from engine.connectors import registry
from engine.connectors.base import Call, Done, Outcome
from engine.leases import JOBS, Wanted
from engine.models.instances import Instance
from engine.models.jobs import Job, JobState
from engine.models.queue import QueueEntry
from engine.queries import journals
from engine.store import Lease
from engine.workers import jobs as worker
from tests.support.drawings import line
from tests.support.floor import Floor

pytestmark = pytest.mark.django_db(transaction=True)

_LONG = 60.0


class Telling:
    """Is done at once, and keeps what it was given."""

    job_type = "telling:1"
    required_inputs: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.given: list[Mapping[str, object]] = []

    def run(self, call: Call) -> Outcome:
        self.given.append(dict(call.inputs))
        return Done({"said": len(self.given)})


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> Telling:
    assert isinstance(registry.CONNECTORS, dict)
    one = Telling()
    monkeypatch.setitem(registry.CONNECTORS, one.job_type, one)
    return one


def step(name: str, *, url: str = "") -> str:
    """Return a step that is told what was said last, and the system it calls."""
    system = f'<zeebe:input source="{url}" target="url"/>' if url else ""
    return (
        f'<serviceTask id="{name}" name="{name}"><extensionElements>'
        '<zeebe:taskDefinition type="telling:1"/><zeebe:ioMapping>'
        f'<zeebe:input source="=said" target="heard"/>{system}'
        '<zeebe:output source="=said" target="said"/></zeebe:ioMapping>'
        "</extensionElements></serviceTask>"
    )


def begun(until: float) -> tuple[Lease, Work]:
    """Claim and begin the one job that is due."""
    [claim] = leases.claim(Wanted(JOBS, limit=10))
    [(lease, work)] = actions.begin_jobs([claim.lease], until=until).items()
    return lease, work


def handed_in(lease: Lease, work: Work) -> dict[Lease, Work]:
    report = Report(lease, work, Done({"said": "again"}))
    return actions.report_jobs(actor=worker.ACTOR, reports=[report]).begun


def test_a_worker_goes_through_a_run_with_one_claim(
    floor: Floor, telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.deploy(line(step("a"), step("b"), step("c")))
    run, claimed, usual = floor.start(), [], leases.claim

    def counted(wanted: Wanted) -> list[leases.Claim]:
        claims = usual(wanted)
        claimed.extend(claims)
        return claims

    monkeypatch.setattr(leases, "claim", counted)
    worker.drain(["connector"])

    assert len(claimed) == 1
    assert [given.get("heard") for given in telling.given] == [None, 1, 2]
    assert Instance.objects.get(pk=run.pk).state == "COMPLETED"
    assert list(journals.differences(run.pk)) == []
    assert not QueueEntry.objects.exists()


def test_what_is_begun_is_in_our_hands_and_counted(floor: Floor, telling: Telling) -> None:
    floor.deploy(line(step("a"), step("b")))
    floor.start()

    [(lease, work)] = handed_in(*begun(time.monotonic() + _LONG)).items()

    assert work.inputs == {"heard": "again"}
    assert (work.tried.element, work.tried.number, work.generation) == ("b", 1, 1)
    job = Job.objects.get(state=JobState.PENDING)
    assert (job.pk, job.starts) == (lease.entry_id, 1)
    entry = QueueEntry.objects.get()
    assert (entry.pk, entry.lease_epoch) == (lease.entry_id, lease.epoch)
    assert leases.claim(Wanted(JOBS, limit=10)) == []
    assert handed_in(lease, work) == {}
    assert Instance.objects.get().state == "COMPLETED"


def test_after_a_turn_the_queue_decides(floor: Floor, telling: Telling) -> None:
    floor.deploy(line(step("a"), step("b")))
    floor.start()

    assert handed_in(*begun(time.monotonic())) == {}
    assert len(leases.claim(Wanted(JOBS, limit=10))) == 1


def test_another_system_is_asked_for_through_the_queue(floor: Floor, telling: Telling) -> None:
    floor.deploy(
        line(
            step("a", url="http://one.example/"),
            step("b", url="http://one.example/more"),
            step("c", url="http://two.example/"),
        )
    )
    floor.start()
    until = time.monotonic() + _LONG

    [(lease, work)] = handed_in(*begun(until)).items()
    assert work.tried.target == "one.example:80"
    assert handed_in(lease, work) == {}
    assert begun(until)[1].tried.target == "two.example:80"


def test_a_run_that_somebody_moved_is_read_again(floor: Floor, telling: Telling) -> None:
    floor.deploy(line(step("a"), step("b"), step("c")))
    run = floor.start()
    [(lease, work)] = handed_in(*begun(time.monotonic() + _LONG)).items()

    instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="Freeze")
    assert handed_in(lease, work) == {}

    run.refresh_from_db()
    assert run.state == "PAUSED"
    assert list(journals.differences(run.pk)) == []
    instances.resume_instance(actor=floor.ben, instance_id=run.pk, reason="Over")
    worker.drain(["connector"])
    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert list(journals.differences(run.pk)) == []


def test_whoever_dies_with_it_leaves_it_to_others(floor: Floor, telling: Telling) -> None:
    floor.deploy(line(step("a"), step("b")))
    floor.start()
    [(lease, work)] = handed_in(*begun(time.monotonic() + _LONG)).items()
    _end_lease(lease.entry_id)

    [taken] = leases.claim(Wanted(JOBS, limit=10))
    other = actions.begin_jobs([taken.lease])[taken.lease]

    assert (other.key, other.inputs) == (work.key, work.inputs)
    assert handed_in(lease, work) == {}
    assert Instance.objects.get().state == "RUNNING"


def _end_lease(entry_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE engine_queueentry SET lease_until = engine_now() - interval '1 second'"
            " WHERE id = %s",
            [entry_id],
        )
