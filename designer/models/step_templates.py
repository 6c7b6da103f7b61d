"""Step templates of a unit's catalogue. A version is never changed (a trigger holds that).

Those that come with the product are files (`designer.steps.shipped`). Of them a unit has a row
only where it retired one.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from common.ids import new_id
from governance.models.people import Person
from governance.models.units import Unit


class StepTemplate(models.Model):
    """An entry of the catalogue. `key` is the template's own id, `name` its last version's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    retired_because = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], name="step_template_key_in_unit")
        ]

    def __str__(self) -> str:
        return _("“{name}”").format(name=self.name)


class StepTemplateVersion(models.Model):
    """One version as it was added; `content` is the JSON, `digest` the SHA-256 of its text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey(StepTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="step_template_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template.name} {self.number}"
