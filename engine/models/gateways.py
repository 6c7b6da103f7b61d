"""Complex gateways that have fired and wait for their reset."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from engine.models.instances import Instance


class Activation(models.Model):
    """One complex gateway of one scope, and the flows whose tokens it has fired with."""

    pk = models.CompositePrimaryKey("scope_id", "element")
    scope_id = models.UUIDField()
    element = models.CharField(max_length=255)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="activations"
    )
    flows = ArrayField(models.CharField(max_length=255), default=list)

    def __str__(self) -> str:
        return f"{self.element} {self.flows}"
