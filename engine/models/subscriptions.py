"""Messages, signals and conditions that are awaited; and what waits to start runs.

A subscription that was used up or cancelled has no row.
"""

from __future__ import annotations

from django.db import models

from engine.models.deployments import Deployment
from engine.models.instances import Instance
from governance.models.processes import Process


class MessageSubscription(models.Model):
    """A message of this name and key (None is woken by any), or a signal, or a condition.

    `ordinal` and `met` are a condition's. Without a token an event sub-process waits, and
    `activity` is the scope it stands in. `joint` ones of one event must all come true.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    process = models.ForeignKey(
        Process, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    instance = models.ForeignKey(
        Instance,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="subscriptions",
    )
    element = models.CharField(max_length=255)
    activity = models.UUIDField()
    token = models.UUIDField(null=True)
    kind = models.CharField(max_length=16, db_default="message")
    joint = models.BooleanField(db_default=False)
    ordinal = models.PositiveSmallIntegerField(db_default=0)
    met = models.BooleanField(db_default=False)
    name = models.CharField(max_length=255)
    key = models.CharField(max_length=255, null=True)  # noqa: DJ001  (None is: any key)
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "id"]
        indexes = [
            models.Index(fields=["process", "name", "since"], name="awaiting_message"),
            models.Index(fields=["unit_id", "name", "since"], name="awaiting_in_unit"),
            models.Index(fields=["instance", "activity"], name="awaited_by_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.key or ''}"


class StartKey(models.Model):
    """The key of the message that began a run: while that is active, no other begins by it.

    `holder` is the run, or the delivery that will start it.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    process = models.ForeignKey(
        Process, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    key = models.CharField(max_length=255)
    holder = models.UUIDField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "key"], name="start_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class StartSubscription(models.Model):
    """A message or signal of this name starts a run of a deployment at `element`.

    Those of the newest version alone count. `joint` ones of one element are all needed: what came
    so far keeps its values in `occurred`, as the text of JSON.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    deployment = models.ForeignKey(
        Deployment, on_delete=models.PROTECT, related_name="start_subscriptions"
    )
    process = models.ForeignKey(
        Process, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    element = models.CharField(max_length=255)
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=255)
    joint = models.BooleanField(default=False)
    occurred = models.TextField(null=True)  # noqa: DJ001  (None is: it has not come)

    class Meta:
        indexes = [models.Index(fields=["unit_id", "name"], name="starting_in_unit")]

    def __str__(self) -> str:
        return f"{self.element} {self.name}"
