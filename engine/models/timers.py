"""Due times. A timer that came or was cancelled has no row; the journal tells of it."""

from __future__ import annotations

from django.db import models

from engine.models.deployments import Deployment
from engine.models.instances import Instance


class Timer(models.Model):
    """A due time. `remaining` counts the further turns of a cycle; None is without end.

    Without a token it is that of an event sub-process, and `activity` the scope it stands in.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="timers",
    )
    element = models.CharField(max_length=255)
    activity = models.UUIDField()
    token = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    cycle = models.CharField(max_length=255, blank=True)
    remaining = models.IntegerField(null=True)
    joint = models.BooleanField(db_default=False)

    class Meta:
        indexes = [models.Index(fields=["instance", "activity"], name="timer_of_visit")]

    def __str__(self) -> str:
        return f"{self.element} {self.due_at:%Y-%m-%d %H:%M}"


class StartTimer(models.Model):
    """When the next run of a deployment starts by itself. Those of the newest version alone count.

    A row is one timer start event; its due time moves on with every run it starts.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    deployment = models.ForeignKey(
        Deployment, on_delete=models.PROTECT, related_name="start_timers"
    )
    element = models.CharField(max_length=255)
    due_at = models.DateTimeField()
    cycle = models.CharField(max_length=255, blank=True)
    remaining = models.IntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.element} {self.due_at:%Y-%m-%d %H:%M}"
