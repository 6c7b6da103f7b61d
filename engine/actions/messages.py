"""Publishing messages to runs that wait for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.context import Actor
from common.ids import new_id
from engine import runtime
from engine.actions import receipts
from engine.errors import MessageUnawaited
from engine.models.instances import Instance
from engine.models.subscriptions import MessageSubscription
from engine.runtime import Ask
from engine.semantics import correlation
from engine.semantics.commands import CorrelateMessage
from engine.semantics.errors import WorkGone
from governance import access, audit
from governance.audit_codes import Code
from governance.models.processes import Process

#: How often we look again when another message was faster at the same subscription.
_TRIES = 5


@transaction.atomic
def publish_message(
    *,
    actor: Actor,
    process_id: UUID,
    name: str,
    correlation_key: str | float | None,
    variables: Mapping[str, Any],
    idempotency_key: str = "",
) -> Instance:
    """Deliver a message to the run of a process that has waited for it longest.

    Raises:
        NotAllowed, NotFound: the actor may not publish messages to runs of this process.
        MessageUnawaited: no run waits for it.
        ValueUnusable: the key is neither a text nor a number.
        RequestDiffers: the idempotency key was used for another request.
    """
    process = Process.objects.get(pk=process_id)
    access.require("message.publish", actor=actor, subject=process)
    key = None if correlation_key is None else correlation.key_of(correlation_key)
    request = {"name": name, "key": key, "values": dict(variables)}
    found = _oldest(process, name, key)
    earlier = receipts.earlier_result(
        f"message.publish/{process.pk}",
        process.unit_id,
        actor,
        idempotency_key,
        request=request,
        result_id=found.instance_id if found else new_id(),
    )
    if earlier is not None:
        return Instance.objects.get(pk=earlier)
    instance = _deliver(process, name, key, variables, actor)
    audit.record(
        Code.MESSAGE_PUBLISHED, actor=actor, subject=instance, after={"name": name, "key": key}
    )
    return instance


def _deliver(
    process: Process, name: str, key: str | None, values: Mapping[str, Any], actor: Actor
) -> Instance:
    for _try in range(_TRIES):
        found = _oldest(process, name, key)
        if found is None:
            break
        command = CorrelateMessage(str(found.pk), dict(values))
        try:
            runtime.advance_one(Ask(found.instance_id, command, actor))
        except WorkGone:
            continue
        return Instance.objects.select_related("process").get(pk=found.instance_id)
    raise MessageUnawaited(process=process.name, name=name)


def _oldest(process: Process, name: str, key: str | None) -> MessageSubscription | None:
    waiting = MessageSubscription.objects.filter(process=process, kind="message", name=name)
    wanted = Q(key__isnull=True) if key is None else Q(key=key) | Q(key__isnull=True)
    return waiting.filter(wanted).order_by("since", "id").first()
