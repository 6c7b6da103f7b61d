"""Drafts: the editable models, kept byte for byte, and every state they were saved in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from common.ids import new_id
from designer.models.resources import Manifest
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit


class Stage(models.TextChoices):
    """Where a draft stands."""

    OPEN = "OPEN", _("Draft")
    IN_REVIEW = "IN_REVIEW", _("In review")
    PUBLISHED = "PUBLISHED", _("Published")


class Draft(models.Model):
    """A model under work. `revision` counts its saves; an edit names the one it began from.

    `resources` are the files that travel with it, name to digest.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="drafts")
    based_on = models.ForeignKey(
        "designer.Version", on_delete=models.PROTECT, null=True, related_name="drafts"
    )
    # As it was uploaded or saved: never parsed and written again on the way.
    xml = models.BinaryField()
    digest = models.CharField(max_length=64)
    resources: models.JSONField[Manifest, Manifest] = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField())
    )
    # What it was imported from, and what was assumed of it; see `designer.importing`.
    origin: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField())
    )
    revision = models.PositiveIntegerField(default=1)
    stage = models.CharField(max_length=16, choices=Stage, default=Stage.OPEN)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["process", "-saved_at"], name="draft_by_process")]

    def __str__(self) -> str:
        return self.process.name

    @property
    def topic(self) -> str:
        """Return where its frames are published."""
        return f"draft.{self.pk}"

    def relations(self, person_id: UUID) -> frozenset[str]:
        """Call everyone who ever saved it an author."""
        written = self.authors.filter(person_id=person_id).exists()
        return frozenset({"author"}) if written else frozenset()


class DraftAuthor(models.Model):
    """A person who saved a draft at least once; rule 1 counts them for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="authors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "person"], name="draft_author_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} of {self.draft}"


class DraftState(models.Model):
    """What a draft held after one save, or what an edit held that met another; kept for 30 days.

    The latter is set aside: its revision is the one that the edit began from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="states")
    revision = models.PositiveIntegerField()
    is_aside = models.BooleanField(default=False, db_default=False)
    xml = models.BinaryField()
    digest = models.CharField(max_length=64)
    resources: models.JSONField[Manifest, Manifest] = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField())
    )
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "revision"],
                condition=models.Q(is_aside=False),
                name="draft_revision_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.revision}"
