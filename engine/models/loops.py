"""Loops and the rounds they make. Gone with the loop; the journal tells of them."""

from __future__ import annotations

from django.db import models

from engine.models.instances import Instance


class Loop(models.Model):
    """An activity that is done several times; its id is the visit's. `total` None: unknown."""

    id = models.UUIDField(primary_key=True)
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="loops"
    )
    element = models.CharField(max_length=255)
    total = models.PositiveIntegerField(null=True)
    started = models.PositiveIntegerField()
    ended = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.element} {self.ended}/{self.total}"


class LoopItem(models.Model):
    """What a round gets and what it gave, as the text of its JSON; None where there is neither.

    A row of its own, so that a round that ends writes the same among ten as among ten thousand.
    """

    pk = models.CompositePrimaryKey("loop_id", "number")
    loop_id = models.UUIDField()
    number = models.PositiveIntegerField()
    unit_id = models.UUIDField()
    instance = models.ForeignKey(
        Instance, on_delete=models.DO_NOTHING, db_constraint=False, related_name="loop_items"
    )
    item = models.TextField(null=True)  # noqa: DJ001  (None is: the loop has no collection)
    output = models.TextField(null=True)  # noqa: DJ001  (None is: nothing was given yet)

    def __str__(self) -> str:
        return f"{self.loop_id} {self.number}"
