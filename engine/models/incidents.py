"""Incidents: what needs an operator. A row stays when it is resolved."""

from __future__ import annotations

from django.db import models

from engine.models.instances import Instance
from governance.models.processes import Process
from governance.models.units import Unit


class Incident(models.Model):
    """A token that cannot go on until somebody has looked. `resolution` is empty while it is open.

    `cause` is one sentence for all runs that failed alike: incidents are grouped by it.
    """

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="incidents", db_index=False
    )
    token = models.UUIDField()
    element = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    activity = models.UUIDField(null=True)
    code = models.CharField(max_length=60)
    cause = models.TextField()
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=16, blank=True, db_default="")

    class Meta:
        ordering = ["-raised_at", "-id"]
        indexes = [
            models.Index(
                fields=["unit", "-raised_at"],
                name="incident_open",
                condition=models.Q(resolution=""),
            ),
            models.Index(fields=["instance", "-raised_at"], name="incident_of_run"),
            models.Index(
                fields=["instance", "token"],
                name="incident_of_token",
                condition=models.Q(resolution=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.cause}"

    @property
    def process(self) -> Process:
        """Return the registry entry on which the grants hang."""
        return self.instance.process
