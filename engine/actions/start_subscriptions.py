"""What waits to start runs: the messages and signals that a version begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from common.ids import new_id
from engine import codec
from engine.bpmn.elements import Event, FlowNode, ReceiveTask
from engine.bpmn.events import (
    EventDefinition,
    MessageDefinition,
    SignalDefinition,
    TimerDefinition,
)
from engine.bpmn.process import Process
from engine.models.deliveries import Delivery
from engine.models.deployments import Deployment
from engine.models.instances import Instance
from engine.models.subscriptions import StartKey, StartSubscription
from engine.semantics import starts, variables

MESSAGE = "message"
SIGNAL = "signal"
#: One definition of several that are needed together; its name is the id of the start timer.
TIMER = "timer"


def subscribe(deployment: Deployment, model: Process) -> None:
    """Let the new version's messages and signals count, and those of earlier ones no more."""
    StartSubscription.objects.filter(process_id=deployment.process_id).delete()
    for element, definition, joint in triggers(model):
        kind = MESSAGE if isinstance(definition, MessageDefinition) else SIGNAL
        if isinstance(definition, MessageDefinition | SignalDefinition):
            name = variables.text_of(definition.name, {})
            keep(deployment, element, kind, str(name), joint=joint)


def keep(deployment: Deployment, element: str, kind: str, name: str, *, joint: bool) -> None:
    """Write that something named begins a run at an element."""
    StartSubscription.objects.create(
        id=new_id(),
        unit_id=deployment.unit_id,
        deployment=deployment,
        process_id=deployment.process_id,
        element=element,
        kind=kind,
        name=name,
        joint=joint,
    )


def triggers(model: Process) -> Iterator[tuple[str, EventDefinition, bool]]:
    """Yield the definitions that begin a run: where, what, and whether others are needed too."""
    for node, _gateway in starts.triggered(model):
        definitions = _definitions(node)
        joint = bool(getattr(node, "parallel_multiple", False)) and len(definitions) > 1
        for definition in definitions:
            if isinstance(definition, MessageDefinition | SignalDefinition | TimerDefinition):
                yield node.id, definition, joint


def occur(awaited: StartSubscription, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a run begins with now, or None while other definitions are missing.

    Those that are needed together are locked, so that the last one starts one run.
    """
    if not awaited.joint:
        return dict(values)
    together = list(
        StartSubscription.objects.filter(
            deployment_id=awaited.deployment_id, element=awaited.element
        )
        .order_by("id")
        .select_for_update()
    )
    for one in together:
        if one.pk == awaited.pk:
            one.occurred = codec.canonical(dict(values))
            one.save()
    if any(one.occurred is None for one in together):
        return None
    StartSubscription.objects.filter(pk__in=[one.pk for one in together]).update(occurred=None)
    brought = [codec.value_of(one.occurred) for one in together if one.occurred is not None]
    return {name: value for given in brought for name, value in given.items()}


def take_key(awaited: StartSubscription, key: str | None, holder: UUID) -> bool:
    """Take a message's key for the run it is to begin; False while another run holds it.

    Of one process and key at most one run that a message began is active, whatever its version;
    without a key, or where several events begin it together, there may be any number. `holder` is
    the run, or the delivery that will start it.
    """
    if not key or awaited.joint:
        return True
    held, is_new = StartKey.objects.select_for_update().get_or_create(
        process_id=awaited.process_id,
        key=key,
        defaults={"id": new_id(), "unit_id": awaited.unit_id, "holder": holder},
    )
    if not is_new:
        if _is_active(held.holder):
            return False
        held.holder = holder
        held.save(update_fields=["holder"])
    return True


def hand_key_on(delivery_id: UUID, run_id: UUID) -> None:
    """Let the run hold the key that the delivery which starts it has taken."""
    StartKey.objects.filter(holder=delivery_id).update(holder=run_id)


def _is_active(holder: UUID) -> bool:
    runs = Instance.objects.filter(pk=holder, ended_at__isnull=True)
    return runs.exists() or Delivery.objects.filter(pk=holder).exists()


def _definitions(node: FlowNode) -> tuple[EventDefinition, ...]:
    if isinstance(node, Event):
        return node.definitions
    if isinstance(node, ReceiveTask) and node.definition is not None:
        return (node.definition,)
    return ()
