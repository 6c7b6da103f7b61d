"""Messages that are awaited. A subscription that was used up or cancelled has no row."""

from __future__ import annotations

from django.db import models

from engine.models.instances import Instance
from governance.models.processes import Process


class MessageSubscription(models.Model):
    """A token waits for a message of this name and key; key None is woken by any."""

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    process = models.ForeignKey(
        Process, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="subscriptions"
    )
    element = models.CharField(max_length=255)
    activity = models.UUIDField()
    token = models.UUIDField()
    name = models.CharField(max_length=255)
    key = models.CharField(max_length=255, null=True)  # noqa: DJ001  (None is: any key)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        indexes = [models.Index(fields=["process", "name", "since"], name="awaiting_message")]

    def __str__(self) -> str:
        return f"{self.name} {self.key or ''}"
