"""A run is started once, worked on, paused and ended; its rows are what its journal says."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.problems import NotFound
from engine.actions import instances
from engine.errors import FormIncomplete, NothingDeployed, ReasonMissing, RequestDiffers
from engine.models.instances import Instance
from engine.models.journal import JournalRow
from engine.queries import journals
from engine.queries.instances import story_of
from engine.semantics.errors import RunFinished, RunNotPaused, RunPaused
from governance.errors import NotAllowed
from governance.models.audit import AuditEntry
from governance.models.units import Role
from tests.support.drawings import line
from tests.support.floor import Floor, timer, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db

FORK = (
    '<startEvent id="start"/><parallelGateway id="fork"/><parallelGateway id="join"/>'
    f'{user_task("one")}{user_task("two")}<endEvent id="end"/>'
    '<sequenceFlow id="a" sourceRef="start" targetRef="fork"/>'
    '<sequenceFlow id="b" sourceRef="fork" targetRef="one"/>'
    '<sequenceFlow id="c" sourceRef="fork" targetRef="two"/>'
    '<sequenceFlow id="d" sourceRef="one" targetRef="join"/>'
    '<sequenceFlow id="e" sourceRef="two" targetRef="join"/>'
    '<sequenceFlow id="f" sourceRef="join" targetRef="end"/>'
)


def consistent(run: Instance) -> None:
    """Hold a run's rows against the replay of its journal, and the journal against its hashes."""
    assert list(journals.differences(run.pk)) == []
    assert list(journals.faults(run.unit_id)) == []


def test_a_run_waits_for_a_person_and_ends_when_they_are_done(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start(title="Upgrade the ledger")
    assert (run.state, run.title) == ("WAITING", "Upgrade the ledger")

    floor.complete(floor.task(run))

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert run.ended_at is not None
    assert JournalRow.objects.filter(instance_id=run.pk).count() == 2
    assert not run.tokens.exists()
    consistent(run)


def test_parallel_branches_join(floor: Floor) -> None:
    floor.deploy(FORK)
    run = floor.start()

    floor.complete(floor.task(run, "one"))
    run.refresh_from_db()
    assert run.state == "WAITING"
    consistent(run)
    floor.complete(floor.task(run, "two"))

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    consistent(run)


def test_the_same_key_starts_one_run(floor: Floor) -> None:
    floor.deploy(line(user_task()))

    first = floor.start(idempotency_key="k")
    again = floor.start(idempotency_key="k")

    assert first == again
    with pytest.raises(RequestDiffers):
        floor.start(idempotency_key="k", title="Another")
    assert Instance.objects.count() == 1
    assert AuditEntry.objects.filter(code="run.started").count() == 1


def test_a_run_stays_on_its_version(floor: Floor) -> None:
    first = floor.deploy(line(user_task()))
    run = floor.start()
    floor.deploy(line(user_task(), timer()))

    floor.complete(floor.task(run))

    run.refresh_from_db()
    assert (run.state, run.deployment) == ("COMPLETED", first)


def test_without_a_version_nothing_starts(floor: Floor) -> None:
    with pytest.raises(NothingDeployed):
        floor.start()


def test_a_start_without_a_grant_is_refused(floor: Floor) -> None:
    floor.deploy(line(user_task()))

    with pytest.raises(NotAllowed):
        floor.start(by=floor.ana)


def test_a_start_takes_what_its_form_asks_for_and_no_more(floor: Floor) -> None:
    floor.deploy(line(user_task()))

    with pytest.raises(FormIncomplete):
        floor.start(variables={"approved": True})


def test_a_paused_run_refuses_work_until_it_is_resumed(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start()
    task = floor.task(run)
    with pytest.raises(ReasonMissing):
        instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason=" ")
    with pytest.raises(RunNotPaused):
        instances.resume_instance(actor=floor.ben, instance_id=run.pk)

    assert (
        instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="Freeze").state
        == "PAUSED"
    )
    with pytest.raises(RunPaused):
        floor.complete(task)
    instances.resume_instance(actor=floor.ben, instance_id=run.pk, reason="Over")

    floor.complete(task)
    run.refresh_from_db()
    assert run.state == "COMPLETED"
    consistent(run)


def test_a_cancelled_run_is_over(floor: Floor) -> None:
    floor.deploy(FORK)
    run = floor.start()

    ended = instances.cancel_instance(actor=floor.ben, instance_id=run.pk, reason="A mistake")

    assert ended.state == "CANCELLED"
    assert set(run.user_tasks.values_list("state", flat=True)) == {"CANCELLED"}
    with pytest.raises(RunFinished):
        instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="Too late")
    consistent(run)


def test_another_unit_cannot_see_a_run(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start()

    with an_office("retail").open() as other:
        stella = other.person("Stella", *Role)
        with pytest.raises((NotFound, Instance.DoesNotExist)):
            instances.cancel_instance(actor=stella, instance_id=run.pk, reason="Mischief")


def test_a_loop_without_end_gives_way_and_goes_on_later(floor: Floor) -> None:
    loop = (
        '<startEvent id="start"/><exclusiveGateway id="again"/>'
        '<scriptTask id="count"><extensionElements>'
        '<zeebe:script expression="=1" resultVariable="n"/></extensionElements></scriptTask>'
        '<sequenceFlow id="a" sourceRef="start" targetRef="again"/>'
        '<sequenceFlow id="b" sourceRef="again" targetRef="count"/>'
        '<sequenceFlow id="c" sourceRef="count" targetRef="again"/>'
        '<endEvent id="end"/><sequenceFlow id="d" sourceRef="again" targetRef="end">'
        "<conditionExpression>=false</conditionExpression></sequenceFlow>"
    ).replace('id="again"/>', 'id="again" default="b"/>')
    floor.deploy(loop)

    run = floor.start()

    assert run.state == "RUNNING"
    taken = [step for step in story_of(run) if step["type"] == "flow"]
    assert len(taken) == 200
    consistent(run)


def test_completing_a_task_takes_few_statements(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    warm, task = (floor.task(floor.start()) for _ in range(2))
    floor.complete(warm)

    with CaptureQueriesContext(connection) as captured:
        floor.complete(task)

    assert len(captured) <= 16, [query["sql"][:80] for query in captured]
