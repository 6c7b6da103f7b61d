"""Publishing messages: to runs that wait for them, that begin by them, or will wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.context import Actor
from common.ids import new_id
from engine import codec, runtime
from engine.actions import deliveries, instances, quotas, receipts, start_subscriptions
from engine.errors import MessageKeyTaken, MessageUnawaited
from engine.models.deliveries import Delivery, DeliveryKind
from engine.models.instances import Instance
from engine.models.subscriptions import MessageSubscription, StartSubscription
from engine.queries import clock
from engine.runtime import Ask
from engine.semantics import correlation
from engine.semantics.commands import CorrelateMessage, StartInstance
from engine.semantics.errors import WorkGone
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process

#: How often we look again when another message was faster at the same subscription.
_TRIES = 5
#: For how long a message is kept at most.
LONGEST_KEPT = timedelta(days=30)


@transaction.atomic
def publish_message(  # noqa: PLR0913  (one keyword for each part of the request)
    *,
    actor: Actor,
    process_id: UUID,
    name: str,
    correlation_key: str | float | None,
    variables: Mapping[str, Any],
    idempotency_key: str = "",
    kept_for: timedelta = timedelta(0),
) -> Instance | None:
    """Deliver a message to the run of a process that has waited for it longest.

    Where none waits, it starts the run that begins by it; else it is kept for so long, for whoever
    will wait for it, and None is returned.

    Raises:
        NotAllowed, NotFound: the actor may not publish messages to runs of this process.
        MessageUnawaited: no run waits for it or begins by it, and it is not to be kept.
        MessageKeyTaken: the run that an earlier one of its key began is active, likewise.
        PayloadTooLarge: the variables are larger than may come in.
        TooManyStarts, TooManyRuns: it would start a run, and the unit may start no more.
        ValueUnusable: the key is neither a text nor a number.
        RequestDiffers: the idempotency key was used for another request.
    """
    process = Process.objects.get(pk=process_id)
    access.require("message.publish", actor=actor, subject=process)
    quotas.require_size(process.unit_id, variables)
    key = None if correlation_key is None else correlation.key_of(correlation_key)
    request = {"name": name, "key": key, "values": dict(variables)}
    found = _oldest(process, name, key)
    begun = None if found else _begun(process, name)
    result = found.instance_id if found else new_id()
    earlier = receipts.earlier_result(
        f"message.publish/{process.pk}",
        process.unit_id,
        actor,
        idempotency_key,
        request=request,
        result_id=result,
    )
    if earlier is not None:
        return Instance.objects.filter(pk=earlier).first()
    message = _Message(process, name, key, variables)
    instance = _taken(message, begun, found, result, kept_for, actor)
    audit.record(
        Code.MESSAGE_PUBLISHED,
        actor=actor,
        subject=instance or process,
        after={"name": name, "key": key},
    )
    return instance


@dataclass(frozen=True, slots=True)
class _Message:
    """What is published, and to the runs of which process."""

    process: Process
    name: str
    key: str | None
    variables: Mapping[str, Any]


def _taken(
    message: _Message,
    begun: StartSubscription | None,
    found: MessageSubscription | None,
    instance_id: UUID,
    kept_for: timedelta,
    actor: Actor,
) -> Instance | None:
    """Begin a run by the message, keep it, or deliver it."""
    is_free = begun is None or start_subscriptions.take_key(begun, message.key, instance_id)
    if begun is not None and is_free:
        return _begin(message, begun, instance_id, actor)
    if found is None and kept_for > timedelta(0):
        _keep(message, kept_for)
        return None
    if not is_free:
        raise MessageKeyTaken(process=message.process.name, key=message.key)
    return _deliver(message, actor)


def _begin(
    message: _Message, begun: StartSubscription, instance_id: UUID, actor: Actor
) -> Instance:
    values = start_subscriptions.occur(begun, message.variables)
    if values is None:
        raise MessageUnawaited(process=message.process.name, name=message.name)
    ask = Ask(instance_id, StartInstance(values, element=begun.element), actor)
    return instances.start_by_event(ask=ask, deployment_id=begun.deployment_id, source_id=None)


def _keep(message: _Message, kept_for: timedelta) -> None:
    now = clock.engine_now()
    kept = Delivery(
        id=new_id(),
        unit_id=message.process.unit_id,
        kind=DeliveryKind.MESSAGE,
        process_id=message.process.pk,
        name=message.name,
        key=message.key,
        variables=codec.canonical(dict(message.variables)),
        at=now,
        until=now + min(kept_for, LONGEST_KEPT),
    )
    deliveries.write(kept, now)


def _begun(process: Process, name: str) -> StartSubscription | None:
    waiting = StartSubscription.objects.filter(
        process=process, kind=start_subscriptions.MESSAGE, name=name, joint=False
    )
    return waiting.order_by("id").first()


def _deliver(message: _Message, actor: Actor) -> Instance:
    for _try in range(_TRIES):
        found = _oldest(message.process, message.name, message.key)
        if found is None:
            break
        command = CorrelateMessage(str(found.pk), dict(message.variables))
        try:
            runtime.advance_one(Ask(found.instance_id, command, actor))
        except WorkGone:
            continue
        return Instance.objects.select_related("process").get(pk=found.instance_id)
    raise MessageUnawaited(process=message.process.name, name=message.name)


def _oldest(process: Process, name: str, key: str | None) -> MessageSubscription | None:
    waiting = MessageSubscription.objects.filter(process=process, kind="message", name=name)
    wanted = Q(key__isnull=True) if key is None else Q(key=key) | Q(key__isnull=True)
    return waiting.filter(wanted).order_by("since", "id").first()
