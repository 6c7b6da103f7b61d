"""A step reads what its command needs: as much among a thousand others as among ten."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from common.context import automation
from engine import runtime
from engine.actions import drains
from engine.models.incidents import Incident
from engine.models.instances import Instance, Scope, Variable
from engine.models.jobs import Job
from engine.models.user_tasks import UserTask, UserTaskState
from engine.queries import journals
from engine.runtime import Ask
from engine.semantics.commands import CompleteUserTask, FailJob, FailureKind, RetryIncident
from tests.support.drawings import line
from tests.support.floor import Floor, call, user_task

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = automation("worker")
# Without the run's own row: it is met as often as old versions of it lie about.
_READ = """
SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)
FROM pg_stat_xact_user_tables WHERE relname LIKE 'engine_%' AND relname <> 'engine_instance'
"""


def several(name: str = "work", *, loop: str, more: str = "") -> str:
    """Return a user task that is done several times."""
    characteristics = f"<multiInstanceLoopCharacteristics{loop}</multiInstanceLoopCharacteristics>"
    return user_task(name).replace("</userTask>", f"{characteristics}</userTask>") + more


def times(count: int, more: str = "") -> str:
    return f"><loopCardinality>{count}</loopCardinality>{more}"


def through(collection: str, *, sequential: bool = False) -> str:
    flag = ' isSequential="true"' if sequential else ""
    return (
        f'{flag}><extensionElements><zeebe:loopCharacteristics inputCollection="{collection}"'
        ' inputElement="one" outputCollection="given" outputElement="=one * 10"/>'
        "</extensionElements>"
    )


def began(floor: Floor, body: str) -> Instance:
    floor.deploy(body)
    run = floor.start()
    while drains.drain(actor=WORKER):
        pass
    return run


def open_tasks(run: Instance) -> list[UserTask]:
    return list(UserTask.objects.filter(instance=run, state=UserTaskState.OPEN).order_by("pk"))


def completed(floor: Floor, task: UserTask) -> int:
    """Complete a task and return how many rows PostgreSQL read of the engine's tables."""
    person = str(floor.ola.person_id)
    with transaction.atomic(), connection.cursor() as cursor:
        # A table of three rows is read whole sooner than by its index, and of one that was filled
        # a moment ago PostgreSQL knows nothing yet; neither is the question.
        cursor.execute("SET LOCAL enable_seqscan = off; ANALYZE; DISCARD PLANS")
        # PostgreSQL counts on from earlier transactions of the same connection.
        before = rows_read(cursor)
        ask = Ask(task.instance_id, CompleteUserTask(str(task.pk), person), floor.ola)
        runtime.advance_one(ask)
        return rows_read(cursor) - before


def rows_read(cursor: CursorWrapper) -> int:
    cursor.execute(_READ)
    return int(cursor.fetchone()[0])


def assert_whole(run: Instance) -> None:
    assert list(journals.differences(run.pk)) == []


WATCHED = (
    '<boundaryEvent id="late" attachedToRef="work" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>PT9H</timeDuration></timerEventDefinition>"
    '</boundaryEvent><endEvent id="told"/>'
    '<sequenceFlow id="tell" sourceRef="late" targetRef="told"/>'
)


@pytest.mark.parametrize("boundary", ["", WATCHED], ids=["alone", "with a timer around them"])
def test_among_many_no_more_rows_are_read_than_among_few(floor: Floor, boundary: str) -> None:
    few = began(floor, line(several(loop=times(10))) + boundary)
    many = began(floor, line(several(loop=times(1_000))) + boundary)

    read = {run.pk: completed(floor, open_tasks(run)[3]) for run in (few, many)}

    assert read[few.pk] == read[many.pk] < 60
    assert_whole(few)


def test_the_last_round_brings_what_all_of_them_gave(floor: Floor) -> None:
    run = began(floor, line(several(loop=through("=[1, 2, 3]"))))

    for task in open_tasks(run):
        completed(floor, task)
        assert_whole(run)

    assert Variable.objects.get(scope_id=run.pk, name="given").value == "[10,20,30]"


def test_rounds_one_after_another_get_their_own_items(floor: Floor) -> None:
    run = began(floor, line(several(loop=through("=[4, 5, 6]", sequential=True))))

    for _ in range(3):
        [task] = open_tasks(run)
        completed(floor, task)
        assert_whole(run)

    assert Variable.objects.get(scope_id=run.pk, name="given").value == "[40,50,60]"


def test_where_one_ends_the_others_all_of_them_are_read(floor: Floor) -> None:
    condition = '<completionCondition>="done"="done"</completionCondition>'
    run = began(floor, line(several(loop=times(20, condition))))

    completed(floor, open_tasks(run)[0])

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert not open_tasks(run)
    assert_whole(run)


def test_a_scope_of_an_earlier_release_does_not_mislead(floor: Floor) -> None:
    run = began(floor, line(several(loop=times(4))))
    Scope.objects.filter(instance=run).update(owner_id=None)

    for task in open_tasks(run):
        completed(floor, task)
        assert_whole(run)

    run.refresh_from_db()
    assert run.state == "COMPLETED"


def test_trouble_and_work_elsewhere_are_not_forgotten(floor: Floor) -> None:
    body = (
        '<startEvent id="start"/><parallelGateway id="fork"/>'
        f"{call(url='https://itsm.example')}{user_task('first')}{user_task('second')}{user_task('third')}"
        '<endEvent id="end"/><endEvent id="end2"/>'
        '<sequenceFlow id="a" sourceRef="start" targetRef="fork"/>'
        '<sequenceFlow id="b" sourceRef="fork" targetRef="call"/>'
        '<sequenceFlow id="c" sourceRef="fork" targetRef="first"/>'
        '<sequenceFlow id="d" sourceRef="first" targetRef="second"/>'
        '<sequenceFlow id="e" sourceRef="second" targetRef="third"/>'
        '<sequenceFlow id="f" sourceRef="third" targetRef="end"/>'
        '<sequenceFlow id="g" sourceRef="call" targetRef="end2"/>'
    )
    run = began(floor, body)
    job = Job.objects.get(instance=run)

    completed(floor, floor.task(run, "first"))
    run.refresh_from_db()
    assert run.state == "RUNNING"

    with transaction.atomic():
        failed = FailJob(str(job.pk), job.generation, "It said no.", FailureKind.PERMANENT)
        runtime.advance_one(Ask(run.pk, failed, WORKER))
    completed(floor, floor.task(run, "second"))
    run.refresh_from_db()
    assert run.state == "FAILED"

    with transaction.atomic():
        incident = Incident.objects.get(instance=run)
        runtime.advance_one(Ask(run.pk, RetryIncident(str(incident.pk)), floor.ben))
    completed(floor, floor.task(run, "third"))
    run.refresh_from_db()
    assert run.state == "RUNNING"
    assert_whole(run)


def test_who_knows_the_deployment_gets_the_same(floor: Floor) -> None:
    run = began(floor, line(user_task()))
    task = floor.task(run)
    person = str(floor.ola.person_id)

    with transaction.atomic():
        command = CompleteUserTask(str(task.pk), person)
        runtime.advance_one(
            Ask(run.pk, command, floor.ola, deployment_id=UUID(str(run.deployment_id)))
        )

    assert_whole(run)
