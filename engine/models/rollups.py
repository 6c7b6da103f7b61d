"""Ended runs, counted: what reports read instead of the runs themselves.

A trigger of the database writes an `EndedRun` in the transaction that ends a run, and nobody waits
for anybody: it is a row of its own. The sweeper folds these rows into `RunTally`, which it alone
writes. What reports count is both together, so that a number never depends on when it was folded.
"""

from __future__ import annotations

from django.db import models


class Grain(models.TextChoices):
    """How long the time is that a tally stands for.

    Every zone's days begin at a quarter of an hour of UTC, so quarters add up to anybody's days.
    Durations are kept by the day, as a histogram.
    """

    QUARTER = "QUARTER"
    DAY = "DAY"


class EndedRun(models.Model):
    """A run that ended and is in no tally yet."""

    instance_id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    process_id = models.UUIDField()
    deployment_id = models.UUIDField()
    outcome = models.CharField(max_length=16)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.instance_id} {self.outcome}"


class RunTally(models.Model):
    """How many runs of a version that started within a time ended in one way.

    `span` is the class of their durations, as `engine_span` makes it; 0 for quarters, which count
    all of them.
    """

    pk = models.CompositePrimaryKey(
        "unit_id", "grain", "since", "process_id", "deployment_id", "outcome", "span"
    )
    unit_id = models.UUIDField()
    grain = models.CharField(max_length=8, choices=Grain)
    since = models.DateTimeField()
    process_id = models.UUIDField()
    deployment_id = models.UUIDField()
    outcome = models.CharField(max_length=16)
    span = models.SmallIntegerField()
    runs = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.runs} {self.outcome} since {self.since}"
