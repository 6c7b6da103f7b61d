"""Service tasks call the outside once, try again, ask for help, and call nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from engine import leases
from engine.actions import incidents, instances, jobs
from engine.connectors.base import Done, Failed, FailureKind
from engine.errors import LeaseLost
from engine.leases import Claim, Wanted
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.queue import QueueEntry
from engine.semantics.errors import WorkGone
from engine.workers import jobs as worker
from governance.models.connections import Connection, EgressDestination
from tests.support.desk import Desk, a_desk
from tests.support.drawings import line
from tests.support.floor import Floor, call

pytestmark = pytest.mark.django_db

TWICE = '<interlock:retry attempts="2" firstDelay="PT0S" factor="1" cap="PT0S"/>'


@pytest.fixture
def desk(floor: Floor) -> Iterator[Desk]:
    with a_desk() as desk:
        unit = floor.office.unit
        Connection.objects.create(unit=unit, key="itsm", name="Desk", base_url=desk.url)
        EgressDestination.objects.create(
            unit=unit, host="127.0.0.1", port=desk.port, reason="A test's."
        )
        yield desk


@pytest.fixture
def run(floor: Floor, desk: Desk) -> Instance:
    floor.deploy(line(call(more=TWICE)))
    return floor.start()


def claim() -> Claim | None:
    return next(iter(leases.claim(Wanted(leases.JOBS, limit=1))), None)


def work() -> None:
    """Do one job, as a worker does."""
    mine = claim()
    assert mine is not None
    worker.perform(mine)


def expire_leases() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE engine_queueentry SET lease_until = engine_now() - interval '1 second'"
        )


def test_a_call_is_made_and_its_answer_goes_on(run: Instance, desk: Desk) -> None:
    work()

    run.refresh_from_db()
    assert run.state == "COMPLETED", Incident.objects.values_list("cause", flat=True)
    assert [(asked.path, asked.body) for asked in desk.asked] == [
        ("/api/tickets", {"title": "A ticket", "kind": "change"})
    ]
    assert not QueueEntry.objects.exists()


def test_a_failure_is_tried_again_and_then_asks_for_help_with_one_key(
    floor: Floor, run: Instance, desk: Desk
) -> None:
    desk.statuses = [503, 503, 200]
    work()
    work()

    run.refresh_from_db()
    incident = Incident.objects.get(resolution="")
    assert run.state == "FAILED"
    assert incident.cause == "The service answered 503 Service Unavailable."
    assert Job.objects.get().code == "http_503"
    assert claim() is None

    incidents.retry_incident(actor=floor.ben, incident_id=incident.pk, reason="It is back")
    work()

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert len(desk.keys) == 3
    assert len(set(desk.keys)) == 1


def test_a_wrong_request_asks_for_help_at_once(run: Instance, desk: Desk) -> None:
    desk.statuses = [404]
    work()

    assert Incident.objects.get().cause == "The service answered 404 Not Found."
    assert len(desk.asked) == 1


def test_a_destination_nobody_allowed_is_never_called(run: Instance, desk: Desk) -> None:
    EgressDestination.objects.all().delete()
    work()

    job = Job.objects.get()
    assert desk.asked == []
    assert (job.code, job.stalls) == ("egress_denied", 1)
    assert "not among the destinations" in job.cause


def test_a_worker_that_was_silent_too_long_changes_nothing(run: Instance, desk: Desk) -> None:
    late = claim()
    assert late is not None
    doing = jobs.begin_job(lease=late.lease)
    assert doing is not None
    expire_leases()
    work()

    with pytest.raises(LeaseLost):
        jobs.report_job(
            actor=worker.ACTOR, lease=late.lease, work=doing, outcome=Done({"late": True})
        )
    assert not leases.renew([late.lease])


def test_the_lease_of_another_worker_is_respected(run: Instance, desk: Desk) -> None:
    assert claim() is not None
    assert claim() is None


def test_a_job_at_which_workers_die_is_set_aside(run: Instance, desk: Desk) -> None:
    for _ in range(jobs.STARTS):
        mine = claim()
        assert mine is not None
        jobs.begin_job(lease=mine.lease)
        expire_leases()
    work()

    assert desk.asked == []
    assert Incident.objects.get().cause.startswith("The worker ended 3 times")


def test_nothing_is_sent_while_a_run_is_paused_and_all_goes_on_after(
    floor: Floor, run: Instance, desk: Desk
) -> None:
    instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="Freeze")
    assert claim() is None

    instances.resume_instance(actor=floor.ben, instance_id=run.pk)
    work()

    run.refresh_from_db()
    assert run.state == "COMPLETED"


def test_a_result_that_comes_while_the_run_is_paused_is_kept(
    floor: Floor, run: Instance, desk: Desk
) -> None:

    mine = claim()
    assert mine is not None
    doing = jobs.begin_job(lease=mine.lease)
    assert doing is not None
    instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="Freeze")
    answer = {"response": {"status": 201, "body": {}}}
    jobs.report_job(actor=worker.ACTOR, lease=mine.lease, work=doing, outcome=Done(answer))

    instances.resume_instance(actor=floor.ben, instance_id=run.pk)

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert desk.asked == []


def test_a_cancelled_run_has_no_work_left_and_a_late_result_is_refused(
    floor: Floor, run: Instance, desk: Desk
) -> None:
    mine = claim()
    assert mine is not None
    doing = jobs.begin_job(lease=mine.lease)
    assert doing is not None
    instances.cancel_instance(actor=floor.ben, instance_id=run.pk, reason="Asked for twice")

    with pytest.raises((LeaseLost, WorkGone)):
        jobs.report_job(actor=worker.ACTOR, lease=mine.lease, work=doing, outcome=Done())
    assert Job.objects.get().state == "CANCELLED"
    assert not QueueEntry.objects.exists()


def test_a_variable_cannot_redirect_a_call(floor: Floor, desk: Desk) -> None:
    fields = '{"type":"default","components":[{"type":"textfield","key":"connection"}]}'
    form = f'<zeebe:userTaskForm id="f">{fields}</zeebe:userTaskForm>'
    start = (
        '<startEvent id="start"><extensionElements>'
        '<zeebe:formDefinition formKey="camunda-forms:bpmn:f"/></extensionElements></startEvent>'
    )
    model = line(call()).replace('<startEvent id="start"/>', start)
    floor.deploy(f"<extensionElements>{form}</extensionElements>{model}")

    floor.start(variables={"connection": "http://127.0.0.1:1"})
    work()

    assert len(desk.asked) == 1


def test_a_failure_that_was_handed_in_once_is_not_counted_again(run: Instance, desk: Desk) -> None:
    mine = claim()
    assert mine is not None
    begun = jobs.begin_job(lease=mine.lease)
    assert begun is not None
    outcome = Failed(FailureKind.TRANSIENT, "http_503", "It is away.")
    jobs.report_job(actor=worker.ACTOR, lease=mine.lease, work=begun, outcome=outcome)

    # As a worker does that was not told whether its transaction was committed.
    with pytest.raises(LeaseLost):
        jobs.report_job(actor=worker.ACTOR, lease=mine.lease, work=begun, outcome=outcome)

    assert Job.objects.get().attempts == 1
    assert not leases.renew([mine.lease])
