"""How much of the installation a unit may use: one row of numbers, where an admin set any."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from governance.history import acting_account
from governance.models.units import Unit


class UnitLimits(models.Model):
    """The limits of a unit. None is the installation's own; workers read them across units.

    `starts_per_minute` counts the runs that began in the last 60 seconds, `runs_alive` those that
    have not ended. `jobs_at_once` is how much work of its service tasks workers do at one time,
    `jobs_per_target` how much of that at one system. `transitions` are steps of a run without
    anything from outside, `live_tokens` those of one scope, `nested_calls` calls within calls,
    `value_bytes` the most that one variable may hold, as JSON.
    """

    unit = models.OneToOneField(
        Unit, on_delete=models.PROTECT, primary_key=True, related_name="limits"
    )
    starts_per_minute = models.PositiveIntegerField(null=True)
    runs_alive = models.PositiveIntegerField(null=True)
    jobs_at_once = models.PositiveIntegerField(null=True)
    jobs_per_target = models.PositiveIntegerField(null=True)
    transitions = models.PositiveIntegerField(null=True)
    live_tokens = models.PositiveIntegerField(null=True)
    nested_calls = models.PositiveIntegerField(null=True)
    value_bytes = models.PositiveIntegerField(null=True)
    history = HistoricalRecords(get_user=acting_account)

    def __str__(self) -> str:
        return f"Limits of {self.unit}"
