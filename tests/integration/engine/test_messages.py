"""A message wakes the run that has waited for it longest, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from engine.actions import messages
from engine.errors import MessageUnawaited
from engine.models.instances import Instance
from engine.semantics.errors import DecisionReserved
from governance.errors import NotAllowed
from tests.support.drawings import line
from tests.support.floor import Floor, gate

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


def publish(floor: Floor, key: Any, **rest: Any) -> Instance:
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
