"""Script tasks in Starlark are work of a worker: leased, fenced, and an incident when they fail."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from engine import large, leases
from engine.actions import incidents, jobs
from engine.connectors.base import Done
from engine.errors import LeaseLost
from engine.leases import Claim, Wanted
from engine.models.incidents import Incident
from engine.models.instances import Instance, Variable
from engine.models.jobs import Job
from engine.models.queue import CONNECTOR, INTERNAL, QueueEntry
from engine.queries import journals
from engine.scripts import Limits, Runner
from engine.workers import jobs as worker
from engine.workers import polling, scripts
from tests.integration.engine.test_timers import later
from tests.support.drawings import line
from tests.support.floor import Floor

pytestmark = pytest.mark.django_db

SPIN = "def spin():\n  for i in range(1000000000):\n    pass\nspin()"


@pytest.fixture(autouse=True)
def runner(monkeypatch: pytest.MonkeyPatch) -> Iterator[Runner]:
    """Yield the runner of this process, with less patience."""
    with Runner(Limits(seconds=1)) as quick:
        monkeypatch.setattr(scripts, "_runner", quick)
        yield quick


def given(name: str, expression: str) -> str:
    """Return a script task in FEEL that sets a variable."""
    return (
        f'<scriptTask id="set_{name}"><extensionElements><zeebe:script expression="={expression}"'
        f' resultVariable="{name}"/></extensionElements></scriptTask>'
    )


def script(source: str, *, more: str = "", result: str = "total") -> str:
    """Return a script task in Starlark."""
    return (
        '<scriptTask id="add" name="Add up" scriptFormat="starlark"><extensionElements>'
        f'<zeebe:script resultVariable="{result}"/>{more}</extensionElements>'
        f"<script><![CDATA[{source}]]></script></scriptTask>"
    )


def variables(run: Instance) -> dict[str, Any]:
    rows = Variable.objects.filter(scope_id=run.pk)
    return {row.name: large.value_of(run.pk, row.value) for row in rows}


def state(run: Instance) -> str:
    run.refresh_from_db()
    return run.state


def claim() -> Claim:
    (mine,) = leases.claim(Wanted(leases.JOBS, limit=1, queues=["script"]))
    return mine


def kept(run: Instance) -> dict[str, Any]:
    """Return the variables of a run that waits at a user task after its script."""
    assert state(run) == "WAITING", Incident.objects.values_list("cause", flat=True)
    return variables(run)


STAY = '<userTask id="stay"/>'


def test_a_script_runs_in_a_worker_over_the_runs_variables(floor: Floor) -> None:
    source = "total = 0\nfor p in prices:\n  total += p\ntotal"
    floor.deploy(line(given("prices", "[10, 2, 0.5]"), script(source), STAY))
    run = floor.start()
    assert (Job.objects.get().job_type, QueueEntry.objects.get().queue) == ("script:1", "script")

    worker.perform(claim())

    assert kept(run)["total"] == 12.5
    assert list(journals.faults(floor.office.unit.pk)) == []


def test_a_script_sees_its_mappings_first_and_only_what_it_names(floor: Floor) -> None:
    long = f"string join(for i in 1..9000 return &quot;{'x' * 70}&quot;)"
    mappings = (
        '<zeebe:ioMapping><zeebe:input source="=a + 1" target="a"/>'
        '<zeebe:output source="=total * 100" target="cents"/></zeebe:ioMapping>'
    )
    steps = (given("a", "1"), given("b", "7"), given("one", long), given("two", long))
    floor.deploy(line(*steps, script("a + b", more=mappings), STAY))
    run = floor.start()
    worker.perform(claim())

    found = kept(run)
    assert (found["a"], found["cents"], "total" in found) == (1, 900, False)


def test_a_script_that_fails_asks_for_help_at_once_and_may_be_tried_again(floor: Floor) -> None:
    floor.deploy(line(given("a", "0"), script("1 // a"), STAY))
    run = floor.start()
    worker.perform(claim())

    incident = Incident.objects.get()
    assert state(run) == "FAILED"
    assert incident.cause == (
        "The script failed: line 1, column 1: Floor division by zero: 1 // 0."
    )
    assert Job.objects.get().code == "script_failed"

    Variable.objects.filter(name="a").update(value="1")
    incidents.retry_incident(actor=floor.ben, incident_id=incident.pk, reason="a is 1 now")
    worker.perform(claim())

    assert kept(run)["total"] == 1


def test_an_endless_script_is_an_incident_and_the_next_script_runs(floor: Floor) -> None:
    floor.deploy(line(script(SPIN)))
    endless = floor.start()
    worker.perform(claim())
    floor.deploy(line(script("1 + 1"), STAY))
    sound = floor.start()
    worker.perform(claim())

    assert state(endless) == "FAILED"
    assert Incident.objects.get().cause.startswith("The script was ended after 1 s.")
    assert kept(sound)["total"] == 2


def test_a_runner_that_dies_under_a_script_costs_no_attempt(floor: Floor, runner: Runner) -> None:
    floor.deploy(line(script(SPIN)))
    run = floor.start()
    runner.run("1", {})
    assert runner.pid is not None
    threading.Timer(0.3, os.kill, (runner.pid, signal.SIGKILL)).start()
    worker.perform(claim())

    job = Job.objects.get()
    assert (state(run), job.code) == ("RUNNING", "script_runner_lost")
    assert (job.attempts, job.stalls) == (0, 1)


def test_a_late_result_of_a_script_changes_nothing(floor: Floor) -> None:
    floor.deploy(line(script("1"), STAY))
    run = floor.start()
    late = claim()
    doing = jobs.begin_job(lease=late.lease)
    assert doing is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE engine_queueentry SET lease_until = engine_now() - interval '1 second'"
        )
    worker.perform(claim())

    with pytest.raises(LeaseLost):
        jobs.report_job(
            actor=worker.ACTOR, lease=late.lease, work=doing, outcome=Done({"result": 2})
        )
    assert kept(run)["total"] == 1


def test_only_workers_of_its_queue_take_a_script_up(floor: Floor) -> None:
    floor.deploy(line(script("1")))
    run = floor.start()
    later(timedelta(seconds=5))

    assert polling.look(["engine", CONNECTOR, INTERNAL]) == 0
    assert polling.look(["script"]) == 1
    assert state(run) == "COMPLETED"
