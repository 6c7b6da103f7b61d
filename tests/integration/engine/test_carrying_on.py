"""A run that was cut short is carried on to its end, wherever the cut was, and then left alone."""

from __future__ import annotations

import pytest

from common.context import automation
from engine import runtime
from engine.actions import drains, instances
from engine.models.instances import Instance
from engine.models.queue import Kind, QueueEntry
from engine.runtime import Share
from tests.support.drawings import line
from tests.support.floor import Floor, user_task

pytestmark = pytest.mark.django_db

WORKER = automation("worker")
STEPS = 12
"""As many as the run below takes at least: each of them is where a transaction may end."""

INCLUSIVE = (
    '<startEvent id="start"/><inclusiveGateway id="split"/><task id="one"/><task id="two"/>'
    '<inclusiveGateway id="join"/><endEvent id="end"/>'
    '<sequenceFlow id="a" sourceRef="start" targetRef="split"/>'
    '<sequenceFlow id="b" sourceRef="split" targetRef="one"/>'
    '<sequenceFlow id="c" sourceRef="split" targetRef="two"/>'
    '<sequenceFlow id="d" sourceRef="one" targetRef="join"/>'
    '<sequenceFlow id="e" sourceRef="two" targetRef="join"/>'
    '<sequenceFlow id="f" sourceRef="join" targetRef="end"/>'
)


def cut(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Let every transaction end after so many steps."""
    short = Share(stride=steps, budget=steps, seconds=5.0)
    monkeypatch.setattr(runtime.advance_one, "__defaults__", (short,))
    rest = (runtime.advance.__defaults__ or ())[1:]
    monkeypatch.setattr(runtime.advance, "__defaults__", (short, *rest))
    monkeypatch.setattr(runtime, "INLINE", short)


@pytest.mark.parametrize("steps", range(1, STEPS))
def test_a_run_ends_wherever_its_transactions_are_cut(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    cut(monkeypatch, steps)
    floor.deploy(INCLUSIVE)
    run = floor.start()

    while drains.drain(actor=WORKER):
        pass

    run.refresh_from_db()
    assert run.state == "COMPLETED"
    assert not QueueEntry.objects.exists()


def test_what_was_to_be_carried_on_is_done_once_a_pause_is_over(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.deploy(line('<task id="one"/>', '<task id="two"/>', user_task()))
    with monkeypatch.context() as patched:
        cut(patched, 2)
        run = floor.start()
    assert QueueEntry.objects.get().kind == Kind.CONTINUE

    instances.pause_instance(actor=floor.ben, instance_id=run.pk, reason="Wait")
    instances.resume_instance(actor=floor.ben, instance_id=run.pk, reason="Go")

    assert Instance.objects.get().state == "WAITING"
    assert not QueueEntry.objects.exists()


def test_a_run_that_somebody_carried_on_meanwhile_is_left_alone(floor: Floor) -> None:
    floor.deploy(line(user_task()))
    run = floor.start()
    row = {"unit_id": run.unit_id, "instance_id": run.pk, "kind": Kind.CONTINUE, "shard": 0}
    QueueEntry.objects.create(id=run.pk, queue="engine", due_at=run.started_at, **row)

    assert drains.drain(actor=WORKER) == 1

    assert not QueueEntry.objects.exists()
