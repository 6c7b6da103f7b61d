"""Attempts: what came of each call that did not go well, kept for whoever must find out why."""

from __future__ import annotations

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from engine.models.instances import Instance
from governance.models.units import Unit


class Ending(models.TextChoices):
    """How an attempt ended that did not bring a result."""

    TRANSIENT = "TRANSIENT", _("passes by itself")
    PERMANENT = "PERMANENT", _("stays wrong until somebody acts")
    ENVIRONMENTAL = "ENVIRONMENTAL", _("our own surroundings")
    BPMN_ERROR = "BPMN_ERROR", _("an error the model names")


class Attempt(models.Model):
    """One attempt of a job. Only the last ones of each job are kept.

    `job` is the id of the job's activity, `version` the number of the version the run is on,
    `took` milliseconds. `request` and `answer` have their secrets masked before they come here.
    """

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    instance = models.ForeignKey(
        Instance, on_delete=models.PROTECT, related_name="attempts", db_index=False
    )
    job = models.UUIDField()
    element = models.CharField(max_length=255)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    took = models.PositiveIntegerField()
    worker = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    trace_id = models.CharField(max_length=32)
    job_type = models.CharField(max_length=60)
    target = models.CharField(max_length=300, blank=True)
    ending = models.CharField(max_length=16, choices=Ending)
    code = models.CharField(max_length=60)
    diagnosis = models.TextField()
    request = models.JSONField(db_default=Value({}, models.JSONField()))
    answer = models.JSONField(db_default=Value({}, models.JSONField()))

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["instance", "at"], name="attempt_of_run"),
            models.Index(fields=["job", "at"], name="attempt_of_job"),
        ]

    def __str__(self) -> str:
        return f"{self.element}: {self.code}"
