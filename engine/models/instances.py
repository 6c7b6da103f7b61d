"""Instances (runs) and what is alive in them. Written by `engine.projections` alone.

Scopes, tokens and variables are rows, so that a step touches what it moves and not the whole run.
They have no foreign keys to the instance in the database: they are written under its lock, many at
a time, and a check per row would be most of the cost.
"""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.ids import new_id
from engine.models.deployments import Deployment
from governance.models.people import Account, Person
from governance.models.processes import Process
from governance.models.units import Unit


class RunState(models.TextChoices):
    """Where a run stands, as people are told."""

    RUNNING = "RUNNING", _("Running")
    WAITING = "WAITING", _("Waiting")
    FAILED = "FAILED", _("Needs help")
    PAUSED = "PAUSED", _("Paused")
    COMPLETED = "COMPLETED", _("Completed")
    CANCELLED = "CANCELLED", _("Cancelled")


ENDED = (RunState.COMPLETED, RunState.CANCELLED)


class Instance(models.Model):
    """One run of a deployment, to which it is pinned.

    `status`, `seq` and `transitions` are the machine's; `state` is what follows from the tokens,
    for lists and filters. `head_hash` is the hash of the newest row of its journal. `number` comes
    from a sequence, so numbers have gaps and no start waits for another. A called run has the run
    that called it as its `parent`, whose visit `parent_activity` waits for it; `depth` counts the
    calls around it. `schema` is that of all rows of the run, as the newest advance wrote them:
    workers of an older release leave it to others.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    process = models.ForeignKey(
        Process, on_delete=models.PROTECT, related_name="instances", db_index=False
    )
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="instances")
    number = models.PositiveBigIntegerField()
    title = models.CharField(max_length=200)
    business_key = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=RunState)
    seq = models.PositiveBigIntegerField()
    transitions = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=64)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    started_by_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField()
    parent = models.ForeignKey(
        "self",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="children",
    )
    parent_activity = models.UUIDField(null=True)
    depth = models.PositiveSmallIntegerField(db_default=0)
    schema = models.PositiveSmallIntegerField(db_default=1)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="run_number_in_unit"),
        ]
        indexes = [
            models.Index(fields=["unit", "-started_at", "-id"], name="run_newest"),
            models.Index(fields=["unit", "state", "-started_at"], name="run_by_state"),
            models.Index(fields=["process", "-started_at"], name="run_by_process"),
            models.Index(
                fields=["unit"], name="run_alive", condition=models.Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    @property
    def key(self) -> str:
        """Return the number as people say it."""
        return f"RUN-{self.number}"

    @property
    def topic(self) -> str:
        """Return where its frames are published."""
        return f"run.{self.pk}"

    def excludes(self, person_id: UUID | None) -> str:
        """Return why rule 1 keeps a person from deciding in this run; "" if it does not."""
        if person_id == self.started_by_id:
            return str(_("they started this run"))
        if person_id in self.deployment.authors:
            return str(_("they wrote the version it runs on"))
        return ""


class Scope(models.Model):
    """A place for variables; the root has the instance's id. `live` counts its tokens.

    `owner_id` is the token in whose visit it was opened: from it the line outwards is read.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="scopes"
    )
    parent_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    element = models.CharField(max_length=255)
    live = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.element} {self.pk}"


class Token(models.Model):
    """Control, standing at a sequence flow or flow node. A consumed token has no row."""

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="tokens",
    )
    at = models.CharField(max_length=255)
    scope_id = models.UUIDField()
    status = models.CharField(max_length=16)
    activity = models.UUIDField(null=True)
    since = models.PositiveBigIntegerField()
    resumes = models.CharField(max_length=16, null=True)  # noqa: DJ001  (None is the machine's own)
    item = models.PositiveIntegerField(db_default=0)
    listened = models.CharField(max_length=60, blank=True, db_default="")

    class Meta:
        indexes = [models.Index(fields=["instance", "scope_id"], name="token_of_scope")]

    def __str__(self) -> str:
        return f"{self.at} {self.status}"


class Variable(models.Model):
    """One variable of one scope, as the text of its JSON: a database's numbers are not JSON's.

    Of a large value it is what refers to it (`engine.large`).
    """

    pk = models.CompositePrimaryKey("scope_id", "name")
    scope_id = models.UUIDField()
    name = models.CharField(max_length=255)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="variables"
    )
    value = models.TextField()

    def __str__(self) -> str:
        return self.name
