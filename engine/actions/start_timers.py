"""Timer start events: the runs that a version starts by itself."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from common.context import Actor
from common.ids import new_id
from engine import agenda
from engine.actions import instances, start_subscriptions
from engine.bpmn.events import TimerDefinition
from engine.bpmn.process import Process
from engine.models.deployments import Deployment
from engine.models.queue import Kind, QueueEntry
from engine.models.subscriptions import StartSubscription
from engine.models.timers import StartTimer
from engine.semantics import timers, variables
from engine.semantics.timers import Due
from engine.store import Lease

_LOCK = "SELECT due_at FROM engine_queueentry WHERE id = %s AND lease_epoch = %s FOR UPDATE"


def schedule(deployment: Deployment, model: Process, now: datetime) -> None:
    """Let the new version's timers count, and those of earlier versions no more."""
    earlier = StartTimer.objects.filter(deployment__process_id=deployment.process_id)
    QueueEntry.objects.filter(pk__in=earlier.values("pk")).delete()
    earlier.delete()
    for element, definition, joint in start_subscriptions.triggers(model):
        if not isinstance(definition, TimerDefinition):
            continue
        due = timers.first_due(definition, lambda text: variables.evaluate(text, {}, now), now)
        if due is None:
            continue
        timer = StartTimer(id=new_id(), deployment=deployment, element=element)
        _keep(timer, due)
        if joint:
            kind = start_subscriptions.TIMER
            start_subscriptions.keep(deployment, element, kind, str(timer.pk), joint=True)


@transaction.atomic
def fire(*, timer_id: UUID, lease: Lease, now: datetime, actor: Actor) -> None:
    """Start the run that is due, and say when the next one is; both or neither.

    Runs that were missed meanwhile are made up for by this one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [timer_id, lease.epoch])
        if cursor.fetchone() is None:
            return
    timer = StartTimer.objects.select_related("deployment__process").get(pk=timer_id)
    awaited = StartSubscription.objects.filter(
        kind=start_subscriptions.TIMER, name=str(timer_id)
    ).first()
    values = start_subscriptions.occur(awaited, {}) if awaited else {}
    if values is not None:
        instances.start_by_timer(
            actor=actor, deployment=timer.deployment, element=timer.element, values=values
        )
    due = timers.next_due(Due(timer.due_at, timer.cycle, timer.remaining), now)
    if due is None:
        QueueEntry.objects.filter(pk=timer_id).delete()
        timer.delete()
    else:
        _keep(timer, due)


def _keep(timer: StartTimer, due: Due) -> None:
    timer.unit_id = timer.deployment.unit_id
    timer.due_at, timer.cycle, timer.remaining = due.at, due.cycle, due.left
    timer.save()
    QueueEntry.objects.update_or_create(
        id=timer.pk,
        defaults={
            "unit_id": timer.unit_id,
            "instance_id": timer.pk,
            "kind": Kind.START,
            "shard": agenda.shard_of(timer.pk),
            "queue": "engine",
            "due_at": due.at,
            "lease_until": None,
        },
    )
