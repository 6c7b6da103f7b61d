"""Receipts: which requests were carried out, by the key their sender gave them."""

from __future__ import annotations

from django.db import models

from common.ids import new_id


class Receipt(models.Model):
    """One request with an Idempotency-Key, and what came of it.

    It is inserted before the work, in the same transaction: of two senders of one key the second
    waits, and then finds the result of the first.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit_id = models.UUIDField()
    act = models.CharField(max_length=60)
    sender = models.UUIDField()
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    result_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "act", "sender", "key"], name="request_carried_out_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.key}"
