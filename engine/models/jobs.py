"""Jobs: work of service tasks offered to connectors. A row stays when the work is done."""

from __future__ import annotations

from django.db import models
from django.db.models import Value

from engine.models.instances import Instance
from governance.models.units import Unit


class JobState(models.TextChoices):
    """Whether the work is still to be done."""

    PENDING = "PENDING"
    FAILED = "FAILED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class Job(models.Model):
    """Work for a connector; its id is the activity's, whose jobs follow one another in one row.

    `listener` says which listener's it is, and is empty for the activity's own work.

    `attempts` and `stalls` are the machine's count of failures. `starts` counts how often a worker
    began since an outcome last came back: it is written before the work, so a job that kills its
    workers is found out. `request`, `answer` and `cause` tell of the last failure, masked.
    """

    id = models.UUIDField(primary_key=True)
    # Written with the run that is locked meanwhile: the database need not look for it at each row.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="jobs", db_index=False, db_constraint=False
    )
    element = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    token = models.UUIDField()
    job_type = models.CharField(max_length=60)
    listener = models.CharField(max_length=60, blank=True, db_default="")
    generation = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=JobState)
    attempts = models.PositiveIntegerField(db_default=0)
    max_attempts = models.PositiveIntegerField()
    stalls = models.PositiveIntegerField(db_default=0)
    starts = models.PositiveSmallIntegerField(db_default=0)
    next_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, blank=True, db_default="")
    cause = models.TextField(blank=True, db_default="")
    request = models.JSONField(db_default=Value({}, models.JSONField()))
    answer = models.JSONField(db_default=Value({}, models.JSONField()))
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["instance", "created_at"], name="job_of_run")]

    def __str__(self) -> str:
        return f"{self.name} ({self.job_type})"
