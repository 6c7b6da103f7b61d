"""Failed sign-ins of late: what the throttle counts. Not evidence, and soon forgotten."""

from __future__ import annotations

from django.db import models

from common.ids import new_id


class FailedSignIn(models.Model):
    """One failure, under one of the things it is counted by; `key` is their digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="failed_sign_in_by_key")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at}"
