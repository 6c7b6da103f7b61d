"""Carrying what one run says to the others: signals, messages, calls and their answers.

A delivery and its entry of the queue go with their effect, in one transaction, so that each arrives
once. What is for one run arrives in the order in which it was said. No transaction holds two runs,
but for those of a batch, which are locked in order of id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Greatest

from common.context import Actor
from common.errors import DomainError, Transient
from common.ids import new_id
from engine import agenda, announce, codec, leases, runtime, statements, store
from engine.actions import calls, instances, start_subscriptions
from engine.errors import RunBusy
from engine.leases import Claim
from engine.models.deliveries import Delivery, DeliveryKind
from engine.models.queue import Kind, QueueEntry
from engine.models.subscriptions import MessageSubscription, StartSubscription
from engine.queries import clock
from engine.runtime import Ask, Outcome
from engine.semantics import errors as refusals
from engine.semantics import variables
from engine.semantics.commands import (
    Cancel,
    Command,
    CompleteCall,
    CorrelateMessage,
    DeliverSignal,
    EscalateCall,
    FailCall,
    RefuseCall,
    StartInstance,
)
from engine.semantics.errors import RunFinished, WorkGone

_EARLY = timedelta(seconds=1)
_LATER = timedelta(seconds=10)
_BROKEN = timedelta(minutes=1)
_TRIES = 5

logger = logging.getLogger(__name__)


def carry(claims: Sequence[Claim], actor: Actor) -> None:
    """Carry what was claimed, and whatever else waits for the same runs."""
    by_id = {claim.lease.entry_id: claim for claim in claims}
    found = list(Delivery.objects.filter(pk__in=list(by_id)).order_by("at", "id"))
    gone = by_id.keys() - {delivery.pk for delivery in found}
    QueueEntry.objects.filter(pk__in=gone).delete()
    for delivery in found:
        if delivery.target_id is None:
            _spread(delivery, by_id[delivery.pk], actor)
    runs = {delivery.target_id for delivery in found if delivery.target_id is not None}
    mine = [by_id[one.pk] for one in found if one.target_id is not None]
    while runs:
        heads = _heads(runs)
        runs = {head.target_id for head in heads if head.target_id is not None}
        runs -= _tell(heads, mine, actor)


# To one run


def _heads(runs: Collection[UUID]) -> list[Delivery]:
    """Return what each run is to be told next."""
    return list(
        Delivery.objects.filter(target_id__in=runs)
        .order_by("target_id", "at", "id")
        .distinct("target_id")
    )


def _tell(heads: Sequence[Delivery], claims: Sequence[Claim], actor: Actor) -> set[UUID]:
    """Tell each run one thing; return the runs that can be told nothing more for now."""
    stuck: set[UUID] = set()
    for head in heads:
        if head.kind == DeliveryKind.CALL and not _begin(head, actor):
            stuck.add(_target(head))
    told = {head.pk: head for head in heads if head.kind != DeliveryKind.CALL}
    asks = [Ask(_target(one), _command(one), actor, delivery=one.pk) for one in told.values()]
    for outcome in runtime.advance(asks) if asks else ():
        head = told[outcome.ask.delivery or outcome.ask.instance_id]
        if not _is_through(outcome, head):
            stuck.add(_target(head))
    if stuck:
        leases.postpone([claim.lease for claim in claims], _LATER)
    return stuck


def _is_through(outcome: Outcome, head: Delivery) -> bool:
    """Tell whether a delivery has arrived, or never can; then nothing is left of it."""
    refusal = outcome.refusal
    if outcome.advance is not None and outcome.advance.happened:
        return True
    if isinstance(refusal, Transient) or outcome.is_broken:
        return False
    if refusal is not None:
        # Nobody waits for it any more; that is how most of these races end.
        extra = {"instance": str(head.target_id), "error": repr(refusal)}
        logger.info("delivery.unwanted", extra=extra)
    _forget(head)
    return True


@transaction.atomic
def _begin(call: Delivery, actor: Actor) -> bool:
    """Start a called run, or say why not; a call that was given up meanwhile starts nothing."""
    if not _is_held(call):
        return True
    given_up = Delivery.objects.filter(target_id=call.target_id, kind=DeliveryKind.CANCELLED)
    if not given_up.exists():
        try:
            with transaction.atomic():
                calls.start(call, actor)
        except Transient:
            return False
        except DomainError as error:
            _say(call, DeliveryKind.REFUSED, call.source_id, text=refusals.told(error))
    _forget(call)
    return True


_COMMANDS: Mapping[str, Callable[[str, Delivery, dict[str, Any]], Command]] = {
    DeliveryKind.HEARD: lambda wait, _one, values: DeliverSignal(wait, values),
    DeliveryKind.COMPLETED: lambda call, _one, values: CompleteCall(call, values),
    DeliveryKind.FAILED: lambda call, one, values: FailCall(call, one.name, one.text, values),
    DeliveryKind.ESCALATED: lambda call, one, values: EscalateCall(call, one.name, values),
    DeliveryKind.REFUSED: lambda call, one, _values: RefuseCall(call, one.text),
    DeliveryKind.CANCELLED: lambda _call, _one, _values: Cancel("its caller ended"),
}


def _command(delivery: Delivery) -> Command:
    values = codec.value_of(delivery.variables)
    return _COMMANDS[delivery.kind](str(delivery.activity), delivery, values)


# To whoever it concerns


def _spread(delivery: Delivery, claim: Claim, actor: Actor) -> None:
    """Find whom something said concerns, and tell them."""
    try:
        _SPREAD[delivery.kind](delivery, actor)
    except Transient:
        leases.postpone([claim.lease], _EARLY)
    except DomainError:
        logger.exception("delivery.refused", extra={"delivery": str(delivery.pk)})
        leases.postpone([claim.lease], _BROKEN)


@transaction.atomic
def _signal(signal: Delivery, _actor: Actor) -> None:
    """Tell every run that waited when it was thrown, and start what begins by it.

    The run that threw it has heard it already.
    """
    if not _is_held(signal):
        return
    waiting = MessageSubscription.objects.filter(
        unit_id=signal.unit_id, kind="signal", name=signal.name, since__lte=signal.at
    )
    if signal.source_id is not None:
        waiting = waiting.exclude(instance_id=signal.source_id)
    for subscription, instance in waiting.order_by("since", "id").values_list("id", "instance_id"):
        _say(signal, DeliveryKind.HEARD, instance, activity=subscription)
    for awaited in _begun_by(signal, start_subscriptions.SIGNAL):
        _occur(signal, awaited)
    _forget(signal)


@transaction.atomic
def _message(message: Delivery, actor: Actor) -> None:
    """Deliver to the one that has waited longest, else to what begins by it, else keep it."""
    if not _is_held(message):
        return
    now = clock.engine_now()
    if message.until is not None and message.until <= now:
        _forget(message)
    elif not _deliver(message, actor):
        awaited = _begun_by(message, start_subscriptions.MESSAGE).first()
        has_begun = awaited is not None and _occur(message, awaited)
        if has_begun or message.until is None:
            _forget(message)
        else:
            # Nothing tells that a run has ended which holds the key: it is looked for again.
            again = now + _LATER if awaited is not None else message.until
            _keep(message, min(again, message.until))


def _deliver(message: Delivery, actor: Actor) -> bool:
    """Deliver a message to a run that waits; False when there is none."""
    for _try in range(_TRIES):
        found = _awaiting(message).select_related("instance").order_by("since", "id").first()
        if found is None:
            return False
        values = codec.value_of(message.variables)
        if message.source_id is not None:
            # What a run throws decides no gate of another, whatever its variables are called.
            model = store.model_of(found.instance.deployment_id)
            values = variables.undecided(model, values)
        command = CorrelateMessage(str(found.pk), values)
        try:
            runtime.advance_one(Ask(found.instance_id, command, actor, delivery=message.pk))
        except (WorkGone, RunFinished):
            continue
        return True
    raise RunBusy


def _awaiting(message: Delivery) -> Any:
    wanted = Q(key__isnull=True)
    if message.key is not None:
        wanted |= Q(key=message.key)
    waiting = MessageSubscription.objects.filter(
        wanted, unit_id=message.unit_id, kind="message", name=message.name
    )
    return _concerned(waiting, message)


def _concerned(waiting: Any, said: Delivery) -> Any:
    """Leave the process that a sender named; what a run throws goes to other processes.

    Within one process BPMN has no message flow (7.3.2).
    """
    if said.kind != DeliveryKind.MESSAGE or said.process_id is None:
        return waiting
    if said.source_id is None:
        return waiting.filter(process_id=said.process_id)
    return waiting.exclude(process_id=said.process_id)


def _keep(message: Delivery, until: datetime) -> None:
    """Keep a message for somebody who will wait for it; look again then."""
    with connection.cursor() as cursor:
        cursor.execute(statements.KEEP_MESSAGE, [message.unit_id, message.name])
    # Whoever began to wait meanwhile is seen now; whoever begins later wakes the message.
    due = message.at if _awaiting(message).exists() else until
    QueueEntry.objects.filter(pk=message.pk).update(
        due_at=Greatest(due, message.at), lease_until=None
    )


def _begun_by(said: Delivery, kind: str) -> Any:
    waiting = StartSubscription.objects.filter(unit_id=said.unit_id, kind=kind, name=said.name)
    return _concerned(waiting, said).order_by("id")


def _occur(said: Delivery, awaited: StartSubscription) -> bool:
    """Start what begins by something said; False while an earlier run of its key is active."""
    start_id = new_id()
    if not start_subscriptions.take_key(awaited, said.key, start_id):
        return False
    values = start_subscriptions.occur(awaited, codec.value_of(said.variables))
    if values is not None:
        place: dict[str, Any] = {"deployment": awaited.deployment_id, "element": awaited.element}
        text = codec.canonical(values)
        _say(said, DeliveryKind.START, None, identity=start_id, values=text, **place)
    return True


@transaction.atomic
def _start(start: Delivery, actor: Actor) -> None:
    """Start a run at an event that has occurred."""
    if not _is_held(start) or start.deployment_id is None:
        return
    model = store.model_of(start.deployment_id)
    given = variables.undecided(model, codec.value_of(start.variables))
    ask = Ask(new_id(), StartInstance(given, element=start.element), actor)
    instances.start_by_event(ask=ask, deployment_id=start.deployment_id, source_id=start.source_id)
    start_subscriptions.hand_key_on(start.pk, ask.instance_id)
    _forget(start)


_SPREAD: Mapping[str, Callable[[Delivery, Actor], None]] = {
    DeliveryKind.SIGNAL: _signal,
    DeliveryKind.MESSAGE: _message,
    DeliveryKind.START: _start,
}


# Rows


def _say(  # noqa: PLR0913  (the columns that differ)
    cause: Delivery,
    kind: DeliveryKind,
    target: UUID | None,
    *,
    identity: UUID | None = None,
    activity: UUID | None = None,
    deployment: UUID | None = None,
    element: str = "",
    text: str = "",
    values: str | None = None,
) -> None:
    """Write what follows from something said."""
    following = Delivery(
        id=identity or new_id(),
        unit_id=cause.unit_id,
        kind=kind,
        source_id=cause.source_id,
        target_id=target,
        activity=activity or cause.activity,
        deployment_id=deployment,
        element=element,
        text=text,
        variables=cause.variables if values is None else values,
        at=cause.at,
    )
    write(following, cause.at)


def write(delivery: Delivery, due: datetime) -> None:
    """Write a delivery with its entry of the queue, and ring when the transaction has committed."""
    delivery.save(force_insert=True)
    shard = agenda.shard_of(delivery.target_id or delivery.pk)
    entry = (delivery.pk, delivery.unit_id, delivery.pk, Kind.DELIVER.value, shard, "engine", due)
    fields = ("id", "unit_id", "instance_id", "kind", "shard", "queue", "due_at")
    QueueEntry.objects.create(**dict(zip(fields, entry, strict=True)))
    transaction.on_commit(lambda: announce.ring([announce.bell_of(entry)]), robust=True)


def _is_held(delivery: Delivery) -> bool:
    """Lock a delivery; False when it has arrived already."""
    return Delivery.objects.select_for_update().filter(pk=delivery.pk).exists()


@transaction.atomic
def _forget(delivery: Delivery) -> None:
    QueueEntry.objects.filter(pk=delivery.pk).delete()
    Delivery.objects.filter(pk=delivery.pk).delete()


def _target(delivery: Delivery) -> UUID:
    if delivery.target_id is None:
        raise ValueError(delivery.kind)
    return delivery.target_id
