"""The last day of a process: its runs by the hour, and those that asked for help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from common.ids import new_id
from engine.models.deployments import Deployment
from engine.models.incidents import Incident
from engine.models.instances import Instance, RunState
from engine.queries import activity
from engine.queries.activity import Hour
from tests.support.office import Office, an_office

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 14, 8, tzinfo=UTC)


def a_run(deployment: Deployment, number: int, at: datetime) -> Instance:
    return Instance.objects.create(
        unit_id=deployment.unit_id,
        process=deployment.process,
        deployment=deployment,
        number=number,
        title="A run",
        status="RUNNING",
        state=RunState.RUNNING,
        seq=1,
        head_hash="0" * 64,
        started_at=at,
        last_activity_at=at,
    )


def a_deployment(office: Office) -> Deployment:
    process = office.process(board=office.board())
    return Deployment.objects.create(
        unit=office.unit, process=process, number=1, digest="0" * 64, xml=b"", released_at=NOW
    )


def test_runs_are_counted_in_the_hour_they_started() -> None:
    with an_office().open() as office:
        deployment = a_deployment(office)
        for number, ago in enumerate((timedelta(0), timedelta(minutes=7), timedelta(minutes=9))):
            a_run(deployment, number, NOW - ago)
        failed = a_run(deployment, 10, NOW - timedelta(hours=23))
        Incident.objects.create(
            id=new_id(),
            unit=office.unit,
            instance=failed,
            token=new_id(),
            element="A",
            name="A",
            code="x",
            cause="It broke",
            raised_at=NOW,
            resolution="RETRIED",
        )
        a_run(deployment, 11, NOW - timedelta(hours=24))

        day = activity.last_day([deployment.process_id], NOW)[deployment.process_id]

    assert (day.hours[-1], day.hours[-2], day.hours[0]) == (Hour(2, 0), Hour(1, 0), Hour(1, 1))
    assert (day.runs, day.failed, day.share) == (4, 1, 25.0)


def test_a_process_without_runs_is_not_named() -> None:
    with an_office().open() as office:
        process = office.process(board=office.board())
        assert activity.last_day([process.pk], NOW) == {}
