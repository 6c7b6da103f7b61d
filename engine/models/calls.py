"""Call activities that wait for another run. A call that was answered has no row."""

from __future__ import annotations

from django.db import models

from engine.models.instances import Instance


class Call(models.Model):
    """A visit of a call activity, and the run it waits for (`child_id`)."""

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="calls"
    )
    element = models.CharField(max_length=255)
    token = models.UUIDField()
    child_id = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.element} {self.child_id}"
