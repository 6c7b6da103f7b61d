"""The queue: what is due, when, and under whose lease. Ids and times, nothing else.

The engine's role reads it across units, which is why no value of a run may ever stand here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

#: How many shards instances are spread over; a doorbell names one.
SHARDS = 16
#: When the work of a paused run is due. The row stays, so that a result on its way is fenced by it.
PARKED = datetime(9999, 1, 1, tzinfo=UTC)


#: Where jobs wait, by the kind of worker that does them. All other work waits in `ENGINE`.
ENGINE = "engine"
CONNECTOR, INTERNAL, SCRIPT = "connector", "internal", "script"
JOB_QUEUES = (CONNECTOR, INTERNAL, SCRIPT)
_ZONES = {CONNECTOR: "internet", INTERNAL: "internal"}


class Kind(models.TextChoices):
    """What is due: a job, a timer, a run that was cut short, the start of one, or a delivery."""

    JOB = "JOB"
    TIMER = "TIMER"
    CONTINUE = "CONTINUE"
    START = "START"
    DELIVER = "DELIVER"


#: What waits where.
QUEUES: Mapping[str, Sequence[Kind]] = {
    ENGINE: (Kind.TIMER, Kind.CONTINUE, Kind.START, Kind.DELIVER),
    **dict.fromkeys(JOB_QUEUES, (Kind.JOB,)),
}


def zone_of(queue: str) -> str:
    """Return the trust zone that the workers of a queue reach; "" where they reach no system."""
    return _ZONES.get(queue, "")


class QueueEntry(models.Model):
    """Work that is due. Its id is that of the job, timer, instance, start timer or delivery.

    `lease_epoch` comes from a sequence, so that no two claims of anything ever share one. `target`
    stands for the system that a job calls, as `target_of` makes it; 0 where it calls none.
    `held_for` is the circuit that keeps a job waiting, `held_since` the time it has waited for it.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind)
    shard = models.PositiveSmallIntegerField()
    queue = models.CharField(max_length=16)
    target = models.BigIntegerField(db_default=0)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_epoch = models.PositiveBigIntegerField(db_default=0)
    held_for = models.UUIDField(null=True)
    held_since = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["queue", "unit_id", "target", "due_at"], name="queue_line"),
            models.Index(
                fields=["lease_until"], name="queue_leased", condition=Q(lease_until__isnull=False)
            ),
            models.Index(fields=["instance_id", "kind"], name="queue_kinds_of_run"),
            models.Index(
                fields=["held_for"], name="queue_held", condition=models.Q(held_for__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


def target_of(system: str) -> int:
    """Return the number that stands for a system (such as `itsm.example.org:443`) in the queue.

    Its name is a unit's own business, and workers read the queue of all units.
    """
    digest = hashlib.sha256(system.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True) or 1
