"""Files that travel with a model, such as its decisions: kept once per unit, found by digest.

Drafts, reviews and versions hold a manifest of them: name to digest. What is judged, published and
run are therefore the same bytes, and nobody can put others under their name (a trigger holds that).
"""

from __future__ import annotations

from typing import TypeAlias

from django.db import models

from common.ids import new_id
from governance.models.people import Person
from governance.models.units import Unit

Manifest: TypeAlias = dict[str, str]
"""Names of files to the SHA-256 of what they hold."""


class Resource(models.Model):
    """One file. `stored_by` wrote it first, as far as this unit knows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80)
    content = models.BinaryField()
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["stored_at"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "digest"], name="resource_once_in_unit")
        ]

    def __str__(self) -> str:
        return self.digest
