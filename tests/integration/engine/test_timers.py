"""Time moves runs: once, never early, and by the sweeper's hand when nobody else is there."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection

from common.context import automation
from engine import leases
from engine.actions import drains, instances
from engine.leases import Wanted
from engine.models.instances import Instance
from engine.models.journal import JournalRow
from engine.models.queue import Kind, QueueEntry
from engine.models.timers import StartTimer, Timer
from engine.queries import clock
from engine.workers.sweeper import Sweeper
from tests.support.drawings import line
from tests.support.floor import Floor, timer, user_task

pytestmark = pytest.mark.django_db

SWEEPER = automation("sweeper")


def later(by: timedelta) -> None:
    """Let the engine's clock go on, in this session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('interlock.clock_shift', %s, true)", [str(by)])


def test_a_timer_comes_when_it_is_due_and_once(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT1H")))
    run = floor.start()
    assert drains.drain(actor=SWEEPER) == 0

    later(timedelta(hours=1, seconds=1))
    assert drains.drain(actor=SWEEPER) == 1
    assert drains.drain(actor=SWEEPER) == 0

    run.refresh_from_db()
    assert run.state == "COMPLETED"


def test_the_sweeper_carries_timers_on_when_no_worker_lives(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT1H")))
    for _ in range(3):
        floor.start()
    later(timedelta(hours=2))

    assert Sweeper().sweep() == 3

    assert set(Instance.objects.values_list("state", flat=True)) == {"COMPLETED"}
    assert not QueueEntry.objects.exists()


def test_a_timer_of_a_paused_run_waits_for_the_end_of_the_pause(floor: Floor) -> None:
    floor.deploy(line(timer(duration="PT1H")))
    run = floor.start()
    instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="Freeze")
    later(timedelta(hours=2))
    assert drains.drain(actor=SWEEPER) == 0

    instances.resume_instance(actor=floor.ben, instance_id=run.pk)
    assert drains.drain(actor=SWEEPER) == 1

    run.refresh_from_db()
    assert run.state == "COMPLETED"


def test_a_boundary_timer_ends_the_task_it_watches(floor: Floor) -> None:
    late = (
        '<boundaryEvent id="late" attachedToRef="work"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
        '<endEvent id="too_late"/><sequenceFlow id="x" sourceRef="late" targetRef="too_late"/>'
    )
    floor.deploy(line(user_task()) + late)
    run = floor.start()
    later(timedelta(hours=2))

    drains.drain(actor=SWEEPER)

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert run.user_tasks.get().state == "CANCELLED"


def boundary(name: str, minutes: int) -> str:
    """Return a timer beside a task that notes its name in the history when it comes."""
    return (
        f'<boundaryEvent id="{name}" attachedToRef="work" cancelActivity="false">'
        f"<timerEventDefinition><timeDuration>PT{minutes}M</timeDuration></timerEventDefinition>"
        f'</boundaryEvent><endEvent id="end_{name}"/>'
        f'<sequenceFlow id="to_{name}" sourceRef="{name}" targetRef="end_{name}"/>'
    )


def fired(run: Instance) -> list[str]:
    """Return the timers of a run that came, in the order in which they did."""
    rows = JournalRow.objects.filter(instance_id=run.pk).order_by("seq_from")
    events = [event for row in rows for event in json.loads(row.events)]
    return [event["element"] for event in events if event["type"] == "timer_triggered"]


def test_overdue_timers_of_a_run_come_in_due_order(floor: Floor) -> None:
    names = ["a", "b", "c", "d"]
    floor.deploy(line(user_task()) + "".join(map(boundary, names, (40, 10, 30, 20))))
    run = floor.start()
    later(timedelta(hours=2))

    assert drains.drain(actor=SWEEPER) == 4

    assert fired(run) == ["b", "d", "c", "a"]


def test_a_cycle_that_slept_through_many_turns_comes_once(floor: Floor) -> None:
    every = boundary("again", 10).replace("timeDuration>PT", "timeCycle>R/PT")
    floor.deploy(line(user_task()) + every.replace("timeDuration", "timeCycle"))
    run = floor.start()
    later(timedelta(hours=5, minutes=5))

    assert drains.drain(actor=SWEEPER) == 1
    assert drains.drain(actor=SWEEPER) == 0
    assert fired(run) == ["again"]
    started = run.started_at
    assert list(Timer.objects.values_list("due_at", flat=True)) == [
        started + timedelta(hours=5, minutes=10)
    ]

    later(timedelta(hours=5, minutes=10, seconds=1))
    assert drains.drain(actor=SWEEPER) == 1
    assert fired(run) == ["again", "again"]


def test_a_timer_waits_for_an_earlier_one_in_other_hands(floor: Floor) -> None:
    floor.deploy(line(user_task()) + boundary("first", 10) + boundary("second", 20))
    run = floor.start()
    later(timedelta(hours=2))
    earliest = QueueEntry.objects.filter(kind=Kind.TIMER).earliest("due_at")
    (taken,) = leases.claim(Wanted(leases.DRAINED, 1, only=earliest.pk))

    drains.drain(actor=SWEEPER)
    assert fired(run) == []

    QueueEntry.objects.filter(pk=taken.lease.entry_id).update(lease_until=None)
    later(timedelta(hours=2, seconds=5))
    drains.drain(actor=SWEEPER)
    assert fired(run) == ["first", "second"]


def test_a_timer_start_begins_a_run_and_sets_the_next_time(floor: Floor) -> None:
    cycle = (
        '<startEvent id="start"><timerEventDefinition><timeCycle>R/PT1H</timeCycle>'
        "</timerEventDefinition></startEvent>"
    )
    floor.deploy(line(user_task()).replace('<startEvent id="start"/>', cycle))
    later(timedelta(hours=3, minutes=30))

    assert drains.drain(actor=SWEEPER) == 1

    run = Instance.objects.get()
    assert run.started_by is None
    assert StartTimer.objects.get().due_at - clock.engine_now() < timedelta(minutes=31)
    assert drains.drain(actor=SWEEPER) == 0


def test_timers_of_an_older_version_start_nothing(floor: Floor) -> None:
    cycle = (
        '<startEvent id="start"><timerEventDefinition><timeCycle>R/PT1H</timeCycle>'
        "</timerEventDefinition></startEvent>"
    )
    floor.deploy(line(user_task()).replace('<startEvent id="start"/>', cycle))
    floor.deploy(line(user_task()))
    later(timedelta(hours=3))

    assert drains.drain(actor=SWEEPER) == 0
    assert not StartTimer.objects.exists()
