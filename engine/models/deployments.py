"""Deployments: versions placed in the engine. Never changed or deleted (a trigger holds that)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from common.ids import new_id
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit


class Deployment(models.Model):
    """One version that runs can be started of. `authors` are the persons rule 1 excludes.

    `model_id` is what calls name it by, the id of the process in the model, and `tag` what the
    model calls this version; both are empty where an earlier release placed it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="deployments")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    xml = models.BinaryField()
    model_id = models.CharField(max_length=255, blank=True, db_default="")
    tag = models.CharField(max_length=255, blank=True, db_default="")
    authors = ArrayField(models.UUIDField(), default=list)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["process_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="deployed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.process.name} v{self.number}"


class DeploymentResource(models.Model):
    """A file that came with a version, such as its decisions. Never changed or deleted either."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="resources")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["deployment", "name"], name="resource_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.deployment}"
