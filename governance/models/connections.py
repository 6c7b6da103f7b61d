"""Where runs may call: named systems, and the hosts and ports a unit allows."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from common.ids import new_id
from governance.history import acting_account
from governance.models.units import Unit


class Connection(models.Model):
    """A system that models call by name, so that no model holds an address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="connections")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    base_url = models.URLField()
    history = HistoricalRecords(get_user=acting_account)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], name="connection_key_in_unit")
        ]

    def __str__(self) -> str:
        return self.name


class EgressDestination(models.Model):
    """A host and port that service tasks of the unit may reach. What is not listed is refused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="destinations")
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    reason = models.TextField()
    history = HistoricalRecords(get_user=acting_account)

    class Meta:
        ordering = ["host", "port"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "host", "port"], name="destination_once_in_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
