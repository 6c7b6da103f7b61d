"""What can be undone in a run, and what is being undone."""

from __future__ import annotations

from django.db import models

from engine.models.instances import Instance


class Compensable(models.Model):
    """A visit that completed and can be undone; `order` is the number of the event that said so.

    `variables` are those of its scope as they were, as the text of their JSON.
    """

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="compensables"
    )
    element = models.CharField(max_length=255)
    scope_id = models.UUIDField()
    handler = models.CharField(max_length=255, blank=True)
    order = models.PositiveBigIntegerField()
    variables = models.TextField()

    def __str__(self) -> str:
        return f"{self.element} {self.order}"


class Compensation(models.Model):
    """Undoing, in the scope of the visit with this id, what completed in `of_scope_id`."""

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="compensations"
    )
    of_scope_id = models.UUIDField(null=True)
    element = models.CharField(max_length=255, blank=True)
    order = models.PositiveBigIntegerField()

    def __str__(self) -> str:
        return f"{self.element} {self.order}"
