"""The queue: what is due, when, and under whose lease. Ids and times, nothing else.

The engine's role reads it across units, which is why no value of a run may ever stand here.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models

#: How many shards instances are spread over; a doorbell names one.
SHARDS = 16
#: When the work of a paused run is due. The row stays, so that a result on its way is fenced by it.
PARKED = datetime(9999, 1, 1, tzinfo=UTC)


class Kind(models.TextChoices):
    """What is due: a job, a timer, a run that was cut short, the start of one, or a delivery."""

    JOB = "JOB"
    TIMER = "TIMER"
    CONTINUE = "CONTINUE"
    START = "START"
    DELIVER = "DELIVER"


class QueueEntry(models.Model):
    """Work that is due. Its id is that of the job, timer, instance, start timer or delivery.

    `lease_epoch` comes from a sequence, so that no two claims of anything ever share one.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind)
    shard = models.PositiveSmallIntegerField()
    queue = models.CharField(max_length=16)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_epoch = models.PositiveBigIntegerField(db_default=0)

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at"], name="queue_due"),
            models.Index(fields=["instance_id"], name="queue_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
