"""Workers of two releases at one database: the older ones leave to the newer what those wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from common.context import automation
from engine import codec, leases
from engine.actions import drains, jobs
from engine.errors import NewerJournal
from engine.leases import JOBS, Wanted
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.jobs import Job
from engine.models.journal import JournalRow
from engine.models.queue import QueueEntry
from tests.support.drawings import line
from tests.support.floor import Floor, a_floor, call, timer, user_task
from tests.support.office import an_office

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = automation("worker")


@pytest.fixture
def floor() -> Iterator[Floor]:
    with an_office().open() as office:
        yield a_floor(office)


def written_tomorrow(run: Instance) -> None:
    """Leave the rows of a run as a release of tomorrow might, which nobody here can read."""
    execute("UPDATE engine_instance SET schema = 99 WHERE id = %s", run.pk)
    execute("UPDATE engine_token SET status = 'OF_TOMORROW' WHERE instance_id = %s", run.pk)


def back_today(run: Instance) -> None:
    execute("UPDATE engine_instance SET schema = 1 WHERE id = %s", run.pk)
    execute("UPDATE engine_token SET status = 'ACTIVE' WHERE instance_id = %s", run.pk)


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount > 0


def test_a_due_timer_of_tomorrow_is_put_back_and_stops_no_other(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT0S")))
    runs = [floor.start() for _ in range(5)]
    tomorrow, *today = runs
    written_tomorrow(tomorrow)
    rows = JournalRow.objects.filter(instance_id=tomorrow.pk).count()

    drains.drain(actor=WORKER)

    ended = Instance.objects.filter(state="COMPLETED").values_list("pk", flat=True)
    assert set(ended) == {run.pk for run in today}
    entry = QueueEntry.objects.get(instance_id=tomorrow.pk)
    assert (entry.lease_until, entry.due_at > tomorrow.started_at) == (None, True)
    assert JournalRow.objects.filter(instance_id=tomorrow.pk).count() == rows
    assert not Incident.objects.exists()

    back_today(tomorrow)
    QueueEntry.objects.update(due_at=F("due_at") - (entry.due_at - tomorrow.started_at))
    drains.drain(actor=WORKER)
    tomorrow.refresh_from_db()
    assert tomorrow.state == "COMPLETED"


def test_a_call_of_tomorrow_is_not_made(floor: Floor) -> None:
    floor.deploy(line(call()))
    run = floor.start()
    written_tomorrow(run)

    claims = leases.claim(Wanted(JOBS, limit=1))
    begun = jobs.begin_job(lease=claims[0].lease)

    assert begun is None
    assert Job.objects.get().starts == 0


def test_people_are_told_and_nothing_is_lost(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start()
    written_tomorrow(run)

    with pytest.raises(NewerJournal):
        floor.complete(floor.task(run))

    back_today(run)
    floor.complete(floor.task(run))
    run.refresh_from_db()
    assert (run.state, run.schema) == ("COMPLETED", codec.SCHEMA)
