"""A message wakes the run that has waited for it longest, and no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from common.context import automation
from engine.actions import drains, messages
from engine.errors import MessageKeyTaken, MessageUnawaited
from engine.models.deliveries import Delivery
from engine.models.instances import Instance
from engine.models.queue import QueueEntry
from engine.queries import clock
from engine.semantics.errors import DecisionReserved
from governance.errors import NotAllowed
from tests.support.drawings import line
from tests.support.floor import Floor, gate, user_task

pytestmark = pytest.mark.django_db

MESSAGE = (
    '<message id="m" name="approved"><extensionElements>'
    '<zeebe:subscription correlationKey="=order"/></extensionElements></message>'
)
FORM = (
    '<extensionElements><zeebe:userTaskForm id="f">{"type":"default","components":'
    '[{"type":"textfield","key":"order"}]}</zeebe:userTaskForm></extensionElements>'
)
BODY = FORM + line(
    '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/>'
    "</intermediateCatchEvent>"
).replace(
    '<startEvent id="start"/>',
    '<startEvent id="start"><extensionElements><zeebe:formDefinition'
    ' formKey="camunda-forms:bpmn:f"/></extensionElements></startEvent>',
)


@pytest.fixture
def waiting(floor: Floor) -> list[Instance]:
    floor.deploy(BODY, before=MESSAGE)
    return [floor.start(variables={"order": order}) for order in ("A-1", "A-2")]


def publish(floor: Floor, key: Any, **rest: Any) -> Instance | None:
    return messages.publish_message(
        actor=rest.pop("by", floor.ben),
        process_id=floor.process.pk,
        name="approved",
        correlation_key=key,
        variables={"by": "mail"},
        **rest,
    )


def test_a_message_goes_to_the_run_of_its_key(floor: Floor, waiting: list[Instance]) -> None:
    woken = publish(floor, "A-2")

    assert woken is not None
    assert (woken, woken.state) == (waiting[1], "COMPLETED")
    waiting[0].refresh_from_db()
    assert waiting[0].state == "WAITING"


def test_a_message_nobody_waits_for_is_refused(floor: Floor, waiting: list[Instance]) -> None:
    with pytest.raises(MessageUnawaited):
        publish(floor, "A-3")


def test_a_message_with_one_key_acts_once(floor: Floor, waiting: list[Instance]) -> None:
    first = publish(floor, "A-1", idempotency_key="k")

    assert publish(floor, "A-1", idempotency_key="k") == first


def test_a_message_steers_no_gate(floor: Floor) -> None:
    wait = '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/>'
    floor.deploy(
        line(f"{wait}</intermediateCatchEvent>", gate()), before='<message id="m" name="go"/>'
    )
    run = floor.start()
    sent: dict[str, Any] = {"actor": floor.ben, "process_id": floor.process.pk, "name": "go"}

    with pytest.raises(DecisionReserved):
        messages.publish_message(**sent, correlation_key=None, variables={"decision": "approve"})

    run.refresh_from_db()
    assert (run.state, run.variables.count()) == ("WAITING", 0)
    assert messages.publish_message(**sent, correlation_key=None, variables={}) == run


def test_who_has_no_grant_publishes_nothing(floor: Floor, waiting: list[Instance]) -> None:
    with pytest.raises(NotAllowed):
        publish(floor, "A-1", by=floor.ana)


def test_a_message_that_is_kept_waits_for_who_will_wait_for_it(floor: Floor) -> None:
    floor.deploy(BODY, before=MESSAGE)
    assert publish(floor, "A-1", kept_for=timedelta(hours=1)) is None
    drained()
    assert Delivery.objects.count() == 1

    other, run = (floor.start(variables={"order": order}) for order in ("A-2", "A-1"))
    drained()

    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.state, other.state) == ("COMPLETED", "WAITING")
    assert not Delivery.objects.exists()


def test_a_message_is_kept_no_longer_than_was_asked(floor: Floor) -> None:
    floor.deploy(BODY, before=MESSAGE)
    publish(floor, "A-1", kept_for=timedelta(hours=1))
    drained()
    Delivery.objects.update(until=clock.engine_now())
    QueueEntry.objects.update(due_at=clock.engine_now(), lease_until=None)

    drained()

    assert not Delivery.objects.exists()
    assert not QueueEntry.objects.exists()


def test_a_message_starts_the_run_that_begins_by_it_once(floor: Floor) -> None:
    start = '<startEvent id="start"><messageEventDefinition messageRef="m"/></startEvent>'
    floor.deploy(
        line('<task id="t"/>').replace('<startEvent id="start"/>', start),
        before='<message id="m" name="approved"/>',
    )

    first = publish(floor, None, idempotency_key="k")

    assert first is not None
    assert (first.state, first.started_by_id) == ("COMPLETED", floor.ben.person_id)
    assert publish(floor, None, idempotency_key="k") == first
    assert Instance.objects.count() == 1


def drained() -> None:
    while drains.drain(actor=automation("worker")):
        pass


BEGUN = line(user_task()).replace(
    '<startEvent id="start"/>',
    '<startEvent id="start"><messageEventDefinition messageRef="m"/></startEvent>',
)
OPEN = '<message id="m" name="approved"/>'


class TestARunThatAMessageBegins:
    def test_is_the_only_active_one_of_its_key(self, floor: Floor) -> None:
        floor.deploy(BEGUN, before=OPEN)
        first = publish(floor, "A-1")
        assert first is not None
        with pytest.raises(MessageKeyTaken):
            publish(floor, "A-1")
        assert publish(floor, "A-2") is not None
        assert publish(floor, None) is not None
        assert publish(floor, None) is not None

        floor.complete(floor.task(first))
        assert publish(floor, "A-1") not in {first, None}

    def test_is_so_across_versions(self, floor: Floor) -> None:
        floor.deploy(BEGUN, before=OPEN)
        assert publish(floor, "A-1") is not None
        floor.deploy(BEGUN, before=OPEN)
        with pytest.raises(MessageKeyTaken):
            publish(floor, "A-1")

    def test_lets_a_kept_message_wait_until_it_ends(self, floor: Floor) -> None:
        floor.deploy(BEGUN, before=OPEN)
        first = publish(floor, "A-1")
        assert first is not None
        assert publish(floor, "A-1", kept_for=timedelta(hours=1)) is None
        drains.drain(actor=automation("worker"))
        assert Instance.objects.count() == 1

        floor.complete(floor.task(first))
        QueueEntry.objects.update(due_at=clock.engine_now())
        while drains.drain(actor=automation("worker")):
            pass
        assert Instance.objects.count() == 2
        assert not Delivery.objects.exists()
        with pytest.raises(MessageKeyTaken):
            publish(floor, "A-1")
