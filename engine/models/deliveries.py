"""What one run says to others, until it has reached them: the outbox, and the letters kept."""

from __future__ import annotations

from django.db import models


class DeliveryKind(models.TextChoices):
    """What is on its way.

    The first four are for whoever they concern: START for a process, CALL for one that is called,
    SIGNAL and MESSAGE for those who wait. The others are for one run, `target_id`.
    """

    START = "START"
    CALL = "CALL"
    SIGNAL = "SIGNAL"
    MESSAGE = "MESSAGE"
    HEARD = "HEARD"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    ESCALATED = "ESCALATED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"


class Delivery(models.Model):
    """One thing said, written with its cause and gone with its effect; its queue entry has its id.

    `target_id` is the run that it is for, and `activity` the subscription or visit there. `name`
    is what a signal, message, error, escalation or process is called; `text` says more in words.
    `variables` is the text of JSON. A message is kept `until` a moment where its sender asked.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=DeliveryKind)
    source_id = models.UUIDField(null=True)
    target_id = models.UUIDField(null=True)
    activity = models.UUIDField(null=True)
    process_id = models.UUIDField(null=True)
    deployment_id = models.UUIDField(null=True)
    element = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255, blank=True)
    key = models.CharField(max_length=255, null=True)  # noqa: DJ001  (None is: any key)
    binding = models.CharField(max_length=16, blank=True)
    version_tag = models.CharField(max_length=255, blank=True)
    text = models.TextField(blank=True)
    variables = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["target_id", "id"],
                name="delivery_to_run",
                condition=models.Q(target_id__isnull=False),
            ),
            models.Index(
                fields=["unit_id", "name"],
                name="delivery_kept",
                condition=models.Q(kind="MESSAGE"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
