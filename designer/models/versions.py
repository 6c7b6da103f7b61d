"""Versions: what was approved, numbered, and never changed or deleted (a trigger holds that)."""

from __future__ import annotations

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext as _

from common.ids import new_id
from designer.models.resources import Manifest
from governance.models.boards import BoardMember
from governance.models.people import Person
from governance.models.processes import Process
from governance.models.units import Unit


class Version(models.Model):
    """An approved model. `digest` covers all it uses; `model_digest` its bytes alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(Process, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    xml = models.BinaryField()
    resources: models.JSONField[Manifest, Manifest] = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField())
    )
    model_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    authors = ArrayField(models.UUIDField())
    review = models.OneToOneField(
        "designer.Review", on_delete=models.PROTECT, related_name="published"
    )
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["process", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="version_number_once")
        ]

    def __str__(self) -> str:
        return _("{process}, version {number}").format(
            process=self.process.name, number=self.number
        )

    def relations(self, person_id: UUID) -> frozenset[str]:
        """Call the members of a board that judged it, or judges what follows it, members."""
        on_board = BoardMember.objects.filter(person_id=person_id).filter(
            models.Q(board__reviews__pk=self.review_id) | models.Q(board__reviews__base=self)
        )
        return frozenset({"member"}) if on_board.exists() else frozenset()
