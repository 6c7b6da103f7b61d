"""What runs say to each other: calls, signals and messages, each arriving once and in order."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common.context import automation
from engine.actions import deployments, drains, incidents, instances
from engine.models.deliveries import Delivery
from engine.models.incidents import Incident
from engine.models.instances import Instance
from engine.models.queue import QueueEntry
from engine.queries import clock, journals
from governance.models.processes import Process
from tests.support.drawings import drawing, line
from tests.support.floor import Floor, user_task

pytestmark = pytest.mark.django_db

WORKER = automation("worker")


def called_by(name: str, binding: str = "") -> str:
    return (
        f'<callActivity id="call"><extensionElements><zeebe:calledElement processId="{name}"'
        f" {binding}/></extensionElements></callActivity>"
    )


def another(floor: Floor, key: str, body: str, *, number: int = 1, tag: str = "") -> Process:
    """Place a process of its own beside that of the floor; its id in the model is its key."""
    known = Process.objects.filter(unit=floor.office.unit, key=key).first()
    process = known or floor.office.process(key, board=floor.process.board)
    xml = drawing(body).replace(b'<process id="p"', f'<process id="{key}"'.encode())
    if tag:
        said = f'<extensionElements><zeebe:versionTag value="{tag}"/></extensionElements>'
        start = xml.index(b">", xml.index(b"<process ")) + 1
        xml = xml[:start] + said.encode() + xml[start:]
    deployments.deploy(
        actor=floor.gita,
        process=process,
        number=number,
        digest=hashlib.sha256(xml).hexdigest(),
        xml=xml,
        authors=[],
    )
    return process


def settle() -> None:
    while drains.drain(actor=WORKER):
        pass


def start(floor: Floor, **rest: Any) -> Instance:
    run = floor.start(**rest)
    settle()
    return run


def state_of(run: Instance) -> str:
    run.refresh_from_db()
    assert list(journals.differences(run.pk)) == []
    return run.state


def test_a_called_run_is_a_run_of_its_own_and_its_end_goes_on_in_the_caller(floor: Floor) -> None:
    another(floor, "inner", line(user_task()))
    floor.deploy(line(called_by("inner")))
    run = start(floor)

    child = Instance.objects.get(parent=run)
    assert (child.depth, child.started_by_id) == (1, floor.ben.person_id)
    assert (state_of(run), state_of(child)) == ("WAITING", "WAITING")

    floor.complete(floor.task(child))
    settle()

    assert (state_of(run), state_of(child)) == ("COMPLETED", "COMPLETED")
    assert not Delivery.objects.exists()
    assert not QueueEntry.objects.exists()


def test_who_is_gone_takes_along_whom_they_called(floor: Floor) -> None:
    another(floor, "inner", line(user_task()))
    floor.deploy(line(called_by("inner")))
    run = start(floor)
    child = Instance.objects.get(parent=run)

    instances.cancel_instance(actor=floor.ben, instance_id=run.pk, reason="Not wanted")
    settle()

    assert (state_of(run), state_of(child)) == ("CANCELLED", "CANCELLED")


def test_a_call_given_up_before_it_was_made_starts_nothing(floor: Floor) -> None:
    another(floor, "inner", line(user_task()))
    floor.deploy(line(called_by("inner")))
    run = floor.start()

    instances.cancel_instance(actor=floor.ben, instance_id=run.pk, reason="Not wanted")
    settle()

    assert Instance.objects.filter(parent=run).count() == 0
    assert not QueueEntry.objects.exists()


def test_a_called_run_that_somebody_cancels_asks_for_an_operator(floor: Floor) -> None:
    inner = another(floor, "inner", line(user_task()))
    floor.deploy(line(called_by("inner")))
    run = start(floor)
    child = Instance.objects.get(parent=run)

    floor.office.grant("Ben Carter", "operate_run", inner)
    instances.cancel_instance(actor=floor.ben, instance_id=child.pk, reason="A mistake")
    settle()

    assert state_of(run) == "FAILED"
    assert "cancelled" in Incident.objects.get(instance=run).cause


def test_a_call_of_nothing_asks_for_an_operator_and_can_be_made_again(floor: Floor) -> None:
    floor.deploy(line(called_by("inner")))
    run = start(floor)
    incident = Incident.objects.get(instance=run)
    assert "inner" in incident.cause

    another(floor, "inner", line('<task id="t"/>'))
    incidents.retry_incident(actor=floor.ben, incident_id=incident.pk)
    settle()

    assert state_of(run) == "COMPLETED"


def test_calls_go_a_hundred_deep_and_no_deeper(floor: Floor) -> None:
    floor.deploy(line(called_by("production-change")))
    run = start(floor)

    assert max(Instance.objects.values_list("depth", flat=True)) == 100
    deepest = Instance.objects.get(depth=100)
    assert "100" in Incident.objects.get(instance=deepest).cause
    assert state_of(run) == "WAITING"


@pytest.mark.parametrize(
    ("binding", "which"),
    [
        ("", 3),
        ('bindingType="deployment"', 1),
        ('bindingType="versionTag" versionTag="stable"', 2),
    ],
)
def test_a_call_means_the_version_it_is_bound_to(floor: Floor, binding: str, which: int) -> None:
    another(floor, "inner", line('<task id="t"/>'))
    floor.deploy(line(called_by("inner", binding)))
    another(floor, "inner", line('<task id="t"/>'), number=2, tag="stable")
    another(floor, "inner", line('<task id="t"/>'), number=3)

    run = start(floor)

    assert Instance.objects.get(parent=run).deployment.number == which


def test_a_signal_reaches_every_run_that_waits_and_none_of_another_unit(floor: Floor) -> None:
    waits = '<intermediateCatchEvent id="w"><signalEventDefinition signalRef="s"/>'
    floor.deploy(line(f"{waits}</intermediateCatchEvent>"), before='<signal id="s" name="alarm"/>')
    waiting = [start(floor) for _ in range(3)]
    floor.deploy(
        line(
            '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="s"/>'
            "</intermediateThrowEvent>"
        ),
        before='<signal id="s" name="alarm"/>',
    )

    thrower = start(floor)

    assert {state_of(run) for run in [*waiting, thrower]} == {"COMPLETED"}
    assert not Delivery.objects.exists()


def test_what_was_said_arrives_once_though_two_workers_carry_it(floor: Floor) -> None:
    another(floor, "inner", line('<task id="t"/>'))
    floor.deploy(line(called_by("inner")))
    run = floor.start()
    entry = QueueEntry.objects.get(kind="DELIVER")

    drains.drain(actor=WORKER)
    # The entry comes again, as after a worker that died right behind its commit.
    entry.due_at = clock.engine_now() - timedelta(seconds=1)
    entry.save(force_insert=True)
    settle()

    assert Instance.objects.filter(parent=run).count() == 1
    assert state_of(run) == "COMPLETED"


def test_pages_lead_from_a_run_to_those_it_called_and_back(floor: Floor, client: Client) -> None:
    another(floor, "inner", line(user_task()))
    floor.deploy(line(called_by("inner")))
    run = start(floor)
    child = Instance.objects.get(parent=run)
    client.force_login(floor.office.people["Ben Carter"].accounts.get())

    assert f'href="/runs/{child.pk}"' in client.get(f"/runs/{run.pk}").content.decode()
    assert f'href="/runs/{run.pk}"' in client.get(f"/runs/{child.pk}").content.decode()


def test_a_signal_whose_name_no_column_holds_asks_for_an_operator(floor: Floor) -> None:
    throws = '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="s"/>'
    name = "=&quot;" + "x" * 300 + "&quot;"
    floor.deploy(
        line(f"{throws}</intermediateThrowEvent>"), before=f'<signal id="s" name="{name}"/>'
    )

    run = start(floor)

    assert state_of(run) == "FAILED"
